import keras
import numpy as np
import pytest
from pictures import SHARED, scene, worse

from keras_gans import metrics
from keras_gans.metrics.distances.laplacian import (
    laplacian_level,
    level_sizes,
    neighbourhoods,
    normalize,
)


def points(num, dimensions, seed=0):
    return np.random.default_rng(seed).normal(size=(num, dimensions))


def pictures(num, size=32, seed=0):
    return np.stack([scene(size, size, seed + i) for i in range(num)])


@pytest.mark.parametrize("sizes", [(40, 40), (40, 25), (7, 40)])
def test_each_projection_is_as_scipy_s(sizes):
    stats = pytest.importorskip("scipy.stats", reason="SciPy is the oracle")
    real, fake = points(sizes[0], 5), 0.3 + 2 * points(sizes[1], 5, seed=1)
    rng = np.random.default_rng(3)
    expected = []
    for _ in range(2):
        directions = rng.standard_normal((20, 5))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        expected += [
            stats.wasserstein_distance(real @ d, fake @ d) for d in directions
        ]
    ours = metrics.sliced_wasserstein(real, fake, 2, 20, seed=3)
    assert ours == pytest.approx(np.mean(expected), rel=1e-12)


def test_by_hand():
    # Sorted: 0, 1, 2 against 1, 3, 8. Quantiles: 0, 1 against 0, 1, 1, 5.
    one = metrics.sliced_wasserstein([[2], [0], [1]], [[1], [8], [3]])
    assert one == pytest.approx((1 + 2 + 6) / 3)
    two = metrics.sliced_wasserstein([[0], [1]], [[1], [0], [5], [1]])
    assert two == pytest.approx((0 + 1 + 0 + 4) / 4)


def test_shift_has_its_closed_form():
    # |cos| of a random angle to the shift has the mean 1/2 in 3 dimensions.
    real = points(50, 3)
    fake = real + np.array([0.0, 4.0, 0.0])
    ours = metrics.sliced_wasserstein(real, fake, directions=5000)
    assert ours == pytest.approx(4.0 * 0.5, rel=0.02)


def test_levels_are_as_convolutions_by_scipy():
    ndimage = pytest.importorskip("scipy.ndimage", reason="SciPy convolves")
    kernel = np.array([1, 4, 6, 4, 1]) / 16
    kernel = np.outer(kernel, kernel)[None, ..., None]
    images = pictures(2, 37).astype("float32")
    half = ndimage.convolve(images, kernel, mode="mirror")[:, ::2, ::2]
    again = np.zeros_like(images)
    again[:, ::2, ::2] = half
    again = ndimage.convolve(again, 4 * kernel, mode="mirror")
    fine, coarse = (laplacian_level(images, level, 2) for level in (0, 1))
    np.testing.assert_allclose(fine, images - again, atol=1e-3)
    np.testing.assert_allclose(coarse, half, atol=1e-3)


def test_levels_end_at_16_pixels():
    assert level_sizes(64, 64) == [(64, 64), (32, 32), (16, 16)]
    assert level_sizes(28, 28) == [(28, 28)]
    assert level_sizes(109, 89) == [(109, 89), (55, 45), (28, 23)]


def test_neighbourhoods_lie_all_over_the_image():
    y, x = np.mgrid[0:16, 0:20]
    image = np.stack([y, x], -1)[None].astype("uint8")
    cuts = neighbourhoods(image, 0, seed=0)
    assert cuts.shape == (128, 7, 7, 2)
    corners = cuts[:, 0, 0]
    np.testing.assert_array_equal(cuts[:, 6, 6], corners + 6)
    np.testing.assert_array_equal(corners.min(0), 0)
    np.testing.assert_array_equal(corners.max(0), [16 - 7, 20 - 7])


def test_neighbourhoods_depend_on_the_image_and_the_seed_alone():
    images = pictures(3)
    alone = neighbourhoods(images[2:], 1, seed=5)
    np.testing.assert_array_equal(neighbourhoods(images, 1, 5)[256:], alone)
    assert not np.array_equal(neighbourhoods(images[2:], 1, 6), alone)


