import dataclasses
import itertools
import warnings

import keras
import numpy as np
import pytest

from keras_gans import metrics
from keras_gans.data import Images, ImageSource


def pictures(num, seed=0, shape=(8, 8, 1)):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (num, *shape)).astype("uint8")


@pytest.fixture(scope="module")
def network():
    """The mean of each quarter of an image; the largest is its class."""
    layers = [
        keras.Input((8, 8, 1)),
        keras.layers.AveragePooling2D(4),
        keras.layers.Flatten(),
    ]
    model = keras.Sequential(layers, name="quarters")
    return metrics.FeatureExtractor(model, head=lambda x: 50.0 * x)


@pytest.fixture(scope="module")
def headless(network):
    return metrics.FeatureExtractor(network.model)


@pytest.fixture(scope="module")
def sides():
    return pictures(40), pictures(30, seed=1) // 2


ALL = [*metrics.METRICS, "conditional_accuracy"]


def without_labels(records):
    return [dataclasses.replace(record, labels=None) for record in records]


def test_every_name_is_as_its_own_function(network, sides):
    real, fake = (metrics.compute_features(x, network) for x in sides)
    labels = np.arange(30) % 4
    expected = {
        name: metrics.METRICS[name](real, fake) for name in metrics.METRICS
    }
    accuracy = metrics.conditional_accuracy(labels, fake)
    expected["conditional_accuracy"] = [accuracy]
    found = metrics.evaluate(*sides, ALL, network, labels)
    assert without_labels(found) == list(
        itertools.chain.from_iterable(expected.values())
    )
    assert {record.labels for record in found} == {"in turn"}
    again = metrics.evaluate(real, fake, ALL, labels=labels)
    assert again == found
    (kid,) = (record for record in found if record.metric == "kid")
    assert kid.details["subset_size"] == 15  # half of the smaller side


def test_fid_alone_keeps_no_features(network, sides):
    (record,) = metrics.evaluate(*sides, feature_network=network)
    expected = metrics.fid(*sides, network)
    assert record == expected
    # Mean and covariance of batches are merged, features of sets are not.
    (small,) = metrics.evaluate(*sides, ["FID "], network, batch_size=7)
    assert small.value == pytest.approx(expected.value, rel=1e-6)


def test_samples_are_chosen_with_their_labels(network, sides):
    real, fake = sides
    labels = np.arange(30) // 8
    found = metrics.evaluate(
        real, fake, ALL, network, labels, num_samples=20, seed=3
    )
    rows = np.sort(np.random.default_rng(3).choice(30, 20, replace=False))
    by_name = {record.metric: record for record in found}
    assert by_name["fid"] == dataclasses.replace(
        metrics.fid(real, fake, network, num_samples=20, seed=3),
        labels="given",
    )
    accuracy = by_name["conditional_accuracy"]
    expected = metrics.conditional_accuracy(labels[rows], fake[rows], network)
    assert accuracy.value == expected.value
    assert accuracy.details == expected.details


class Asked(ImageSource):
    """A generator that returns a real image of each class it is asked for."""

    name, split, seed = "asked", "generated", 7

    def __init__(self, images, classes, labels):
        self.image_shape = images.shape[1:]
        self.labels = labels
        own = {c: iter(np.flatnonzero(classes == c)) for c in set(labels)}
        rows = [next(own[label]) for label in labels]
        self.images = images[rows]

    def __len__(self):
        return len(self.labels)

    def read(self, rows):
        return self.images[rows]


@pytest.fixture(scope="module")
def uneven():
    """Three classes that look different, as 12 to 6 to 2."""
    classes = np.random.default_rng(0).permutation(
        np.repeat([0, 1, 2], [120, 60, 20])
    )
    images = pictures(200, seed=2) // 4
    images += (60 * classes).astype("uint8")[:, None, None, None]
    return images, classes


@pytest.mark.parametrize("num", [200, 100])
def test_a_generator_of_real_images_scores_0(network, uneven, num):
    images, classes = uneven
    real = Images(images, classes)
    labels = metrics.labels_like(classes, num, seed=1)
    fake = Asked(images, classes, labels)
    (record,) = metrics.evaluate(real, fake, ["fid"], network)
    assert record.labels == "as the reference set"
    assert record.seed == 7
    in_turn = Asked(images, classes, np.arange(60) % 3)
    (worse,) = metrics.evaluate(real, in_turn, ["fid"], network)
    assert worse.labels == "in turn"
    assert worse.value > 0.05
    assert record.value < (1e-9 if num == 200 else 0.01 * worse.value)


def test_labels_of_a_source_are_those_asked_for(network, uneven):
    images, classes = uneven
    fake = Asked(images, classes, np.arange(60) % 3)
    (record,) = metrics.evaluate(None, fake, ["conditional_accuracy"], network)
    expected = metrics.conditional_accuracy(fake.labels, fake[:], network)
    assert record.value == expected.value
    assert record.labels == "in turn"
    (score,) = metrics.evaluate(None, fake, ["is"], network)
    assert (score.num_real, score.real) == (0, None)


