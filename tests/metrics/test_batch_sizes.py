"""FID and KID are the same whatever number of images is looked at at once."""

import numpy as np
import pytest
import real_images

from keras_gans import metrics

SIZES = (1, 7, 256)


def sides(num, shape):
    """Stripes of random colours, and darker ones; 256 leaves a rest.

    Not much darker: a KID of 26 has no sixth decimal in float32 features.
    """
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (2 * num + 1, 1, *shape[1:]), dtype="uint8")
    images = np.repeat(images, shape[0], axis=1)
    return images[:num], images[num:] // 8 * 7


def check_sizes(real, fake, network, subset_size):
    found = []
    for size in SIZES:
        both = [
            metrics.compute_features(x, network, size) for x in (real, fake)
        ]
        kid = metrics.kid(*both, subsets=5, subset_size=subset_size)
        found.append([metrics.fid(*both).value, kid.value])
    (fid, kid), *others = found
    assert fid > 1e-3 and abs(kid) > 1e-5
    for other_fid, other_kid in others:
        assert other_fid == pytest.approx(fid, rel=1e-6)
        assert other_kid == pytest.approx(kid, abs=1e-6)


def test_of_the_shipped_classifier():
    real, fake = sides(300, (28, 28, 1))
    check_sizes(real, fake, "fashion_mnist_classifier", 200)


@pytest.mark.parametrize("network", ["inception_64", "inception_192"])
@pytest.mark.filterwarnings("ignore:.*only:UserWarning")
def test_of_real_inception(network, monkeypatch):
    if not real_images.WEIGHTS.is_file():
        pytest.skip(f"there are no weights: {real_images.WEIGHTS}")
    monkeypatch.setenv("KERAS_GANS_INCEPTION", str(real_images.WEIGHTS))
    real, fake = sides(12, (32, 32, 3))
    check_sizes(real, fake, network, 10)
