import hashlib
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from keras_gans.data import load
from keras_gans.data.formats.idx import load_idx

ASSETS = resources.files("keras_gans.data") / "assets"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "fashion_mnist"


def test_the_file_is_the_one_that_was_made():
    packed = (ASSETS / "fashion_mnist_10k.npz.xz").read_bytes()
    assert len(packed) < 4_500_000
    assert hashlib.sha256(packed).hexdigest() == (
        "c1462e3d57ea6ffdc6147471d00ed5bd7270b6b2384a6c36df115a599fd183c3"
    )


def test_its_licence_lies_beside_it():
    text = (ASSETS / "fashion_mnist_LICENSE.txt").read_text("utf-8")
    assert "MIT License" in text and "2017 Zalando SE" in text


def test_images_and_labels():
    source = load("fashion_mnist_10k")
    assert source.image_shape == (28, 28, 1)
    assert source.images.shape == (10_000, 28, 28, 1)
    assert source.images.dtype == "uint8"
    assert source.name == "fashion_mnist_10k"
    assert np.bincount(source.labels).tolist() == [
        *(942, 1027, 1016, 1019, 974, 989, 1021, 1022, 990, 1000)
    ]
    # The well-known start of the training labels.
    assert source.labels[:5].tolist() == [9, 0, 0, 3, 0]
    assert source.class_names[9] == "Ankle boot"
    # The mean of the whole training set is .2860, its deviation .3530.
    assert abs(source.images.mean() / 255 - 0.2860) < 0.002
    assert abs(source.images.std() / 255 - 0.3530) < 0.002


def test_it_is_the_first_10000_of_the_original():
    path = SHARED / "train-images-idx3-ubyte.gz"
    if not path.exists():
        pytest.skip("the original Fashion-MNIST is not here")
    original, ours = load_idx(path), load("fashion_mnist_10k")
    np.testing.assert_array_equal(original[:10_000], ours[:])
    np.testing.assert_array_equal(original.labels[:10_000], ours.labels)


def test_it_has_no_test_split():
    with pytest.raises(ValueError, match="Received: 'test'"):
        load("fashion_mnist_10k", split="test")
