import keras
import numpy as np
import pytest
from keras import ops
from oracles import oracle
from pictures import bicubic, photographs, scene, worse

from keras_gans import metrics
from keras_gans.backend import input_gradient
from keras_gans.metrics.pairs import structural_similarity

BOTH = [
    metrics.structural_similarity,
    metrics.multiscale_structural_similarity,
]


def value(function, real, fake, **options):
    return float(ops.convert_to_numpy(function(real, fake, **options))[0])


def pair(height=64, width=72, seed=0):
    real = scene(height, width, seed)
    return real[None], worse(real)[None]


def test_constant_images_by_hand():
    # No contrast: only the luminance term is left, equation 6.
    real = np.full((1, 16, 16, 1), 120, "uint8")
    fake = np.full((1, 16, 16, 1), 90, "uint8")
    c1 = (0.01 * 255) ** 2
    expected = (2 * 90 * 120 + c1) / (90**2 + 120**2 + c1)
    ours = value(metrics.structural_similarity, real, fake)
    assert ours == pytest.approx(expected, abs=5e-6)


def test_one_window_by_hand():
    # One window of 11x11, equation 13, with weighted moments in float64.
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 256, (2, 11, 11)).astype("float64")
    distances = np.arange(-5, 6) ** 2
    weights = np.exp(-(distances[:, None] + distances) / (2 * 1.5**2))
    weights /= weights.sum()
    mean_x, mean_y = (weights * x).sum(), (weights * y).sum()
    var_x = (weights * (x - mean_x) ** 2).sum()
    var_y = (weights * (y - mean_y) ** 2).sum()
    covariance = (weights * (x - mean_x) * (y - mean_y)).sum()
    c1, c2 = 2.55**2, 7.65**2
    expected = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    expected /= (mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2)
    images = [a.astype("uint8")[None, ..., None] for a in (x, y)]
    ours = value(metrics.structural_similarity, *images)
    assert ours == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.oracle
def test_as_scikit_image(seed):
    skimage = oracle("skimage.metrics")
    real, fake = pair(seed=seed)
    expected = skimage.structural_similarity(
        real[0],
        fake[0],
        gaussian_weights=True,
        use_sample_covariance=False,
        data_range=255,
        channel_axis=-1,
    )
    ours = value(metrics.structural_similarity, real, fake)
    assert 0.2 < expected < 0.95
    assert ours == pytest.approx(expected, abs=2e-6)


def test_as_tensorflow():
    if keras.backend.backend() != "tensorflow":
        pytest.skip("TensorFlow is the oracle on its own backend")
    import tensorflow as tf

    real, fake = pair(161, 175)
    oracles = [tf.image.ssim, tf.image.ssim_multiscale]
    for ours, theirs in zip(BOTH, oracles, strict=True):
        # TensorFlow's own mean of 23,000 float32 has an error of 1e-5.
        expected = float(theirs(real, fake, 255)[0])
        assert value(ours, real, fake) == pytest.approx(expected, abs=5e-5)


