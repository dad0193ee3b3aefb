import json
import warnings

import keras
import numpy as np
import pytest
from keras import ops
from oracles import oracle

import keras_gans
from keras_gans import metrics
from keras_gans.metrics.paths.interpolation import lerp, slerp
from keras_gans.modalities import ClassLabel


def squared(first, second):
    """A distance whose path lengths can be told by hand."""
    return np.square(np.float64(first) - second).sum(axis=(1, 2, 3))


class LinearGAN:
    """Images are the latents through a matrix, in float64."""

    def __init__(self, matrix):
        self.matrix = np.asarray(matrix) / 20  # far inside [-1, 1]
        self.calls = []

    def sample_latents(self, num, seed):
        rng = np.random.default_rng(seed)
        return rng.standard_normal((num, self.matrix.shape[1]))

    def generate(self, num, seed, latents, labels=None):
        self.calls.append((num, seed, labels))
        images = latents @ self.matrix.T
        shift = 0 if labels is None else labels[:, None] / 20
        return (images + shift).reshape(num, 1, -1, 1)


def test_lines_have_their_closed_form():
    # |A (b - a)|^2 whatever t is; its mean over Gaussians is 2 tr(A'A).
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(6, 4))
    gan = LinearGAN(matrix)
    record = metrics.ppl(gan, squared, 20_000, interpolation="lerp")
    # The mean without the extreme hundredths, of a sum of chi-squares.
    eigenvalues = np.linalg.eigvalsh(gan.matrix.T @ gan.matrix)
    draws = 2 * rng.chisquare(1, (400_000, 4)) @ eigenvalues
    low, high = np.percentile(draws, [1, 99])
    trimmed = draws[(low <= draws) & (draws <= high)].mean()
    assert record.value == pytest.approx(trimmed, rel=0.02)
    assert draws.mean() == pytest.approx(2 * np.sum(gan.matrix**2), rel=0.01)
    assert abs(trimmed / draws.mean() - 1) > 0.03  # The trimming shows.


def test_each_length_is_exact():
    gan = LinearGAN(np.random.default_rng(0).normal(size=(6, 4)))
    metric = metrics.PPL(squared, epsilon=1e-3)
    first, second = gan.sample_latents(50, 1), gan.sample_latents(50, 2)
    ends = [
        gan.generate(50, 0, lerp(first, second, 0.3 + shift))
        for shift in (0, 1e-3)
    ]
    metric.update_state(*ends)
    exact = np.square((second - first) @ gan.matrix.T).sum(-1)
    assert metric.result() == pytest.approx(
        metrics.path_length(exact), rel=1e-9
    )


def test_circles_have_their_closed_form():
    # On a circle of radius 1 the speed is the angle, even over 0 to pi.
    class Directions(LinearGAN):
        def sample_latents(self, num, seed):
            latents = super().sample_latents(num, seed)
            return latents / np.linalg.norm(latents, axis=1, keepdims=True)

    record = metrics.ppl(Directions(np.eye(2)), squared, 20_000)
    # Angles squared without the extreme hundredths: theta from .01 pi to .99.
    low, high = 0.01 * np.pi, 0.99 * np.pi
    trimmed = (high**3 - low**3) / 3 / (high - low)
    assert record.value * 400 == pytest.approx(trimmed, rel=0.02)


def test_path_length_leaves_the_extremes_out():
    lengths = np.arange(1, 202.0)  # percentiles 1 and 99 are 3 and 199
    lengths[200] = 1e9
    assert metrics.path_length(lengths[::-1]) == np.arange(3, 200).mean()
    assert metrics.path_length([7.0]) == 7.0


def test_slerp_keeps_lengths_and_angles():
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(2, 5, 3))
    first, second = (
        x / np.linalg.norm(x, axis=1, keepdims=True) * np.arange(1, 6)[:, None]
        for x in (first, second)
    )
    t = np.linspace(0, 1, 5)[:, None]
    middle = slerp(first, second, t)
    np.testing.assert_allclose(
        *(np.linalg.norm(x, axis=1) for x in (middle, first))
    )
    unit = [
        x / np.linalg.norm(x, axis=1, keepdims=True)
        for x in (first, middle, second)
    ]
    angle = np.arccos(np.clip((unit[0] * unit[1]).sum(1), -1, 1))
    whole = np.arccos((unit[0] * unit[2]).sum(1))
    np.testing.assert_allclose(angle, t[:, 0] * whole, atol=1e-6)
    same = slerp(first, 2 * first, np.full((5, 1), 0.5))
    np.testing.assert_allclose(same, 1.5 * first)


@pytest.mark.oracle
def test_slerp_as_torch_fidelity():
    library = oracle("torch_fidelity.noise")
    import torch

    first, second = np.random.default_rng(0).normal(size=(2, 20, 7))
    t = np.random.default_rng(1).uniform(size=(20, 1))
    expected = library.batch_slerp_any(*map(torch.tensor, (first, second, t)))
    np.testing.assert_allclose(slerp(first, second, t), expected, rtol=1e-5)


