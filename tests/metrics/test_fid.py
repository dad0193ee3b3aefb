import json
import pathlib
import warnings

import keras
import numpy as np
import pytest

from keras_gans import metrics
from keras_gans.metrics.features import shipped_classifiers


def pictures(num, seed=0, shape=(8, 8, 1)):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (num, *shape)).astype("uint8")


@pytest.fixture(scope="module")
def network():
    """Features that can be told by hand: the mean of each half."""
    inputs = keras.Input((8, 8, 1))
    halves = keras.layers.AveragePooling2D((8, 4))(inputs)
    return keras.Model(inputs, keras.layers.Flatten()(halves), name="halves")


@pytest.fixture(scope="module")
def conv_network():
    initializer = keras.initializers.GlorotUniform(seed=0)
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(8, 3, kernel_initializer=initializer),
            keras.layers.GlobalMaxPooling2D(),
        ],
        name="conv",
    )


def test_value_by_hand(network):
    real, fake = pictures(40), pictures(30, seed=1) // 2

    def gaussian(images):
        halves = (images / 127.5 - 1.0).reshape(-1, 8, 2, 4).mean((1, 3))
        return halves.mean(0), np.cov(halves.T)

    expected = metrics.frechet_distance(*gaussian(real), *gaussian(fake))
    record = metrics.fid(real, fake, network)
    assert record.value == pytest.approx(expected, rel=1e-5)
    assert (record.num_real, record.num_fake) == (40, 30)
    assert record.name == "fid[halves]"
    assert len(record.feature_network_checksum) == 64


def test_floats_are_rounded_to_uint8(network):
    images = pictures(40)
    below_half_a_level = 0.9 / 255 * np.sign(np.sin(np.arange(64)))
    floats = images / 127.5 - 1.0
    moved = floats + below_half_a_level.reshape(8, 8, 1)
    moved = np.clip(moved, -1, 1).astype("float32")
    assert np.abs(moved - floats).max() > 0.003
    with pytest.warns(UserWarning, match="the very same images"):
        assert metrics.fid(images, moved, network).value < 1e-9


def test_same_images_give_zero_and_noise_raises_it(network):
    images = pictures(200)
    rng = np.random.default_rng(0)
    values = []
    for deviation in (0.1, 30, 90):
        noisy = images + rng.normal(0, 1, (200, 1, 1, 1)) * deviation
        noisy = np.clip(noisy, 0, 255).astype("uint8")
        values.append(metrics.fid(images, noisy, network).value)
    assert values[0] < 1e-3
    assert values[0] < values[1] < values[2]


def test_metric_streams_merges_and_forgets(network):
    real, fake = pictures(40), pictures(30, seed=1) // 2
    expected = metrics.fid(real, fake, network).value
    metric = metrics.FID(network)
    assert metric.name == "fid[halves]"
    metric.update_state(real[:25], fake[:3])
    metric.update_state(real[25:26], keras.ops.convert_to_tensor(fake[3:4]))
    other = metrics.FID(network)
    other.update_state(real[26:], fake[4:])
    metric.merge_state([other])
    assert metric.result() == pytest.approx(expected, rel=1e-6)
    metric.reset_state()
    with pytest.raises(ValueError, match="`real` must hold at least 2"):
        metric.result()


def test_reference_set_is_done_once(network):
    real, fake = pictures(40), pictures(30, seed=1) // 2
    extractor = metrics.FeatureExtractor(network)
    reference = metrics.feature_statistics(real, extractor)
    expected = metrics.fid(real, fake, extractor)
    assert metrics.fid(reference, fake, extractor).value == expected.value
    metric = metrics.FID(extractor, real=reference)
    for _ in range(2):
        metric.update_state(None, fake)
        assert metric.record().real_checksum == expected.real_checksum
        assert metric.result() == expected.value
        metric.reset_state()
    with pytest.raises(ValueError, match="Received: 3 real images"):
        metric.update_state(real[:3], fake)


def test_statistics_of_another_network_are_refused(network, conv_network):
    reference = metrics.feature_statistics(pictures(9), conv_network)
    with pytest.raises(ValueError, match="Received: statistics of 'conv'"):
        metrics.fid(reference, pictures(9), network)
    with pytest.raises(ValueError, match="Received: statistics of 'conv'"):
        metrics.FID(network, real=reference)


def test_samples_are_chosen_by_the_seed(network):
    real, fake = pictures(60), pictures(60, seed=1)
    results = [
        metrics.fid(real, fake, network, num_samples=20, seed=seed)
        for seed in (0, 0, 1)
    ]
    assert results[0] == results[1]
    assert results[0].value != results[2].value
    assert (results[2].num_real, results[2].seed) == (20, 1)
    with pytest.raises(ValueError, match="num_samples=61, 60 images"):
        metrics.fid(real, fake, network, num_samples=61)


def test_record_is_one_line_of_json(network, tmp_path):
    record = metrics.fid(pictures(9), pictures(9, seed=1), network)
    for _ in range(2):
        record.append_to(tmp_path / "results.jsonl")
    lines = (tmp_path / "results.jsonl").read_text().splitlines()
    assert len(lines) == 2
    read = json.loads(lines[0])
    assert read["name"] == "fid[halves]"
    assert read["value"] == record.value == float(record)
    assert read["versions"]["keras"] == keras.__version__


