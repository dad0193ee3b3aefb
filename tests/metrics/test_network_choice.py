import numpy as np
import pytest
from real_images import WEIGHTS

from keras_gans import metrics
from keras_gans.data import Images
from keras_gans.metrics.features.statistics_file import network_of
from keras_gans.pretrained.inception_weights import (
    CACHE,
    URL,
    VARIABLE,
    inception_at_hand,
    largest_tap,
)

OTHER = "colour_classifier"
"""For what is neither clothes nor digits, where Inception is not at hand."""


def pictures(num, shape, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (num, *shape)).astype("uint8")


@pytest.fixture(autouse=True)
def no_inception(monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))


@pytest.mark.parametrize(
    ("shape", "name", "expected"),
    [
        ((28, 28, 1), "array", "fashion_mnist_classifier"),
        ((28, 28, 1), "fashion_mnist_10k", "fashion_mnist_classifier"),
        ((28, 28, 1), "mnist", "mnist_classifier"),
        ((28, 28, 1), "mnist/train-images-idx3-ubyte.gz", "mnist_classifier"),
        ((28, 28, 1), "tfds:mnist:train", "mnist_classifier"),
        ((28, 28, 1), "tfds:kmnist:train", "fashion_mnist_classifier"),
        ((32, 32, 1), "mnist", "mnist_classifier/clean"),
        (
            (64, 64, 1),
            "fashion_mnist/train-images-idx3-ubyte.gz",
            "fashion_mnist_classifier/clean",
        ),
        ((32, 32, 3), "mnist", OTHER),
        ((28, 28, 3), "array", OTHER),
        ((64, 64, 3), "photos", OTHER),
        ((64, 64, 1), "xrays", OTHER),
    ],
)
def test_the_network_is_chosen_by_what_the_images_are(shape, name, expected):
    source = Images(pictures(2, shape), name=name)
    assert metrics.shipped_feature_network(source) == expected
    assert metrics.default_feature_network(source) == expected
    if name == "array":
        assert metrics.shipped_feature_network(source.images) == expected
        assert metrics.default_feature_network(shape) == expected


def test_inception_is_taken_where_its_weights_are_at_hand(
    monkeypatch, tmp_path
):
    assert inception_at_hand() is None
    assert metrics.default_feature_network((64, 64, 3)) == OTHER
    assert metrics.default_feature_network() == OTHER
    path = tmp_path / "keras" / CACHE / URL.rpartition("/")[2]
    path.parent.mkdir(parents=True)
    path.write_bytes(b"downloaded before")
    assert inception_at_hand() == path
    assert metrics.default_feature_network((64, 64, 3)) == "inception_2048"
    assert metrics.default_feature_network((64, 64, 1)) == "inception_2048"
    assert metrics.default_feature_network() == "inception_2048"
    small = "fashion_mnist_classifier"
    assert metrics.default_feature_network((28, 28, 1)) == small
    assert metrics.shipped_feature_network((64, 64, 3)) == OTHER
    monkeypatch.setenv(VARIABLE, str(tmp_path / "missing.pth"))
    with pytest.raises(FileNotFoundError, match=r"missing\.pth"):
        metrics.default_feature_network((64, 64, 3))


def test_a_file_without_the_last_layers_gives_768_features(
    monkeypatch, tmp_path
):
    for layer, tap in (("mixed_8", 768), ("softmax", 2048)):
        path = tmp_path / f"{layer}.npz"
        np.savez(path, **{f"{layer}/bias": np.zeros(3)})
        assert largest_tap(path) == tap
        monkeypatch.setenv(VARIABLE, str(path))
        chosen = metrics.default_feature_network((64, 64, 3))
        assert chosen == f"inception_{tap}"
    if WEIGHTS.is_file():
        assert largest_tap(WEIGHTS) == 768


def test_features_and_statistics_keep_their_network(tmp_path):
    clothes = pictures(140, (28, 28, 1)) // 2
    real = metrics.feature_statistics(clothes, "mnist_classifier")
    assert metrics.default_feature_network(real) == "mnist_classifier"
    for record in (
        metrics.fid(real, clothes // 2),
        *metrics.evaluate(clothes // 2, real),
    ):
        assert record.feature_network == "mnist_classifier"
    metrics.save_statistics(real, tmp_path / "own.npz")
    assert network_of(tmp_path / "own.npz") == "mnist_classifier"
    gaussian = real.gaussian
    others = {"mu": gaussian.mean, "sigma": gaussian.covariance}
    np.savez(tmp_path / "others.npz", **others)
    assert network_of(tmp_path / "others.npz") is None
