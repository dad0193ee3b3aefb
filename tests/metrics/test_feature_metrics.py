"""What all metrics of features have in common."""

import dataclasses
import json
import warnings

import keras
import numpy as np
import pytest

from keras_gans import metrics


def pictures(num, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (num, 8, 8, 1)).astype("uint8")


def quarters(name="quarters"):
    """The mean of each quarter of an image; the largest is its class."""
    layers = [
        keras.Input((8, 8, 1)),
        keras.layers.AveragePooling2D(4),
        keras.layers.Flatten(),
    ]
    model = keras.Sequential(layers, name=name)
    return metrics.FeatureExtractor(model, head=lambda x: 50.0 * x)


CASES = {
    "fid": (metrics.FID, metrics.fid, {}),
    "kid": (metrics.KID, metrics.kid, {"subsets": 3, "subset_size": 20}),
    "kid_of_all": (metrics.KID, metrics.kid, {"subsets": None}),
    "is": (metrics.InceptionScore, metrics.inception_score, {"splits": 2}),
    "precision_recall": (
        metrics.PrecisionRecall,
        metrics.precision_recall,
        {"k": 2},
    ),
    "density_coverage": (
        metrics.DensityCoverage,
        metrics.density_coverage,
        {"k": 4},
    ),
    "fid_infinity": (metrics.FIDInfinity, metrics.fid_infinity, {"points": 3}),
    "memorisation": (
        metrics.Memorisation,
        metrics.memorisation,
        {"quantile": 0.2},
    ),
}
NEEDS_FEATURES = sorted(set(CASES) - {"fid", "is", "fid_infinity"})


@pytest.fixture(scope="module")
def network():
    return quarters()


@pytest.fixture(scope="module")
def sides():
    return pictures(40), pictures(30, seed=1) // 2


def records_of(name, real, fake, *arguments):
    _, function, options = CASES[name]
    images = [fake] if name == "is" else [real, fake]
    records = function(*images, *arguments, **options)
    return records if isinstance(records, list) else [records]


@pytest.mark.parametrize("name", CASES)
def test_streams_merges_and_forgets(name, network, sides):
    real, fake = sides
    expected = records_of(name, real, fake, network)
    kind, _, options = CASES[name]
    whole, first, second, merged = (kind(network, **options) for _ in range(4))
    batches = [
        (real[:25], keras.ops.convert_to_tensor(fake[:3])),
        (real[25:26], fake[3:4]),
        (real[26:], None),
        (None, fake[4:]),
    ]
    for i, batch in enumerate(batches):
        whole.update_state(*batch)
        (first if i < 2 else second).update_state(*batch)
    for _ in range(2):
        merged.merge_state([first, second])
        records = zip(merged.records(), whole.records(), expected, strict=True)
        for found, seen, record in records:
            # Float32 features of other batches differ in the last digit.
            assert found.value == pytest.approx(seen.value, rel=1e-12)
            assert found.value == pytest.approx(record.value, rel=1e-6)
            assert found.details == pytest.approx(record.details, rel=1e-6)
            assert (found.num_real, found.num_fake) == (
                0 if name == "is" else 40,
                30,
            )
        merged.reset_state()
    result = whole.result()
    if isinstance(result, dict):
        assert result == {r.metric: r.value for r in whole.records()}
    else:
        assert result == whole.record().value


@pytest.mark.parametrize("name", sorted(set(CASES) - {"is"}))
def test_a_reference_set_stays(name, network, sides):
    real, fake = sides
    kind, _, options = CASES[name]
    reference = metrics.compute_features(real, network)
    metric = kind(network, real=reference, **options)
    metric.update_state(None, fake)
    metric.reset_state()
    metric.update_state(None, fake)
    for record in metric.records():
        assert record.real_checksum == reference.origin.images_checksum
    with pytest.raises(ValueError, match="Received: 3 real images"):
        metric.update_state(real[:3], fake)
    with pytest.raises(ValueError, match="Received: statistics of 'other'"):
        other = metrics.compute_features(real, another_network())
        kind(network, real=other, **options)


def another_network():
    model = keras.Sequential(
        [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(4)],
        name="other",
    )
    return metrics.FeatureExtractor(model)


@pytest.mark.parametrize("name", CASES)
def test_config(name):
    kind, _, options = CASES[name]
    metric = kind(**options)
    assert metric.name.endswith("[fashion_mnist_classifier]")
    again = kind.from_config(json.loads(json.dumps(metric.get_config())))
    assert again.get_config() == metric.get_config()
    assert options.items() <= again.options.items()


@pytest.mark.parametrize("name", CASES)
def test_features_take_the_place_of_images(name, network, sides):
    real, fake = sides
    features = [metrics.compute_features(side, network) for side in sides]
    found = records_of(name, *features)
    expected = records_of(name, real, fake, network)
    for one, other in zip(found, expected, strict=True):
        assert one == other
        assert one.name.endswith("[quarters]")
    mixed = records_of(name, features[0], fake, network)
    assert [one.value for one in mixed] == [one.value for one in expected]


