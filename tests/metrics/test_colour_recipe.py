"""What the recipe of the feature network of colour images trains on."""

import runpy
from pathlib import Path

import keras
import numpy as np
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def recipe():
    return runpy.run_path(str(ROOT / "zoo" / "colour_classifier" / "recipe.py"))


def test_every_image_is_judged_within_its_own_task(recipe):
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(4, 15)).astype("float32")
    labels = np.array([0, 9, 10, 14])
    losses = keras.ops.convert_to_numpy(recipe["loss"](labels, logits))
    right = keras.ops.convert_to_numpy(recipe["accuracy"](labels, logits))
    for i, label in enumerate(labels):
        own = slice(0, 10) if label < 10 else slice(10, 15)
        mine = logits[i, own]
        log = mine - np.log(np.exp(mine).sum())
        expected = -(0.95 * log[label - own.start] + 0.05 * log.mean())
        assert losses[i] == pytest.approx(expected, rel=1e-4)
        assert right[i] == (mine.argmax() == label - own.start)


def test_a_batch_depends_on_the_epoch_and_its_place_alone(recipe):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (300, 32, 32, 3), dtype="uint8")
    labels = np.arange(300)
    one, other = (recipe["Batches"](images, labels) for _ in range(2))
    for batches in (one, other):
        batches.epoch = 3
    x, y = one[1]
    assert (x.shape, x.dtype, len(one)) == ((128, 32, 32, 3), "float32", 2)
    np.testing.assert_array_equal(other[1][0], x)
    assert not set(y) & set(one[0][1])
    grey = (x == x[..., :1]).all(axis=(1, 2, 3))
    assert 0 < grey.sum() < 40
    other.epoch = 4
    assert (other[1][1] != y).any()
    # The middle of an image stays in it, however it is shifted and flipped.
    for image, label in zip(x[~grey][:5], y[~grey][:5], strict=True):
        middle = images[label, 12:20, 12:20] / 127.5 - 1
        windows = np.lib.stride_tricks.sliding_window_view(
            image, (8, 8), axis=(0, 1)
        ).transpose(0, 1, 3, 4, 2)
        away = [
            abs(windows - m).max(axis=(2, 3, 4)).min()
            for m in (middle, middle[:, ::-1])
        ]
        assert min(away) < 1e-6