def test_both_images_of_a_pair_are_made_alike():
    gan = LinearGAN(np.eye(3))
    labels = np.arange(10) % 3
    done = []
    options = {"num_samples": 10, "batch_size": 4, "seed": 5}
    with_labels = metrics.ppl(
        gan, squared, labels=labels, progress=done.append, **options
    )
    assert done == [4, 8, 10]
    for first, second in zip(gan.calls[::2], gan.calls[1::2], strict=True):
        assert first[:2] == second[:2]
        np.testing.assert_array_equal(first[2], second[2])
    plain = metrics.ppl(gan, squared, **options)
    assert plain.value == pytest.approx(with_labels.value, rel=1e-6)


def test_classes_take_turns_over_all_pairs():
    gan = LinearGAN(np.eye(4))
    gan.takes = {"labels": ClassLabel(3)}
    record = metrics.ppl(gan, squared, 10, batch_size=4)
    assert record.labels == "in turn"
    labels = np.concatenate([labels for _, _, labels in gan.calls[::2]])
    np.testing.assert_array_equal(labels, np.arange(10) % 3)


def test_seed_and_batches():
    gan = LinearGAN(np.random.default_rng(0).normal(size=(6, 4)))
    values = [
        metrics.ppl(gan, squared, 30, batch_size=size, seed=seed).value
        for size, seed in ((64, 0), (7, 0), (64, 1))
    ]
    assert values[0] == pytest.approx(values[1], rel=1e-9)
    assert values[0] != pytest.approx(values[2], rel=1e-3)
    end = metrics.ppl(gan, squared, 30, sampling="end").value
    assert end != pytest.approx(values[0], rel=1e-3)


def test_a_gan_of_the_package():
    gan = keras_gans.DCGAN(image_shape=(16, 16, 1), latent_dim=4, width=4)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        record = metrics.ppl(gan, squared, 40)
    # Float32 images still hold a step of 1e-4: a larger step gives the same.
    larger = metrics.ppl(gan, squared, 40, epsilon=1e-2)
    assert record.value > 0
    assert record.value == pytest.approx(larger.value, rel=0.05)
    read = json.loads(record.to_json())
    assert (read["name"], read["num_fake"]) == ("ppl[squared]", 80)
    assert read["details"]["epsilon"] == 1e-4


def test_bfloat16_is_warned_of():
    keras.config.set_dtype_policy("mixed_bfloat16")
    gan = keras_gans.DCGAN(image_shape=(16, 16, 1), latent_dim=4, width=4)
    with pytest.warns(UserWarning, match=r"float32.*Received: .*bfloat16"):
        metrics.ppl(gan, squared, 4)


def test_metric_streams_merges_and_forgets():
    rng = np.random.default_rng(0)
    first = rng.uniform(-1, 1, (120, 2, 2, 1))
    second = np.clip(first + rng.normal(0, 1e-4, first.shape), -1, 1)
    whole = metrics.PPL(squared)
    whole.update_state(first, second)
    parts = [metrics.PPL.from_config(whole.get_config()) for _ in range(2)]
    parts[0].update_state(first[70:], second[70:])
    parts[1].update_state(first[:70], second[:70])
    parts[0].merge_state(parts[1:])
    assert parts[0].result() == whole.result() == whole.record().value
    whole.reset_state()
    with pytest.raises(ValueError, match=r"at least 1\. Received: 0"):
        whole.result()


def test_faces_are_cropped_and_large_images_reduced():
    seen = []

    def keep(first, second):
        seen.append(np.asarray(first))
        return np.ones(len(first))

    y, x = np.mgrid[0:512, 0:512] / 512.0
    image = np.stack([y, x], -1)[None]
    metrics.PPL(keep).update_state(image, image)
    assert seen[0].shape == (1, 256, 256, 2)
    np.testing.assert_allclose(seen[0][0, 3, 5], [6.5 / 512, 10.5 / 512])
    metrics.PPL(keep, crop_faces=True).update_state(image, image)
    assert seen[1].shape == (1, 256, 256, 2)
    np.testing.assert_allclose(seen[1][0, 0, 0], [3 / 8, 2 / 8])


def test_tensors_will_do_and_distances_may_be_tensors():
    def by_ops(first, second):
        return ops.sum(ops.square(first - second), axis=(1, 2, 3))

    first = np.zeros((3, 2, 2, 1), "float32")
    metric = metrics.PPL(by_ops, epsilon=0.5)
    metric.update_state(first, ops.convert_to_tensor(first + 0.5))
    assert metric.result() == pytest.approx(4.0)


def test_bad_input():
    gan = LinearGAN(np.eye(3))
    with pytest.raises(ValueError, match=r"Received: 'bent', 'full', 10000"):
        metrics.ppl(gan, squared, interpolation="bent")
    with pytest.raises(ValueError, match=r"Received: 2 labels, num_samples=3"):
        metrics.ppl(gan, squared, 3, labels=np.arange(2))
    with pytest.raises(ValueError, match=r"0 and 1\. Received: 0"):
        metrics.PPL(squared, epsilon=0)
    images = np.zeros((2, 2, 2, 1))
    with pytest.raises(ValueError, match=r"`second`|must be finite"):
        metrics.PPL(squared).update_state(images, images * np.nan)
    with pytest.raises(ValueError, match=r"Received: 2 for 2 pairs, 0 of them"):
        metrics.PPL(lambda a, b: np.full(2, np.nan)).update_state(
            images, images
        )
    with pytest.raises(
        ValueError, match=r"Received: \(2, 2, 2, 1\) and \(1, 2"
    ):
        metrics.PPL(squared).update_state(images, images[:1])