@pytest.mark.parametrize("name", CASES)
def test_bad_sides(name, network, sides):
    real, fake = sides

    def features(images, **changes):
        side = metrics.compute_features(images, network)
        return dataclasses.replace(side, **changes)

    with pytest.raises(ValueError, match=r"`fake` must hold.*Received: 1"):
        records_of(name, real, fake[:1], network)
    with pytest.raises(ValueError, match=r"`fake` must hold.*Received: 0"):
        records_of(name, real, fake[:0], network)
    broken = np.full((30, 4), np.nan, "float32")
    with pytest.raises(ValueError, match="of `fake` must be finite"):
        records_of(name, features(real), features(fake, features=broken))
    if name == "is":
        return
    other = metrics.compute_features(fake, another_network())
    with pytest.raises(ValueError, match="Received: statistics of 'other'"):
        records_of(name, features(real), other)
    wider = features(fake, features=np.zeros((30, 5), "float32"))
    with pytest.raises(ValueError, match="Received: 4 and 5"):
        records_of(name, features(real), wider)
    with pytest.warns(UserWarning, match="the very same images.*Received"):
        records_of(name, real, real, network)


@pytest.mark.parametrize("name", NEEDS_FEATURES)
def test_statistics_are_not_enough(name, network, sides):
    real = metrics.feature_statistics(sides[0], network)
    with pytest.raises(ValueError, match="Received: FeatureStatistics"):
        records_of(name, real, sides[1], network)


def test_statistics_are_enough_for_the_real_side_of_fid_infinity(
    network, sides
):
    real, fake = sides
    statistics = metrics.feature_statistics(real, network)
    (found,) = records_of("fid_infinity", statistics, fake, network)
    (expected,) = records_of("fid_infinity", real, fake, network)
    assert found.value == pytest.approx(expected.value, rel=1e-6)


def test_a_record_says_how_it_was_made(network, sides):
    class Source:
        image_shape = (8, 8, 1)
        name, split = "mine", "test"

        def __len__(self):
            return 40

        def __getitem__(self, indices):
            return sides[0][indices]

    record = metrics.kid(
        Source(), sides[1], network, subsets=5, subset_size=9, seed=3
    )
    assert (record.real, record.split, record.resize) == ("mine", "test", None)
    assert record.seed is None  # All images were used.
    details = record.details
    assert (details["subsets"], details["subset_size"]) == (5, 9)
    assert (details["subset_seed"], details["deviation"] > 0) == (3, True)
    chosen = metrics.kid(
        Source(), sides[1], network, 256, 20, 3, subsets=5, subset_size=9
    )
    assert (chosen.seed, chosen.num_real) == (3, 20)


def test_a_network_without_a_head_gives_no_inception_score(sides):
    with pytest.raises(ValueError, match="Received: 'other', which has none"):
        metrics.inception_score(sides[1], another_network())


def test_inception_score_of_even_classes(network):
    # Every quarter is white in as many images.
    images = np.zeros((40, 8, 8, 1), "uint8")
    for i in range(40):
        row, column = divmod(i % 4, 2)
        images[i, 4 * row : 4 * row + 4, 4 * column : 4 * column + 4] = 255
    record = metrics.inception_score(images, network, splits=1)
    assert record.value == pytest.approx(4.0, rel=1e-6)
    assert str(record) == "is[quarters] 4 ± 0 (40 images)"


def test_only_metrics_of_one_network_are_merged(network):
    with pytest.raises(ValueError, match=r"Received: kid\[quarters\] and kid"):
        metrics.KID(network).merge_state([metrics.KID(another_network())])


def test_few_images_for_a_line(network, sides):
    with pytest.warns(UserWarning, match="starts at 4 images for 4 features"):
        metrics.fid_infinity(*sides, network, smallest=4)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        metrics.fid_infinity(*sides, network, smallest=5)


def test_registry_of_names(network, sides):
    real, fake = (metrics.compute_features(x, network) for x in sides)
    names = {
        name: [record.metric for record in metrics.METRICS[name](real, fake)]
        for name in metrics.METRICS
    }
    assert names == {
        "fid": ["fid"],
        "kid": ["kid"],
        "is": ["is"],
        "precision_recall": ["precision", "recall"],
        "density_coverage": ["density", "coverage"],
        "prdc": ["precision", "recall", "density", "coverage"],
        "fid_infinity": ["fid_infinity"],
        "memorisation": ["memorisation"],
    }
    (kid,) = metrics.METRICS["kid"](real, fake)
    assert kid.details["subset_size"] == 15  # half of the smaller set
