import json

import keras
import numpy as np
import pytest
from keras import ops
from oracles import oracle
from pictures import bicubic, photographs, scene, worse

from keras_gans import metrics
from keras_gans.backend import input_gradient
from keras_gans.metrics.pairs.pixels import to_pixels


def values(*args, **kwargs):
    psnr = metrics.peak_signal_noise_ratio(*args, **kwargs)
    return ops.convert_to_numpy(psnr)


def test_by_hand():
    real = np.full((3, 4, 4, 1), 100, "uint8")
    fake = real.copy()
    fake[0] += 10  # mean squared error 100
    fake[1, 0, 0] += 20  # 400 / 16 = 25
    decibels = 10 * np.log10(255**2 / np.array([100, 25]))
    np.testing.assert_allclose(values(real, fake)[:2], decibels, rtol=1e-6)
    assert values(real, fake)[2] == np.inf
    floats = [images / 127.5 - 1.0 for images in (real, fake)]
    np.testing.assert_allclose(values(*floats)[:2], decibels, rtol=1e-6)


def test_luma_by_hand():
    # MATLAB: rgb2ycbcr(uint8([255 0 0])) has Y 81.481, white 235, black 16.
    colors = np.array([[255, 0, 0], [255, 255, 255], [0, 0, 0]], "uint8")
    luma = to_pixels(colors[None, None], "y")
    luma = ops.convert_to_numpy(luma).ravel()
    np.testing.assert_allclose(luma, [81.481, 235.0, 16.0], rtol=1e-6)


def test_border_is_cut_off():
    real = np.zeros((1, 12, 12, 3), "uint8")
    fake = real.copy()
    fake[:, :4] = 200
    assert values(real, fake, border=4) == np.inf
    fake[:, 4, 4] = 30
    expected = 10 * np.log10(255**2 / (900 / 16))
    assert values(real, fake, border=4) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.oracle
def test_as_scikit_image(seed):
    skimage = oracle("skimage.metrics")
    real = scene(seed=seed)
    fake = worse(real)
    expected = skimage.peak_signal_noise_ratio(real, fake)
    assert values(real[None], fake[None]) == pytest.approx(expected, abs=1e-5)


def test_as_tensorflow():
    if keras.backend.backend() != "tensorflow":
        pytest.skip("TensorFlow is the oracle on its own backend")
    import tensorflow as tf

    real = np.stack([scene(seed=i) for i in range(3)])
    fake = np.stack([worse(image) for image in real])
    expected = tf.image.psnr(real, fake, 255).numpy()
    np.testing.assert_allclose(values(real, fake), expected, atol=1e-4)


def test_gradient_is_that_of_the_logarithm():
    rng = np.random.default_rng(0)
    real, fake = rng.uniform(-1, 1, (2, 3, 5, 5, 3)).astype("float32")
    gradient = input_gradient(
        lambda x: metrics.peak_signal_noise_ratio(real, x),
        ops.convert_to_tensor(fake),
    )
    error = np.mean((fake - real) ** 2, axis=(1, 2, 3), keepdims=True)
    expected = -20 / np.log(10) * (fake - real) / (error * 75)
    gradient = ops.convert_to_numpy(gradient)
    np.testing.assert_allclose(gradient, expected, rtol=1e-3, atol=1e-6)


def test_works_in_a_compiled_evaluation():
    real = np.stack([scene(seed=i) for i in range(4)]) / 127.5 - 1.0
    fake = np.clip(real + 0.1, -1, 1)
    model = keras.Sequential(
        [keras.Input((None, None, 3)), keras.layers.Identity()]
    )
    model.compile(loss="mse", metrics=[metrics.peak_signal_noise_ratio])
    result = model.evaluate(fake, real, verbose=0, return_dict=True)
    expected = values(real, fake).mean()
    assert result["peak_signal_noise_ratio"] == pytest.approx(
        expected, rel=1e-5
    )