def test_channels_are_normalised():
    cuts = neighbourhoods(pictures(3), 0, seed=0)
    cuts[..., 2] = 7.0
    channels = normalize(cuts).reshape(-1, 49, 3)
    np.testing.assert_allclose(channels.mean((0, 1)), 0, atol=1e-5)
    np.testing.assert_allclose(channels.std((0, 1)), [1, 1, 0], atol=1e-5)


def test_equal_sets_give_zero_in_any_order():
    images = pictures(6)
    assert metrics.swd(images, images[::-1]).value == 0.0
    # Twice as many of the same images are the same distribution.
    assert metrics.swd(images, np.repeat(images, 2, 0)).value < 1e-3


def test_noise_shows_in_the_fine_level():
    real, other = pictures(40), pictures(40, seed=100)
    rng = np.random.default_rng(0)
    noisy = other + rng.normal(0, 25, other.shape)
    noisy = np.clip(noisy, 0, 255).astype("uint8")
    plain = metrics.swd(real, other).details
    noise = metrics.swd(real, noisy).details
    assert noise["level_32"] > 2 * plain["level_32"]
    assert noise["level_16"] < 2 * plain["level_16"]


def test_value_is_the_mean_of_the_levels_times_1000():
    real, fake = pictures(4), np.stack([worse(x) for x in pictures(5, seed=9)])
    record = metrics.swd(real, fake, seed=2)
    expected = []
    for level in (0, 1):
        sides = [
            normalize(neighbourhoods(x, level, seed=2)) for x in (real, fake)
        ]
        expected.append(1e3 * metrics.sliced_wasserstein(*sides, seed=2))
    assert [record.details[f"level_{s}"] for s in (32, 16)] == pytest.approx(
        expected, rel=1e-6
    )
    assert record.value == pytest.approx(np.mean(expected), rel=1e-6)
    assert (record.num_real, record.num_fake, record.seed) == (4, 5, 2)
    assert record.name == "swd[laplacian]"


def test_metric_streams_merges_and_forgets():
    real, fake = pictures(7), pictures(5, seed=50)
    whole = metrics.SWD(seed=1)
    whole.update_state(real, fake)
    parts = [metrics.SWD.from_config(whole.get_config()) for _ in range(3)]
    parts[0].update_state(real[4:], keras.ops.convert_to_tensor(fake[:2]))
    parts[1].update_state(real[:4], None)
    parts[2].update_state(None, fake[2:] / 127.5 - 1.0)
    parts[0].merge_state(parts[1:])
    assert parts[0].result() == whole.result()
    for batch_size in (1, 3):
        record = metrics.swd(real, fake, batch_size, seed=1)
        assert record.value == whole.result()
    whole.reset_state()
    with pytest.raises(ValueError, match=r"image in `real`\. Received: none"):
        whole.result()


def test_samples_are_chosen_by_the_seed():
    real, fake = pictures(9), pictures(9, seed=50)
    records = [
        metrics.swd(real, fake, num_samples=4, seed=s) for s in (0, 0, 1)
    ]
    assert records[0] == records[1]
    assert records[0].value != records[2].value
    assert records[0].num_real == 4


def test_photographs_are_nearer_to_photographs_than_their_blur():
    path = SHARED / "data" / "cifar10_lossless_3000.npz"
    if not path.exists():
        pytest.skip("needs ../shared/data/cifar10_lossless_3000.npz")
    with np.load(path) as file:
        images = file[file.files[0]][:120]
    real, other = images[:60], images[60:]
    blurred = np.stack([worse(image) for image in other])
    assert metrics.swd(real, blurred).value > metrics.swd(real, other).value


def test_bad_input():
    images = pictures(2)
    with pytest.raises(ValueError, match=r"first, \(32, 32, 3\)\. Received: "):
        metrics.swd(images, images[:, :31])
    with pytest.raises(ValueError, match=r"16 pixels or more.*Received: 15x32"):
        metrics.swd(images[:, :15], images)
    with pytest.raises(ValueError, match=r"`fake` must be finite\. Received"):
        metrics.swd(images, images * np.nan)
    with pytest.raises(ValueError, match=r"Received: \(2, 3\) and \(2, 4\)"):
        metrics.sliced_wasserstein(np.ones((2, 3)), np.ones((2, 4)))
    with pytest.raises(ValueError, match=r"Received: shape \(0, 3\)"):
        metrics.sliced_wasserstein(np.ones((0, 3)), np.ones((2, 3)))
