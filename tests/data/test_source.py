"""Both ways out of a source, and the feed, give the same pixels."""

import os
import subprocess
import sys

import numpy as np
import pytest

from keras_gans.data import FolderImages, Images, augment
from keras_gans.engine.training.feed import Batches

tf = pytest.importorskip("tensorflow", reason="tf.data needs TensorFlow")


@pytest.fixture(params=["array", "float array", "folder", "cached", "flipped"])
def source(request, photos):
    noise = np.random.default_rng(1).integers(0, 256, (10, 8, 8, 3), "uint8")
    return {
        "array": lambda: Images(noise, np.arange(10)),
        "float array": lambda: Images((noise / 127.5 - 1).astype("float32")),
        "folder": lambda: FolderImages(photos, 8),
        "cached": lambda: FolderImages(photos, 8, cache=True),
        "flipped": lambda: flipped(Images(noise)),
    }[request.param]()


def flipped(images):
    pytest.importorskip("keras_cv", reason="augmentation needs keras-cv")
    return augment(images)


@pytest.mark.parametrize("seed", [None, 7])
def test_identical_pixels(source, seed):
    feed = Batches(source, batch_size=4, shuffle=seed is not None, seed=seed)
    feed.start(3 * feed.num_batches, feed.num_batches)
    streamed = list(source.to_tf_dataset(4, shuffle_seed=seed, epoch=3))
    assert len(streamed) == feed.num_batches == len(source) // 4
    for i, batch in enumerate(streamed):
        assert batch.dtype == source[:1].dtype
        np.testing.assert_array_equal(batch, feed[i][0]["images"])


def test_each_iteration_is_the_next_epoch(photos):
    source = FolderImages(photos, 8)
    dataset = source.to_tf_dataset(6, shuffle_seed=0)
    first, second = (np.concatenate(list(dataset)) for _ in range(2))
    assert not np.array_equal(first, second)
    later = source.to_tf_dataset(6, shuffle_seed=0, epoch=1)
    np.testing.assert_array_equal(second, np.concatenate(list(later)))
    key = sorted(image.tobytes() for image in first)
    assert key == sorted(image.tobytes() for image in second)


def test_labels_go_with_their_images(photos):
    source = FolderImages(photos, 8)
    by_image = {
        image.tobytes(): label
        for image, label in zip(source[:], source.labels, strict=True)
    }
    for images, labels in source.to_tf_dataset(4, 5, with_labels=True):
        for image, label in zip(images.numpy(), labels.numpy(), strict=True):
            assert by_image[image.tobytes()] == label


def test_static_shape(photos):
    dataset = FolderImages(photos, 8).to_tf_dataset(4)
    assert len(dataset) == 3
    spec = dataset.element_spec
    assert spec.shape == (4, 8, 8, 3) and spec.dtype == tf.uint8


def test_errors(photos):
    source = FolderImages(photos, 8)
    for size in (0, 13):
        with pytest.raises(ValueError, match=f"Received: batch_size={size}"):
            source.to_tf_dataset(size)
    source.labels = None
    with pytest.raises(ValueError, match=r"no labels\. Received: photos"):
        source.to_tf_dataset(4, with_labels=True)


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_importing_does_not_import_tensorflow(backend):
    pytest.importorskip(backend, reason=f"{backend} is not installed")
    code = (
        "import sys, keras_gans.data as data;"
        "data.load('fashion_mnist_10k', image_size=32, channels=3)[:4];"
        "sys.exit(any(name in sys.modules for name in "
        "('tensorflow', 'keras_cv', 'tensorflow_datasets')))"
    )
    env = {**os.environ, "KERAS_BACKEND": backend}
    subprocess.run([sys.executable, "-c", code], env=env, check=True)
