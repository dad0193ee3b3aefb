"""The warning of images that a shipped classifier does not know."""

import warnings

import numpy as np
import pytest
from real_images import SHARED

import keras_gans
from keras_gans import metrics
from keras_gans.metrics.features import usual_images

CLOTHES, DIGITS = "fashion_mnist_classifier", "mnist_classifier"


@pytest.fixture(autouse=True)
def nothing_said_before():
    usual_images._warned.clear()


@pytest.fixture(scope="module")
def clothes():
    return keras_gans.data.load("fashion_mnist_10k")


def xrays(num):
    path = SHARED / "data" / "medical_pneumonia28.npz"
    if not path.is_file():
        pytest.skip("../shared/data is not here")
    with np.load(path) as arrays:
        return arrays["train_images"][:num, ..., None]


def far(images, network):
    statistics = metrics.feature_statistics(images, network)
    return usual_images.unusualness(
        statistics.gaussian.mean, len(images), usual_images.usual(network)
    )


def test_the_distance_is_that_of_mahalanobis():
    rng = np.random.default_rng(0)
    root = rng.normal(size=(5, 5))
    usual = rng.normal(size=5), np.linalg.inv(root @ root.T)
    there = usual[0] + 2 * root[:, 1]  # two standard deviations away
    assert usual_images.unusualness(there, 0, usual) == pytest.approx(4 / 5)
    assert usual_images.unusualness(there, 10, usual) == pytest.approx(0.7)


def test_clothes_are_usual_to_their_network(clothes):
    images, labels = clothes.images[:500], clothes.labels[:500]
    parts = [images, *(images[labels == k] for k in range(10)), images[:20]]
    distances = [far(part, CLOTHES) for part in parts]
    assert abs(distances[0]) < 0.02
    assert max(distances) < usual_images.THRESHOLD / 2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        metrics.fid(images[:300], images[300:600], CLOTHES)


@pytest.mark.parametrize("how", ["images", "features", "statistics"])
def test_it_is_said_once_of_others(clothes, how):
    real = keras_gans.data.Images(255 - clothes.images[:200], name="negatives")
    fake = clothes.images[200:400]
    assert far(real, CLOTHES) > 2 * usual_images.THRESHOLD
    if how == "features":
        real = metrics.compute_features(real, CLOTHES)
    if how == "statistics":
        real = metrics.feature_statistics(real, CLOTHES)
    with pytest.warns(UserWarning, match=r"\(negatives\) are unlike the cl"):
        metrics.fid(real, fake, CLOTHES)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        metrics.evaluate(real, fake, ["fid"], CLOTHES)
        metrics.fid(fake, clothes.images[400:600], CLOTHES)


def test_clothes_are_unusual_to_the_network_of_digits(clothes):
    with pytest.warns(UserWarning, match="unlike the digits that mnist_clas"):
        metrics.fid(clothes.images[:200], clothes.images[200:400], DIGITS)


def test_xrays_are_unusual_to_both():
    images = xrays(400)
    assert far(images[:200], CLOTHES) > 5 * usual_images.THRESHOLD
    assert far(images[:200], DIGITS) > 5 * usual_images.THRESHOLD
    real = keras_gans.data.Images(images[:200], name="xrays")
    with pytest.warns(UserWarning, match=r"\(xrays\).*inception_2048"):
        (record,) = metrics.evaluate(real, images[200:])
    assert record.feature_network == CLOTHES


def test_other_networks_say_nothing(clothes):
    real = 255 - clothes.images[:20, :8, :8]
    rows = lambda images: metrics.FeatureSet(  # noqa: E731
        images.mean((2, 3)).astype("float32"),
        metrics.Origin("rows", "ab", None, None, ""),
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*unlike")
        metrics.fid(rows(real), rows(clothes.images[:20, :8, :8]))
