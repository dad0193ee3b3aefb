import numpy as np
import pytest
from pictures import photographs, scene
from PIL import Image

from keras_gans.data.degraded.resizing import resize, resizing_matrix
from keras_gans.metrics import psnr


def test_weights_of_halving_by_hand():
    # Keys' cubic at 1/8, 3/8, 5/8 and 7/8 of its radius, halved.
    half = [-0.01171875, -0.03515625, 0.11328125, 0.43359375]
    matrix = resizing_matrix(16, 8)
    np.testing.assert_allclose(matrix[3, 3:11], [*half, *half[::-1]])
    assert not matrix[3, :3].any() and not matrix[3, 11:].any()
    # Three of the first pixel's eight weights lie outside, and are mirrored.
    first = [half[3] + half[2], half[3] + half[1], half[2] + half[0]]
    np.testing.assert_allclose(matrix[0, :5], [*first, half[1], half[0]])
    np.testing.assert_allclose(matrix.sum(axis=1), 1)


def test_the_border_is_mirrored():
    matrix = resizing_matrix(4, 8, "bilinear")
    # The first new pixel lies at -1/4, between the mirrored pixel 0 and 0.
    np.testing.assert_allclose(
        matrix[:3, :2], [[1, 0], [0.75, 0.25], [0.25, 0.75]]
    )


@pytest.mark.parametrize("size", [(16, 18), (128, 144), (100, 30)])
def test_the_inside_is_pillows(size):
    values = scene()[..., 0].astype("float32")
    ours = resize(values[..., None], size)[..., 0]
    picture = Image.fromarray(values)
    theirs = picture.resize(size[::-1], Image.Resampling.BICUBIC)
    inside = slice(8, -8)
    np.testing.assert_allclose(
        ours[inside, inside], np.asarray(theirs)[inside, inside], atol=1e-3
    )


def test_area_is_the_mean_of_blocks():
    image = scene(8, 12).astype("float64")
    blocks = image.reshape(4, 2, 3, 4, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(resize(image, (4, 3), "area"), blocks)


def test_without_antialiasing_few_pixels_count():
    matrix = resizing_matrix(64, 8, "bilinear", antialias=False)
    assert ((matrix != 0).sum(axis=1) <= 2).all()


def test_8_bits_are_rounded_and_bounded():
    image = np.zeros((8, 8, 1), "uint8")
    image[:, 4:] = 255  # overshoots on both sides of the edge
    larger = resize(image, (32, 32))
    assert larger.dtype == "uint8"
    assert larger[:, :12].min() == 0 and larger[:, 20:].max() == 255


def test_bicubic_of_set5_is_that_of_papers():
    # 28.42 dB in the papers, on the luma without a border of 4 pixels.
    images = photographs("Set5")
    made = []
    for image in images:
        height, width = image.shape[:2]
        small = resize(image, (height // 4, width // 4))
        made.append(resize(small, (height, width)))
    record = psnr(images, made, color="y", border=4)
    assert record.value == pytest.approx(28.42, abs=0.02)
