import keras
import numpy as np
import pytest
from oracles import oracle

from keras_gans.metrics.features.resizing import MODES, Resizing, resize

SIZES = [(32, 32), (28, 40), (299, 299), (301, 298), (500, 610)]


def pictures(height, width, channels=3):
    rng = np.random.default_rng(height)
    shape = (2, height, width, channels)
    return rng.integers(0, 256, shape, dtype="uint8")


def resized(images, mode, size=(299, 299), channels=3):
    return keras.ops.convert_to_numpy(resize(images, size, mode, channels))


@pytest.mark.parametrize("size", SIZES)
def test_clean_is_pillows_on_floats(size):
    from PIL import Image

    images = pictures(*size)
    expected = np.empty((2, 299, 299, 3), "float32")
    for i, image in enumerate(images):
        for channel in range(3):
            plane = Image.fromarray(image[..., channel].astype("float32"))
            plane = plane.resize((299, 299), Image.Resampling.BICUBIC)
            expected[i, ..., channel] = np.clip(plane, 0, 255)
    np.testing.assert_allclose(
        resized(images, "clean") / 255, expected / 255, rtol=0, atol=1e-6
    )


@pytest.mark.parametrize("size", SIZES)
def test_legacy_pytorch_is_pytorchs(size):
    torch = pytest.importorskip("torch", reason="PyTorch is the oracle")
    images = pictures(*size)
    expected = torch.nn.functional.interpolate(
        torch.from_numpy(images).permute(0, 3, 1, 2).float(),
        size=(299, 299),
        mode="bilinear",
        align_corners=False,
    ).permute(0, 2, 3, 1)
    ours = resized(images, "legacy_pytorch")
    np.testing.assert_allclose(ours / 255, expected / 255, rtol=0, atol=1e-6)


@pytest.mark.parametrize("size", SIZES)
def test_legacy_tensorflow_is_tensorflow_1s(size):
    tf = pytest.importorskip("tensorflow", reason="TensorFlow is the oracle")
    images = pictures(*size)
    expected = tf.compat.v1.image.resize_bilinear(
        images, (299, 299), align_corners=False, half_pixel_centers=False
    )
    ours = resized(images, "legacy_tensorflow")
    np.testing.assert_allclose(ours / 255, expected / 255, rtol=0, atol=1e-6)


@pytest.mark.oracle
def test_each_librarys_own_resizing():
    torch_fidelity = oracle("torch_fidelity.interpolate_compat_tensorflow")
    clean_fid = oracle("cleanfid.resize")
    import torch

    images = pictures(64, 48)
    planes = torch.from_numpy(images).permute(0, 3, 1, 2).float()
    like_tensorflow = torch_fidelity.interpolate_bilinear_2d_like_tensorflow1x(
        planes, size=(299, 299), align_corners=False
    )
    clean = clean_fid.build_resizer("clean")
    legacy = clean_fid.build_resizer("legacy_pytorch")
    for mode, expected in {
        "clean": np.stack([clean(image) for image in images]),
        "legacy_pytorch": np.stack([legacy(image) for image in images]),
        "legacy_tensorflow": like_tensorflow.permute(0, 2, 3, 1),
    }.items():
        ours = resized(images, mode) / 255
        np.testing.assert_allclose(ours, expected / 255, rtol=0, atol=1e-6)


def test_two_pixels_by_hand():
    images = np.array([0, 120], "uint8").reshape(1, 1, 2, 1)

    def row(mode):
        return resized(images, mode, (1, 4), channels=1)[0, 0, :, 0]

    # Pixel i of the new row lies at i/2, or (i + 1/2)/2 - 1/2, of the old.
    np.testing.assert_allclose(row("legacy_tensorflow"), [0, 60, 120, 120])
    np.testing.assert_allclose(row("legacy_pytorch"), [0, 30, 90, 120])


def test_only_clean_sees_what_lies_between():
    # Every fourth column is white: a quarter of the light.
    images = np.zeros((1, 8, 1196, 1), "uint8")
    images[:, :, ::4] = 255
    means = {m: resized(images, m, channels=1).mean() / 255 for m in MODES}
    assert means["clean"] == pytest.approx(0.25, abs=0.002)
    assert means["legacy_tensorflow"] == pytest.approx(1)
    assert means["legacy_pytorch"] == 0


@pytest.mark.parametrize("mode", MODES)
def test_the_layer_repeats_grey_and_scales(mode):
    images = pictures(20, 30, channels=1)
    layer = Resizing((24, 24), mode)
    outputs = keras.ops.convert_to_numpy(layer(images))
    expected = resized(images, mode, (24, 24)) / 127.5 - 1
    assert outputs.shape == layer.compute_output_shape(images.shape)
    assert outputs.shape == (2, 24, 24, 3)
    assert (outputs[..., :1] == outputs).all()
    np.testing.assert_allclose(outputs, expected, atol=1e-6)
    assert outputs.min() >= -1
    assert outputs.max() <= 1
