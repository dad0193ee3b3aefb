"""The feature network of colour images, as it ships."""

import numpy as np
import pytest
from real_images import SHARED, read_cifar10

from keras_gans import metrics
from keras_gans.metrics.features import colour_network


def pictures(num, shape, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (num, *shape)).astype("uint8")


def test_the_file_is_small():
    assert colour_network.weights_path().stat().st_size <= 2_000_000


def test_pictures_of_any_size_and_of_grey_are_taken():
    extractor = metrics.get_feature_extractor("colour_classifier")
    assert extractor.dimensions == 128
    for shape in ((32, 32, 3), (64, 48, 3), (28, 28, 1)):
        features = extractor(pictures(3, shape))
        assert features.shape == (3, 128)
        assert features.std(axis=0).min() >= 0 and features.std() > 0
    own = pictures(3, (32, 32, 1))
    np.testing.assert_allclose(
        extractor(own), extractor(np.repeat(own, 3, axis=-1)), rtol=1e-5
    )


def test_numbers_carry_its_name():
    real, fake = pictures(200, (32, 32, 3)), pictures(200, (32, 32, 3), 1)
    record = metrics.fid(real, fake, "colour_classifier")
    assert "fid[colour_classifier]" in str(record)
    assert record.feature_network_checksum == colour_network.SHA256


@pytest.mark.skipif(
    not (SHARED / "data").is_dir(), reason="needs ../shared/data"
)
def test_it_knows_the_classes_of_cifar10():
    with np.load(SHARED / "data" / "cifar10_lossless_3000.npz") as arrays:
        images, labels = arrays["x"][:1000], arrays["y"][:1000]
    extractor = metrics.get_feature_extractor("colour_classifier")
    found = extractor.head(extractor(images)).argmax(axis=-1)
    assert (found == labels.ravel()).mean() > 0.8


@pytest.mark.skipif(
    not (SHARED / "data").is_dir(), reason="needs ../shared/data"
)
def test_fid_grows_with_noise():
    images = np.stack(list(read_cifar10()))
    real, same = images[:600], images[600:1200]
    rng = np.random.default_rng(0)
    noise = rng.normal(size=same.shape)
    values = [
        metrics.fid(
            real,
            np.clip(same + scale * noise, 0, 255).astype("uint8"),
            "colour_classifier",
        ).value
        for scale in (0.0, 8.0, 32.0)
    ]
    assert values == sorted(values)
    assert values[0] * 3 < values[-1]
