import keras
import numpy as np
import pytest
from contract import rows_for, tiny
from feeds import Own

from keras_gans.data import Rows, unpaired
from keras_gans.engine.training.feed import Batches, order_of
from keras_gans.engine.training.opening import check_first_batch, open_rows
from keras_gans.modalities import ClassLabel, Image

IMAGES = np.arange(10, dtype="uint8").reshape(10, 1, 1, 1)
ROWS = Rows({"images": IMAGES})


def numbers(batches, name="images"):
    return [
        batches[i][0][name].ravel().tolist() for i in range(batches.num_batches)
    ]


def test_a_pass_shows_whole_batches_of_different_images():
    batches = Batches(ROWS, batch_size=4)
    assert batches.num_batches == 2
    seen = np.ravel(numbers(batches)).tolist()
    assert len(set(seen)) == 8
    assert seen != sorted(seen)


def test_order_follows_from_seed_and_step_alone():
    run = Batches(ROWS, batch_size=4, seed=3)
    run.start(step=0, num_batches=6)
    whole = numbers(run)
    assert whole[:2] != whole[2:4] != whole[4:]
    for step in range(6):
        resumed = Batches(ROWS, batch_size=4, seed=3)
        resumed.start(step, 6 - step)
        assert numbers(resumed) == whole[step:]
    other = Batches(ROWS, batch_size=4, seed=4)
    assert numbers(other) != whole[:2]


def test_orders_are_those_of_numpys_generator():
    """Or else a run that was begun by another version would go on wrongly."""
    for side, seeds in ((0, [3, 7]), (1, [3, 7, 1])):
        expected = np.random.default_rng(seeds).permutation(9)
        np.testing.assert_array_equal(order_of(7, 9, 3, side), expected)
    np.testing.assert_array_equal(order_of(7, 9, None, 1), np.arange(9))


def test_any_batch_can_be_asked_for_again():
    batches = Batches(ROWS, batch_size=4)
    batches.start(step=0, num_batches=4)
    forwards = numbers(batches)
    backwards = [batches[i][0]["images"].ravel().tolist() for i in (3, 2, 1, 0)]
    assert forwards == backwards[::-1]


def test_unshuffled_keeps_the_order():
    batches = Batches(ROWS, batch_size=5, shuffle=False)
    assert numbers(batches) == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]


def test_labels_stay_with_their_images():
    batches = Batches(
        Rows({"images": IMAGES, "labels": np.arange(10) * 7}), batch_size=5
    )
    for i in range(2):
        (rows,) = batches[i]
        np.testing.assert_array_equal(
            rows["images"].ravel() * 7, rows["labels"]
        )


def test_an_epoch_may_be_longer_than_a_pass():
    batches = Batches(ROWS, batch_size=5, steps_per_epoch=3)
    one, two, three = numbers(batches)
    assert sorted(one + two) == list(range(10))
    assert len(three) == 5


def test_what_cannot_be_batched_is_refused():
    with pytest.raises(ValueError, match="Received: batch_size=11, 10 rows"):
        Batches(ROWS, batch_size=11)


@pytest.mark.parametrize("count", [2, 5])
def test_hosts_share_each_batch(count):
    """By element: their shares are one host's batches, in order."""
    whole = Batches(ROWS, batch_size=10, seed=3)
    whole.start(step=0, num_batches=2)
    shares = []
    for index in range(count):
        batches = Batches(ROWS, batch_size=10, seed=3)
        batches.share = (index, count)
        batches.start(step=0, num_batches=2)
        shares.append(numbers(batches))
    for step, batch in enumerate(numbers(whole)):
        assert np.ravel([s[step] for s in shares]).tolist() == batch


class Part(Rows):
    """Half of the images, as of a host that holds but its own files."""

    def __init__(self, index):
        super().__init__({"images": IMAGES[5 * index : 5 * index + 5]})
        self.part = (index, 2)


def test_hosts_with_files_of_their_own():
    """By file: no image is seen twice in a pass; each pass is shuffled."""
    hosts = [Batches(Part(i), batch_size=4, seed=3) for i in range(2)]
    passes = []
    for nth in range(2):
        for batches in hosts:
            assert batches.steps_per_pass == 2
            batches.start(step=2 * nth, num_batches=2)
        seen = [np.ravel(numbers(batches)).tolist() for batches in hosts]
        assert len(np.unique(seen)) == 8
        assert max(seen[0]) < 5 <= min(seen[1])
        passes.append(seen)
    assert passes[0] != passes[1]


def test_sides_have_an_order_each():
    """Unpaired: the shorter side starts anew while the longer goes on."""
    small = IMAGES[:4] + 100
    both = unpaired(IMAGES, small)
    batches = Batches(both, batch_size=2, seed=3)
    assert batches.num_batches == 5
    batches.start(0, 10)
    a = np.reshape(numbers(batches, "images_a"), (2, 10))
    b = np.reshape(numbers(batches, "images_b"), (5, 4))
    for one_pass in a:
        assert sorted(one_pass) == list(range(10))
    for one_pass in b:
        assert sorted(one_pass) == [100, 101, 102, 103]
    assert len({tuple(one_pass) for one_pass in b}) > 1
    alone = Batches(ROWS, batch_size=2, seed=3)
    assert np.ravel(numbers(alone)).tolist() == a[0].tolist()