def test_the_network_is_that_of_the_features():
    clothes = pictures(130, shape=(28, 28, 1))
    real = metrics.feature_statistics(clothes, "mnist_classifier")
    (record,) = metrics.evaluate(real, clothes // 2)
    assert record.feature_network == "mnist_classifier"
    assert record == metrics.fid(real, clothes // 2)


def test_progress_and_records_come_at_once(network, sides):
    done, features, records = [], [], []
    found = metrics.evaluate(
        *sides,
        ["fid", "prdc"],
        network,
        batch_size=25,
        progress=done.append,
        on_features=lambda *both: features.append((len(records), *both)),
        on_record=records.append,
    )
    assert done == [25, 40, 65, 70]
    assert records == found
    ((before, real, fake),) = features
    assert (before, len(real), len(fake)) == (0, 40, 30)


def test_a_record_is_kept_before_a_later_metric_fails(network, sides):
    records = []
    with pytest.raises(ValueError, match="from 0 to 7"):
        metrics.evaluate(
            *sides,
            ["fid", "conditional_accuracy"],
            network,
            np.arange(30) % 8,  # The network knows 4 classes.
            on_record=records.append,
        )
    assert [record.metric for record in records] == ["fid"]


class Unreadable:
    """Images at which nobody may look."""

    image_shape = (8, 8, 1)
    name = "unreadable"

    def __len__(self):
        return 40

    def __getitem__(self, rows):
        raise AssertionError("Features are computed.")


@pytest.mark.parametrize(
    ("names", "options", "message"),
    [
        (["fidd"], {}, r"nearest are \['fid'.*Received: 'fidd'"),
        (["fid", ""], {}, "Received: ''"),
        (["fid", "is"], {}, "with a classifier.*Received: 'quarters'"),
        (["conditional_accuracy"], {}, "with a classifier"),
        (["kid"], {"real": "statistics"}, "Received: statistics of None"),
        (["kid", "fid"], {"fake": "statistics"}, "as `fake` for kid, fid"),
        (["fid_infinity"], {"fake": "statistics"}, "as `fake` for fid_inf"),
        (["fid"], {"real": None}, "`real` must hold images for fid"),
    ],
)
def test_what_is_refused_before_any_features(
    headless, sides, names, options, message
):
    both = {"real": Unreadable(), "fake": Unreadable(), **options}
    for side, value in both.items():
        if value == "statistics":
            both[side] = metrics.feature_statistics(sides[0], headless)
    with pytest.raises(ValueError, match=message):
        metrics.evaluate(**both, names=names, feature_network=headless)


def test_missing_labels_are_refused_before_any_features(network):
    with pytest.raises(ValueError, match="Received: unreadable without lab"):
        metrics.evaluate(
            Unreadable(), Unreadable(), ["fid", "conditional_accuracy"], network
        )


def test_statistics_are_enough_on_the_real_side(network, sides):
    real, fake = sides
    statistics = metrics.feature_statistics(real, network)
    names = ["fid", "fid_infinity", "is"]
    found = metrics.evaluate(statistics, fake, names, network)
    expected = metrics.evaluate(real, fake, names, network)
    for one, other in zip(found, expected, strict=True):
        assert one.value == pytest.approx(other.value, rel=1e-6)


def test_swapped_sides_are_noticed(network, uneven):
    images, classes = uneven
    made = Asked(images, classes, np.arange(60) % 3)
    with pytest.warns(UserWarning, match=r"\(asked\).*swapped"):
        metrics.evaluate(made, images, ["fid"], network)
    features = metrics.compute_features(made, network)
    with pytest.warns(UserWarning, match=r"\(asked\).*swapped"):
        metrics.evaluate(features, images, ["fid"], network)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        metrics.evaluate(images, features, ["fid"], network)


def test_grey_images_on_a_network_of_three_channels(tmp_path):
    layers = [keras.Input((8, 8, 3)), keras.layers.AveragePooling2D(4)]
    colour = keras.Sequential([*layers, keras.layers.Flatten()], name="colour")
    grey, other = pictures(40), pictures(30, seed=1)
    records = [
        metrics.evaluate(grey, other, ["fid", "kid"], colour),
        metrics.evaluate(
            metrics.feature_statistics(grey, colour), other, ["fid"], colour
        ),
        metrics.evaluate(
            grey, other.repeat(3, axis=-1), ["fid", "kid"], colour
        ),
    ]
    streaming = metrics.FID(colour)
    streaming.update_state(grey, other)
    records.append([streaming.record()])
    as_colour = metrics.evaluate(
        grey.repeat(3, axis=-1),
        other.repeat(3, axis=-1),
        ["fid", "kid"],
        colour,
    )
    for some in records:
        for record, expected in zip(some, as_colour, strict=False):
            assert record.channels == "grey repeated"
            assert record.value == pytest.approx(expected.value, rel=1e-6)
    assert as_colour[0].channels is None
    statistics = metrics.feature_statistics(grey, colour)
    metrics.save_statistics(statistics, tmp_path / "grey.npz")
    read = metrics.load_statistics(tmp_path / "grey.npz")
    assert read.origin.channels == "grey repeated"
    with pytest.raises(ValueError, match=r"\(8, 8, 3\).*Received: \(8, 8, 2"):
        metrics.evaluate(pictures(9, shape=(8, 8, 2)), other, ["fid"], colour)