def test_five_scales_by_hand():
    # The same image at every scale: only its contrast is reduced.
    real = pair(176, 176)[0]
    fake = np.rint(127.5 + (real - 127.5) * 0.5).astype("uint8")
    expected = 1.0
    weights = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
    for scale, weight in enumerate(weights):
        size = 2**scale
        x, y = (
            a.reshape(176 // size, size, 176 // size, size, 3).mean((1, 3))
            for a in (real[0].astype("float64"), fake[0].astype("float64"))
        )
        parts = [contrast_and_luminance(x[..., i], y[..., i]) for i in range(3)]
        factor = np.array([c for c, _ in parts])
        if size == 16:
            factor = np.array([both for _, both in parts])
        expected = expected * factor**weight
    ours = value(metrics.multiscale_structural_similarity, real, fake)
    assert ours == pytest.approx(expected.mean(), abs=1e-6)


def contrast_and_luminance(x, y):
    ndimage = pytest.importorskip("scipy.ndimage", reason="SciPy blurs")

    def blur(a):
        blurred = ndimage.gaussian_filter(a, 1.5, radius=5)
        return blurred[5:-5, 5:-5]

    mean_x, mean_y = blur(x), blur(y)
    variances = blur(x * x) - mean_x**2 + blur(y * y) - mean_y**2
    covariance = blur(x * y) - mean_x * mean_y
    contrast = (2 * covariance + 7.65**2) / (variances + 7.65**2)
    luminance = (2 * mean_x * mean_y + 2.55**2) / (
        mean_x**2 + mean_y**2 + 2.55**2
    )
    return contrast.mean(), (contrast * luminance).mean()


@pytest.mark.parametrize("function", BOTH)
def test_equal_images_have_one(function):
    real = pair(176, 176)[0]
    assert value(function, real, real) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("function", BOTH)
def test_gradient_by_finite_differences(function):
    size = 16 if function is metrics.structural_similarity else 176
    rng = np.random.default_rng(0)
    real = scene(size, size)[None] / 127.5 - 1.0
    noise = rng.normal(0, 0.3, real.shape)
    real, fake = real.astype("float32"), (real + noise).astype("float32")
    gradient = input_gradient(
        lambda x: function(ops.convert_to_tensor(real), x),
        ops.convert_to_tensor(fake),
    )
    gradient = ops.convert_to_numpy(gradient)
    direction = gradient / np.linalg.norm(gradient)
    ends = [
        value(function, *map(ops.convert_to_tensor, (real, fake + step)))
        for step in (0.05 * direction, -0.05 * direction)
    ]
    slope = (ends[0] - ends[1]) / 0.1
    assert slope == pytest.approx(np.linalg.norm(gradient), rel=0.02)


def test_gradient_is_finite_where_a_scale_is_negative():
    real = scene(176, 176)[None].astype("float32") / 127.5 - 1.0
    gradient = input_gradient(
        lambda x: metrics.multiscale_structural_similarity(real, x),
        ops.convert_to_tensor(-real),
    )
    assert value(metrics.multiscale_structural_similarity, real, -real) == 0.0
    assert np.isfinite(ops.convert_to_numpy(gradient)).all()


def test_sums_and_convolutions_agree(monkeypatch):
    real, fake = pair()
    plain = value(metrics.structural_similarity, real, fake)
    monkeypatch.setattr(structural_similarity, "_on_accelerator", lambda: True)
    monkeypatch.setattr(ops, "depthwise_conv", None)
    sums = value(metrics.structural_similarity, real, fake)
    assert sums == pytest.approx(plain, abs=2e-6)


def test_size_may_be_open_in_a_compiled_evaluation():
    real = pair(176, 176)[0] / 127.5 - 1.0
    fake = real * 0.7
    model = keras.Sequential(
        [keras.Input((None, None, 3)), keras.layers.Identity()]
    )
    model.compile(loss="mse", metrics=BOTH)
    result = model.evaluate(fake, real, verbose=0, return_dict=True)
    for function in BOTH:
        expected = value(function, real, fake)
        assert result[function.__name__] == pytest.approx(expected, abs=1e-5)


def test_bicubic_enlargement_of_set5_is_near_its_famous_value():
    real = photographs("Set5")
    fake = [bicubic(image) for image in real]
    record = metrics.ssim(real, fake, color="y", border=4)
    assert record.value == pytest.approx(0.8104, abs=0.002)  # MATLAB
    assert record.name == "ssim[y]"


@pytest.mark.parametrize("kind", [metrics.SSIM, metrics.MSSSIM])
def test_metric_streams_and_merges(kind):
    real = np.concatenate([pair(176, 176, seed)[0] for seed in range(3)])
    fake = np.concatenate([pair(176, 176, seed)[1] for seed in range(3)])
    whole, part = kind(border=0), kind(border=0)
    for i in range(3):
        whole.update_state(real[i : i + 1], fake[i : i + 1])
    part.update_state(real[2:], fake[2:])
    other = kind.from_config(part.get_config())
    other.update_state(real[1:2], fake[1:2])
    other.update_state(real[:1], fake[:1])
    part.merge_state([other])
    assert part.result() == whole.result()
    record = {"ssim": metrics.ssim, "ms_ssim": metrics.ms_ssim}[kind.metric]
    assert record(real, fake, batch_size=1).value == whole.result()
    assert whole.name == f"{kind.metric}[rgb]"


def test_small_images_are_refused():
    real = np.zeros((1, 18, 160, 3), "uint8")
    with pytest.raises(
        ValueError, match=r"11 pixels or more.*Received: 10x152"
    ):
        metrics.ssim(real, real, border=4)
    with pytest.raises(ValueError, match=r"5 scales needs.*161.*18x160"):
        metrics.ms_ssim(real, real)
    with pytest.raises(ValueError, match=r"Received: \(1, 18, 160, 3\) and"):
        metrics.ssim(real, real[:, :17])