LABELS = np.arange(10) % 3
LEARNS = {"images": Image(1, 1, 1), "labels": ClassLabel(3)}


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (IMAGES, np.arange(10) % 3),
        ({"images": IMAGES, "labels": np.arange(10) % 3}, None),
        (Rows({"images": IMAGES, "labels": np.arange(10) % 3}), None),
        (ROWS, np.arange(10)[:, None] % 3),
        ((IMAGES, LABELS), None),
        (
            Rows({"images": IMAGES, "labels": np.zeros(10, int)}),
            np.arange(10) % 3,
        ),
    ],
)
def test_rows_come_in_many_forms(x, y):
    rows = open_rows(x, y, LEARNS, "A GAN").rows(np.array([4, 2]))
    assert rows["images"].ravel().tolist() == [4, 2]
    assert rows["labels"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (IMAGES, None, "Received: no 'labels' among \\['images'\\]"),
        ({"labels": np.arange(10) % 3}, None, "Received: no 'images'"),
        (IMAGES, np.arange(10), "Received: labels from 0 to 9"),
        (ROWS, np.arange(10), "Received: labels from 0 to 9"),
        (ROWS, np.arange(9) % 3, "9 values"),
        (IMAGES[:, :, :, [0, 0]], np.arange(10) % 3, "Received: .1, 1, 2."),
        (Rows({"images": IMAGES[:, [0, 0]]}), np.arange(10) % 3, "2x1x1"),
        (Rows({"images": IMAGES, "labels": np.arange(10)}), None, "Received"),
        ((IMAGES, LABELS, LABELS), None, "Received: a tuple of 3"),
    ],
)
def test_rows_that_do_not_fit_are_refused(x, y, message):
    with pytest.raises(ValueError, match=message):
        open_rows(x, y, LEARNS, "A GAN")


class Cut(Rows):
    """Images that are cut anew in each pass: here, 100 more."""

    def in_pass(self, number):
        return Rows({"images": IMAGES + 100 * number})


def test_sides_are_asked_for_the_pass_that_a_step_lies_in():
    batches = Batches(Cut({"images": IMAGES}), batch_size=5)
    batches.start(step=1, num_batches=4)
    hundreds = [set(np.array(batch) // 100) for batch in numbers(batches)]
    assert hundreds == [{0}, {1}, {1}, {2}]


def test_a_first_batch_that_cannot_be_looked_at_is_left_where_it_is():
    feed = iter([IMAGES, IMAGES + 1])
    learns_from = {"images": Image(1, 1, 1)}
    assert check_first_batch(feed, learns_from, "GAN") == (feed, None)
    assert next(feed)[0] == 0
    checked = Batches(ROWS, batch_size=5)
    checked.is_checked = True
    assert check_first_batch(checked, learns_from, "GAN") == (checked, None)
    assert check_first_batch([IMAGES], learns_from, "GAN")[1] == 10


class Spoilt(keras.utils.PyDataset):
    """Two batches, the first of them of another shape."""

    def __init__(self):
        super().__init__()

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return IMAGES if index else IMAGES.reshape(5, 2, 1, 1)


def test_the_first_batch_is_looked_at_and_no_other():
    with pytest.raises(ValueError, match=r"Received: \(2, 1, 1\)"):
        check_first_batch(Spoilt(), {"images": Image(1, 1, 1)}, "GAN")


def test_weights_of_samples_are_refused_and_labels_may_be_left():
    images = {"images": Image(1, 1, 1)}
    batch = IMAGES, LABELS, np.ones(10)
    assert check_first_batch([batch[:2]], images, "GAN")[1] == 10
    assert open_rows(batch[:2], None, images, "GAN").modalities == images
    for learns_from in images, LEARNS:
        with pytest.raises(ValueError, match="weights of samples"):
            check_first_batch([batch], learns_from, "GAN")


def test_other_data_are_left_to_keras():
    assert open_rows(iter([]), None, LEARNS, "A GAN") is None


def test_fit_takes_the_batches_in_their_order():
    seen = []

    class Noted(Own):
        def rows(self, indices, names=None):
            seen.append(np.asarray(indices))
            return super().rows(indices, names)

    gan = tiny("GAN", run_eagerly=True)
    images = rows_for(gan, 96)["images"]
    gan.fit(Noted(images), batch_size=8, epochs=2, verbose=0)
    # Keras may look at some for their shapes, at first.
    trained_on = [rows for rows in seen if len(rows) == 8][-24:]
    seed = int(gan.shuffle_seed.numpy())
    wanted = [
        order_of(nth_pass, 96, seed).reshape(-1, 8) for nth_pass in (0, 1)
    ]
    np.testing.assert_array_equal(trained_on, np.concatenate(wanted))