def test_an_image_source_is_read_in_batches(network):
    class Source:
        image_shape = (8, 8, 1)
        name = "mine"
        largest = 0

        def __len__(self):
            return 50

        def __getitem__(self, indices):
            self.largest = max(self.largest, len(indices))
            return pictures(50)[indices]

    source = Source()
    record = metrics.fid(source, pictures(9), network, batch_size=16)
    expected = metrics.fid(pictures(50), pictures(9), network)
    assert record.value == pytest.approx(expected.value, rel=1e-6)
    assert record.real_checksum == expected.real_checksum
    assert (record.real, source.largest) == ("mine", 16)


def test_few_images_warn_in_plain_words(network):
    with pytest.warns(UserWarning, match="only 2 images.*too high.*20 or more"):
        record = metrics.fid(pictures(40), pictures(2, seed=1), network)
    assert record.details["expected_bias"] > 0
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        record = metrics.fid(pictures(40), pictures(3, seed=1), network)
    assert not record.details


def test_the_bias_is_what_two_halves_of_one_set_score():
    # 64 features of which 30 images say little.
    images = pictures(3000)
    pixels = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten()])
    real = metrics.feature_statistics(images[:1500], pixels)
    records = []
    for start in range(1500, 3000, 100):
        with pytest.warns(UserWarning, match="would score about"):
            some = images[start : start + 30]
            records.append(metrics.fid(real, some, pixels))
    mean = np.mean([record.value for record in records])
    assert records[0].details["expected_bias"] == pytest.approx(mean, rel=0.05)


def test_the_bias_against_statistics_of_an_unknown_number(network, tmp_path):
    real = metrics.feature_statistics(pictures(200), network)
    path = tmp_path / "theirs.npz"
    gaussian = real.gaussian
    np.savez(path, mu=gaussian.mean, sigma=gaussian.covariance)
    loaded = metrics.load_statistics(path, network)
    with pytest.warns(UserWarning, match="only 2 images.*would score about"):
        record = metrics.fid(loaded, pictures(2, seed=1), network)
    assert (record.num_real, record.num_fake) == (None, 2)
    assert "2 images against unknown" in str(record)
    # A mean of 2 is off by half of the variance, a covariance by more.
    assert record.details["expected_bias"] > gaussian.covariance.trace() / 2


@pytest.mark.parametrize(
    ("real", "message"),
    [
        (pictures(1), "`real` must hold at least 2 images. Received: 1"),
        (pictures(5)[..., 0], r"Received: shape \(5, 8, 8\)"),
        (np.full((5, 8, 8, 1), np.nan), "finite. Received"),
        (pictures(5) / 255.0, r"Received: float64 from 0"),
        (pictures(5).astype("int64"), "Received: int64"),
        (pictures(5, shape=(8, 9, 1)), r"Received: \(8, 9, 1\)"),
    ],
)
def test_bad_images(network, real, message):
    with pytest.raises(ValueError, match=message):
        metrics.fid(real, pictures(5), network)


def test_bad_networks():
    with pytest.raises(ValueError, match="Received: 'inception'"):
        metrics.FID("inception")
    maps = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.ReLU()])
    with pytest.raises(ValueError, match=r"Received: outputs.*8, 8, 1"):
        metrics.fid(pictures(5), pictures(5), maps)


NAME = shipped_classifiers.FASHION_MNIST
SHIPPED = metrics.load_shipped_classifier
REFERENCE = pathlib.Path(__file__).with_name("classifier_features.json")


def pattern():
    """Images that every machine draws alike."""
    pixel = np.arange(5 * 28 * 28, dtype="int64")
    pixels = (pixel * pixel // 7 + 31 * pixel) % 256
    return pixels.astype("uint8").reshape(5, 28, 28, 1)


def test_classifier_gives_the_same_features_on_every_backend():
    # The numbers were written by this file's `python -m` on TensorFlow.
    expected = np.array(json.loads(REFERENCE.read_text()))
    features = SHIPPED(NAME)(pattern())
    assert features.shape == (5, 128)
    assert expected.std() > 0.1
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-4)


def test_classifier_stays_float32_in_mixed_precision():
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        SHIPPED.cache_clear()
        features = SHIPPED(NAME)(pattern())
    finally:
        keras.config.set_dtype_policy(policy)
        SHIPPED.cache_clear()
    expected = np.array(json.loads(REFERENCE.read_text()))
    np.testing.assert_allclose(features, expected, rtol=1e-4, atol=1e-4)


def test_damaged_classifier_is_refused(tmp_path):
    weights = shipped_classifiers.weights_of(NAME)
    data = bytearray(weights.read_bytes())
    assert len(data) < 2_000_000
    data[len(data) // 2] ^= 1
    damaged = tmp_path / weights.name
    damaged.write_bytes(data)
    with pytest.raises(ValueError, match=r"SHA-256.*Received: [0-9a-f]{64}"):
        SHIPPED(NAME, damaged)


def test_metric_goes_through_its_config():
    metric = metrics.FID()
    assert metric.name == "fid[fashion_mnist_classifier]"
    again = metrics.FID.from_config(metric.get_config())
    assert again.extractor is metric.extractor


if __name__ == "__main__":
    REFERENCE.write_text(json.dumps(SHIPPED(NAME)(pattern()).round(6).tolist()))
