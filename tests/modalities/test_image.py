import keras
import numpy as np
import pytest

from keras_gans.modalities.image import check_images, to_float, to_uint8


def test_every_level_comes_back():
    levels = np.arange(256, dtype="uint8")
    floats = to_float(levels)
    assert floats.dtype == np.float32
    assert floats[[0, 255]].tolist() == [-1.0, 1.0]
    np.testing.assert_array_equal(to_uint8(floats), levels)


def test_tensors_are_scaled_like_arrays():
    levels = np.arange(256, dtype="uint8")
    tensor = to_float(keras.ops.convert_to_tensor(levels))
    np.testing.assert_allclose(
        keras.ops.convert_to_numpy(tensor), to_float(levels), atol=1e-7
    )


def test_quantisation_rounds_and_clips():
    # (x + 1) * 127.5 = 127.5 at 0, which rounds to the even 128.
    floats = np.array([-2.0, -1.0, 0.0, 0.5, 1.0, 2.0])
    assert to_uint8(floats).tolist() == [0, 0, 128, 191, 255, 255]


@pytest.mark.parametrize(
    ("images", "received"),
    [
        (np.zeros((4, 8, 8), "uint8"), r"shape \(4, 8, 8\)"),
        (np.zeros((0, 8, 8, 1), "uint8"), r"shape \(0, 8, 8, 1\)"),
        (np.zeros((4, 8, 9, 1), "uint8"), r"\(8, 9, 1\)"),
        (np.zeros((4, 8, 8, 3), "uint8"), r"\(8, 8, 3\)"),
        (np.zeros((4, 8, 8, 1), "int32"), "int32"),
        (np.full((4, 8, 8, 1), np.nan), "nan to nan"),
        (np.full((4, 8, 8, 1), -1.5), "float64 from -1.5 to -1.5"),
        (np.linspace(0, 255, 256).reshape(4, 8, 8, 1), "from 0 to 255"),
        (np.linspace(0, 1, 256).reshape(4, 8, 8, 1), "from 0 to 1"),
    ],
)
def test_wrong_images_are_named(images, received):
    with pytest.raises(ValueError, match=f"Received: .*{received}"):
        check_images(images, (8, 8, 1))


def test_images_that_are_all_bright_pass():
    bright = np.linspace(0.2, 0.9, 256).reshape(4, 8, 8, 1)
    assert check_images(bright) is bright


def test_floats_of_0_to_1_are_told_how():
    with pytest.raises(ValueError, match=r"use 2 \* x - 1"):
        check_images(np.linspace(0, 1, 256).reshape(4, 8, 8, 1))
