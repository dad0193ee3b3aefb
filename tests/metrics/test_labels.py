import warnings

import keras
import numpy as np
import pytest

from keras_gans import metrics
from keras_gans.data import Images
from keras_gans.metrics.labels import how_drawn
from keras_gans.metrics.sets.sides import prepare
from keras_gans.modalities import ClassLabel, MultiLabel


class Conditional:
    """What `labels_for` looks at of a GAN."""

    def __init__(self, *arguments):
        self.takes = {"labels": ClassLabel(*arguments)}


def reference(labels, names=None):
    source = Images(np.zeros((len(labels), 4, 4, 1), "uint8"), labels)
    source.class_names = names
    return source


UNEVEN = np.repeat([0, 1, 2], [70, 25, 5])


@pytest.mark.parametrize(
    ("num", "counts"),
    [
        (100, [70, 25, 5]),
        (200, [140, 50, 10]),
        (20, [14, 5, 1]),
        (1, None),
        (37, None),
    ],
)
def test_every_class_has_its_share(num, counts):
    for seed in range(5):
        rng = np.random.default_rng(seed)
        drawn = metrics.labels_like(rng.permutation(UNEVEN), num, seed)
        assert (drawn.shape, drawn.dtype) == ((num,), UNEVEN.dtype)
        found = np.bincount(drawn, minlength=3)
        if counts:
            assert found.tolist() == counts
        assert (abs(found - num * np.array([0.7, 0.25, 0.05])) < 1).all()


def test_the_seed_decides_the_order_and_where_to_round():
    first = metrics.labels_like(UNEVEN, 37, seed=1)
    np.testing.assert_array_equal(first, metrics.labels_like(UNEVEN, 37, 1))
    others = [metrics.labels_like(UNEVEN, 37, seed) for seed in range(20)]
    assert len({tuple(drawn) for drawn in others}) == 20
    rare = [np.sum(drawn == 2) for drawn in others]  # 1.85 are its share
    assert set(rare) == {1, 2}
    assert not (np.sort(first) == first).all()


def test_rows_of_several_labels():
    rows = np.repeat([[0, 1], [1, 1]], [30, 10], axis=0)
    drawn = metrics.labels_like(rows, 8)
    assert drawn.shape == (8, 2)
    assert drawn[:, 0].sum() == 2


def test_no_labels_at_all():
    with pytest.raises(ValueError, match="Received: none"):
        metrics.labels_like(np.zeros(0, int), 5)


@pytest.mark.parametrize(
    ("gan", "real"),
    [
        (Conditional(3), reference(UNEVEN)),
        (Conditional(5), reference(UNEVEN)),  # a class has no real images
        (Conditional(3), reference(UNEVEN, ["a", "b", "c"])),
        (Conditional(3, ["a", "b", "c"]), reference(UNEVEN)),
        (Conditional(3, ["a", "b", "c"]), reference(UNEVEN, ["a", "b", "c"])),
    ],
)
def test_labels_for_a_gan(gan, real):
    drawn = metrics.labels_for(gan, real, 50, seed=2)
    np.testing.assert_array_equal(drawn, metrics.labels_like(UNEVEN, 50, 2))


@pytest.mark.parametrize(
    ("gan", "real"),
    [
        (object(), reference(UNEVEN)),
        (Conditional(3), np.zeros((9, 4, 4, 1), "uint8")),
        (Conditional(3), Images(np.zeros((9, 4, 4, 1), "uint8"))),
    ],
)
def test_where_there_are_no_labels(gan, real):
    assert metrics.labels_for(gan, real, 50) is None


@pytest.mark.parametrize(
    ("gan", "real"),
    [
        (Conditional(2), reference(UNEVEN)),
        (Conditional(4), reference(UNEVEN, ["a", "b", "c"])),
        (Conditional(3, ["a", "b", "c"]), reference(UNEVEN, ["a", "c", "b"])),
    ],
)
def test_other_classes_are_noticed(gan, real):
    with pytest.warns(UserWarning, match=r"other classes.*Received: Class"):
        assert metrics.labels_for(gan, real, 50) is None


@pytest.mark.parametrize(
    ("real", "fake", "expected"),
    [
        (UNEVEN, None, None),
        (UNEVEN, metrics.labels_like(UNEVEN, 37), "as the reference set"),
        (UNEVEN, UNEVEN[::-1], "as the reference set"),
        (UNEVEN, np.arange(60) % 3, "in turn"),
        (None, np.arange(61) % 3, "in turn"),
        (UNEVEN, np.zeros(9, int), "in turn"),  # of one class
        (UNEVEN, [2, 2, 0, 1], "given"),
        (None, UNEVEN, "given"),
    ],
)
def test_what_a_record_says(real, fake, expected):
    assert how_drawn(real, fake) == expected


@pytest.mark.parametrize(
    ("real", "fake", "is_said"),
    [
        (UNEVEN, np.arange(60) % 3, True),
        (np.repeat([0, 1, 2], 20), np.arange(60) % 3, False),
        (UNEVEN, UNEVEN[::-1], False),
        (None, np.arange(60) % 3, False),
        (UNEVEN, None, False),
    ],
)
def test_turns_beside_uneven_classes_are_said(real, fake, is_said):
    sides = [
        reference(labels) if labels is not None else reference(UNEVEN).images
        for labels in (real, fake)
    ]
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        prepare(dict(zip(("real", "fake"), sides, strict=True)), channels())
    found = [str(w.message) for w in said if "in turn" in str(w.message)]
    assert len(found) == is_said
    assert all("5.0% to 70.0%" in message for message in found)


def channels():
    """A network whose features are the pixels."""
    return keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten()])


def test_a_gan_of_several_labels_gets_rows_of_the_reference():
    told = Conditional(2)
    told.takes["labels"] = MultiLabel(2)

    class Real:
        labels = np.repeat([[0, 1], [1, 1]], [30, 10], axis=0)

    drawn = metrics.labels_for(told, Real(), 8)
    # Drawn one by one, the first label would be alone at times.
    assert sorted(map(tuple, drawn.tolist())) == [(0, 1)] * 6 + [(1, 1)] * 2
    Real.labels = np.zeros((40, 3))
    assert metrics.labels_for(told, Real(), 8) is None
    assert metrics.labels_for(told, reference(UNEVEN), 8) is None
    assert metrics.labels_for(told, np.zeros((4, 8, 8, 1)), 8) is None
