import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans import metrics
from keras_gans.metrics.features.stream import choose
from keras_gans.pictures.grids import save_grid


@pytest.fixture(scope="module")
def network():
    layers = [keras.Input((4, 4, 3)), keras.layers.Flatten()]
    return keras.Sequential(layers, name="pixels")


def test_the_closest_pairs_stand_side_by_side(network, tmp_path):
    rng = np.random.default_rng(0)
    real = rng.integers(0, 256, (20, 4, 4, 3)).astype("uint8")
    fake = rng.integers(0, 256, (9, 4, 4, 3)).astype("uint8")
    fake[6] = real[11]
    fake[2] = np.clip(real[4].astype(int) + 2, 0, 255)
    features = [metrics.compute_features(x, network) for x in (real, fake)]
    pairs = metrics.nearest_pairs(real, fake / 127.5 - 1, *features, 3)
    assert pairs.shape == (3, 4, 8, 3)
    assert pairs.dtype == "uint8"
    np.testing.assert_array_equal(pairs[0, :, :4], fake[6])
    np.testing.assert_array_equal(pairs[0, :, 4:], real[11])
    np.testing.assert_array_equal(pairs[1, :, :4], fake[2])
    np.testing.assert_array_equal(pairs[1, :, 4:], real[4])
    save_grid(tmp_path / "pairs.png", pairs, columns=1, padding=2)
    with Image.open(tmp_path / "pairs.png") as picture:
        assert picture.size == (8 + 2 + 2, 3 * (4 + 2) + 2)
    assert len(metrics.nearest_pairs(real, fake, *features, 50)) == 9
    with pytest.raises(ValueError, match="Received: 20 features, 19 images"):
        metrics.nearest_pairs(real[1:], fake, *features)
    with pytest.raises(ValueError, match=r"\(4, 4, 3\) real and \(2, 4, 3\)"):
        metrics.nearest_pairs(real, fake[:, :2], *features)


def test_the_pairs_of_some_images(network):
    rng = np.random.default_rng(0)
    real = rng.integers(0, 256, (20, 4, 4, 3)).astype("uint8")
    some = metrics.compute_features(real, network, num_samples=8, seed=2)
    row = int(choose(20, 8, seed=2)[-1])
    assert row > 7  # It stands elsewhere among all.
    fake = real[[row, row]]
    of_fake = metrics.compute_features(fake, network)
    pairs = metrics.nearest_pairs(real, fake, some, of_fake)
    np.testing.assert_array_equal(pairs[0, :, 4:], fake[0])
