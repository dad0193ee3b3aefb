import numpy as np
import pytest

from keras_gans.engine.feed import Batches

IMAGES = np.arange(10, dtype="uint8").reshape(10, 1, 1, 1)


def numbers(batches):
    return [batches[i][0].ravel().tolist() for i in range(batches.num_batches)]


def test_a_pass_shows_whole_batches_of_different_images():
    batches = Batches(IMAGES, batch_size=4)
    assert batches.num_batches == 2
    seen = np.ravel(numbers(batches)).tolist()
    assert len(set(seen)) == 8
    assert seen != sorted(seen)


def test_order_follows_from_seed_and_step_alone():
    run = Batches(IMAGES, batch_size=4, seed=3)
    run.start(step=0, num_batches=6)
    whole = numbers(run)
    assert whole[:2] != whole[2:4] != whole[4:]
    for step in range(6):
        resumed = Batches(IMAGES, batch_size=4, seed=3)
        resumed.start(step, 6 - step)
        assert numbers(resumed) == whole[step:]
    other = Batches(IMAGES, batch_size=4, seed=4)
    assert numbers(other) != whole[:2]


def test_any_batch_can_be_asked_for_again():
    batches = Batches(IMAGES, batch_size=4)
    batches.start(step=0, num_batches=4)
    forwards = numbers(batches)
    backwards = [batches[i][0].ravel().tolist() for i in (3, 2, 1, 0)]
    assert forwards == backwards[::-1]


def test_unshuffled_keeps_the_order():
    batches = Batches(IMAGES, batch_size=5, shuffle=False)
    assert numbers(batches) == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]


def test_labels_stay_with_their_images():
    batches = Batches(IMAGES, labels=np.arange(10) * 7, batch_size=5)
    for i in range(2):
        images, labels = batches[i]
        np.testing.assert_array_equal(images.ravel() * 7, labels)


def test_an_epoch_may_be_longer_than_a_pass():
    batches = Batches(IMAGES, batch_size=5, steps_per_epoch=3)
    one, two, three = numbers(batches)
    assert sorted(one + two) == list(range(10))
    assert len(three) == 5


def test_what_cannot_be_batched_is_refused():
    with pytest.raises(ValueError, match="Received: batch_size=11, 10 images"):
        Batches(IMAGES, batch_size=11)
    with pytest.raises(ValueError, match="Received: 10 images and 9 labels"):
        Batches(IMAGES, labels=np.arange(9), batch_size=2)


@pytest.mark.parametrize("count", [2, 5])
def test_hosts_share_each_batch(count):
    """By element: their shares are one host's batches, in order."""
    whole = Batches(IMAGES, batch_size=10, seed=3)
    whole.start(step=0, num_batches=2)
    shares = []
    for index in range(count):
        batches = Batches(IMAGES, batch_size=10, seed=3)
        batches.share = (index, count)
        batches.start(step=0, num_batches=2)
        shares.append(numbers(batches))
    for step, batch in enumerate(numbers(whole)):
        assert np.ravel([s[step] for s in shares]).tolist() == batch


class Part:
    """Half of the images, as of a host that holds but its own files."""

    image_shape = (1, 1, 1)

    def __init__(self, index):
        self.part = (index, 2)
        self.images = IMAGES[5 * index : 5 * index + 5]

    def __len__(self):
        return 5

    def __getitem__(self, rows):
        return self.images[rows]


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