def test_the_metric_says_that_it_needs_images():
    real = np.zeros((2, 8, 8, 3), "float32")
    model = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Identity()])
    if keras.backend.backend() == "torch":  # It is eager always.
        model.compile(loss="mse", metrics=[metrics.PSNR()])
        result = model.evaluate(real, real + 0.1, verbose=0, return_dict=True)
        # 0.1 is 12.75 levels, here 140 - 128 of them.
        expected = 10 * np.log10(255**2 / 144)
        assert result["psnr[rgb]"] == pytest.approx(expected, rel=1e-6)
    else:
        model.compile(loss="mse", metrics=[metrics.PSNR()])
        with pytest.raises(TypeError, match=r"outside compiled.*Received: "):
            model.evaluate(real, real, verbose=0)
    with pytest.raises(ValueError, match=r"no weights\. Received: 1"):
        metrics.PSNR().update_state(real, real, 1)


def test_bicubic_enlargement_of_set5_is_near_its_famous_value():
    real = photographs("Set5")
    fake = [bicubic(image) for image in real]
    record = metrics.psnr(real, fake, color="y", border=4)
    # 28.42 dB with MATLAB, which reduces the luma alone and rounds it.
    assert record.value == pytest.approx(28.42, abs=0.05)
    assert (record.num_real, record.details["border"]) == (5, 4)
    assert record.name == "psnr[y]"


def test_metric_streams_merges_and_forgets():
    real = np.stack([scene(seed=i) for i in range(7)])
    fake = np.stack([worse(image, seed=i) for i, image in enumerate(real)])
    whole = metrics.PSNR("y", border=2)
    whole.update_state(real[:3], fake[:3])
    whole.update_state(real[3:6], fake[3:6])
    whole.update_state(real[6:], ops.convert_to_tensor(fake[6:]))
    parts = [metrics.PSNR.from_config(whole.get_config()) for _ in range(3)]
    parts[0].update_state(real[6:], fake[6:])
    parts[1].update_state(real[3:6], fake[3:6])
    parts[2].update_state(real[:3], fake[:3])
    parts[0].merge_state(parts[1:])
    assert parts[0].result() == whole.result()
    record = metrics.psnr(real, fake, "y", 2, batch_size=2)
    assert record.value == pytest.approx(whole.result(), rel=1e-6)
    assert record.value == pytest.approx(
        values(real, fake, "y", 2).mean(), rel=1e-6
    )
    whole.reset_state()
    with pytest.raises(ValueError, match=r"1 pair of images\. Received: none"):
        whole.result()


def test_record_says_how_it_was_made():
    real, fake = scene()[None], worse(scene())[None]
    record = metrics.psnr(real, fake)
    read = json.loads(record.to_json())
    assert (read["name"], read["num_real"]) == ("psnr[rgb]", 1)
    assert len(read["real_checksum"]) == 64
    in_batches = metrics.psnr(np.repeat(real, 3, 0), np.repeat(fake, 3, 0))
    one_by_one = metrics.psnr(
        np.repeat(real, 3, 0), np.repeat(fake, 3, 0), batch_size=1
    )
    assert in_batches.real_checksum == one_by_one.real_checksum
    assert in_batches.real_checksum != record.real_checksum
    inputs = keras.Input((64, 72, 3))
    pool = keras.layers.GlobalAveragePooling2D()(inputs)
    features = metrics.compute_features(real, keras.Model(inputs, pool))
    assert record.real_checksum == features.origin.images_checksum


ONE = np.zeros((1, 8, 8, 3), "uint8")


@pytest.mark.parametrize(
    ("real", "fake", "options", "message"),
    [
        (ONE, ONE[:, :7], {}, r"Received: \(1, 8, 8, 3\) and \(1, 7, 8, 3\)"),
        (ONE, np.full(ONE.shape, np.nan), {}, "`fake` must be finite. Rec"),
        (ONE / 1.0 + 9, ONE, {}, "`real` must be uint8.*Received: float64"),
        (ONE, ONE, {"border": 4}, "Received: border=4, images of 8x8"),
        (ONE, ONE, {"color": "lab"}, "Received: color='lab', border=0"),
        (ONE[..., :1], ONE[..., :1], {"color": "y"}, "Received: 1 channels"),
    ],
)
def test_bad_input(real, fake, options, message):
    for function in (metrics.peak_signal_noise_ratio, metrics.psnr):
        with pytest.raises(ValueError, match=message):
            function(real, fake, **options)


def test_sets_that_do_not_match():
    with pytest.raises(ValueError, match=r"same order\. Received: 1 and 2"):
        metrics.psnr(ONE, np.concatenate([ONE, ONE]))
    with pytest.raises(ValueError, match="needs at least 1 pair"):
        metrics.psnr(ONE[:0], ONE[:0])
