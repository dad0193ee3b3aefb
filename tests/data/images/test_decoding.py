"""Every mode of image file, against pixels worked out by hand."""

import io

import numpy as np
import pytest
from PIL import Image

from keras_gans.data.images.decoding import fit_array, fit_image, open_image


def reopen(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    file.seek(0)
    return open_image(file)


def pixels(image, kind="PNG", channels=3, background="white", **options):
    opened = reopen(image, kind, **options)
    shape = (opened.height, opened.width, channels)
    return fit_image(opened, shape, background)


def test_grey_to_rgb_repeats_the_channel():
    grey = np.arange(12, dtype="uint8").reshape(3, 4) * 20
    rgb = pixels(Image.fromarray(grey))
    np.testing.assert_array_equal(rgb, np.repeat(grey[..., None], 3, -1))


def test_rgb_to_grey_is_itu_601_luma():
    red_green_blue = np.diag([255, 255, 255]).astype("uint8")[None]
    grey = pixels(Image.fromarray(red_green_blue), channels=1)
    assert grey.ravel().tolist() == [76, 150, 29]  # 255 * (.299, .587, .114)


@pytest.mark.parametrize(
    ("background", "expected"),
    [("white", [255, 127, 127]), ((0, 0, 255), [128, 0, 127])],
)
def test_rgba_is_composited(background, expected):
    # red at alpha 128/255: red * .502 + background * .498
    image = Image.new("RGBA", (2, 2), (255, 0, 0, 128))
    out = pixels(image, background=background)
    np.testing.assert_allclose(out[0, 0], expected, atol=1)


def test_transparent_colour_does_not_bleed_into_its_neighbours():
    image = Image.new("RGBA", (8, 8), (0, 255, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 4, 8))
    out = fit_image(reopen(image), (2, 2, 3), "black")
    assert out[..., 1].max() == 0  # the green was wholly transparent


def test_rgba_can_be_kept():
    image = Image.new("RGBA", (2, 2), (10, 20, 30, 40))
    assert pixels(image, channels=4)[0, 0].tolist() == [10, 20, 30, 40]


def test_palette():
    image = Image.new("P", (2, 1))
    image.putpalette([1, 2, 3, 200, 100, 50])
    image.putdata([0, 1])
    assert pixels(image).tolist() == [[[1, 2, 3], [200, 100, 50]]]


def test_palette_with_a_transparent_entry():
    image = Image.new("P", (2, 1))
    image.putpalette([1, 2, 3, 200, 100, 50])
    image.putdata([0, 1])
    out = pixels(image, transparency=0)
    assert out.tolist() == [[[255, 255, 255], [200, 100, 50]]]


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_16_bit_grey_is_scaled_not_clipped(kind):
    values = np.array([[0, 257, 32768, 65535]], "uint16")
    image = Image.fromarray(values)
    out = pixels(image, kind, channels=1)
    assert out.ravel().tolist() == [0, 1, 128, 255]  # values / 257, rounded


def test_16_bit_big_endian_tiff():
    image = Image.frombytes("I;16B", (2, 1), b"\x80\x00\xff\xff")
    assert pixels(image, "TIFF", channels=1).ravel().tolist() == [128, 255]


def test_32_bit_images_are_refused():
    for values in (np.array([[70000]], "int32"), np.array([[0.5]], "float32")):
        with pytest.raises(ValueError, match="Received: "):
            reopen(Image.fromarray(values), "TIFF")


def test_one_bit():
    image = Image.fromarray(np.array([[True, False]]))
    assert image.mode == "1"
    assert pixels(image, channels=1).ravel().tolist() == [255, 0]


def test_cmyk_jpeg():
    image = Image.new("CMYK", (16, 16), (255, 0, 0, 0))  # cyan ink alone
    out = pixels(image, "JPEG", quality=95)
    np.testing.assert_allclose(out[8, 8], [0, 255, 255], atol=3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_undone(orientation):
    upright = np.arange(6, dtype="uint8").reshape(2, 3) * 40
    # How a camera held each way stores the same scene (EXIF 2.32, 4.6.4).
    stored = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.T,
        6: upright.T[::-1],
        7: upright.T[::-1, ::-1],
        8: upright.T[:, ::-1],
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.fromarray(np.ascontiguousarray(stored))
    out = pixels(image, channels=1, exif=exif)
    np.testing.assert_array_equal(out[..., 0], upright)


def test_animation_gives_its_first_frame():
    frames = [Image.new("L", (4, 4), value) for value in (10, 200)]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    file.seek(0)
    assert Image.open(file).n_frames == 2
    assert fit_image(open_image(file), (4, 4, 1)).max() == 10


def test_a_fine_checkerboard_becomes_grey():
    board = (np.indices((64, 64)).sum(0) % 2 * 255).astype("uint8")
    decimated = board[::4, ::4]
    assert set(decimated.ravel()) == {0}  # what aliasing would make of it
    out = fit_image(Image.fromarray(board), (16, 16, 1))
    np.testing.assert_allclose(out, 127.5, atol=3)


def test_the_crop_is_centred():
    # 4 x 12 with the middle square white: the sides fall away evenly.
    wide = np.zeros((4, 12), "uint8")
    wide[:, 4:8] = 255
    assert fit_image(Image.fromarray(wide), (4, 4, 1)).min() == 255
    assert fit_image(Image.fromarray(wide.T.copy()), (4, 4, 1)).min() == 255


def test_height_comes_before_width():
    image = Image.new("L", (40, 20))
    assert fit_image(image, (4, 8, 1)).shape == (4, 8, 1)


def test_one_pixel_can_be_enlarged():
    out = fit_image(Image.new("RGB", (1, 1), (9, 8, 7)), (8, 8, 3))
    assert np.unique(out.reshape(-1, 3), axis=0).tolist() == [[9, 8, 7]]


def test_the_right_size_is_left_alone():
    noise = np.random.default_rng(0).integers(0, 256, (9, 9, 3), "uint8")
    np.testing.assert_array_equal(pixels(Image.fromarray(noise)), noise)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_arrays_are_fitted_like_images(channels):
    noise = np.random.default_rng(0).integers(
        0, 256, (2, 9, 9, channels), "uint8"
    )
    out = fit_array(noise, (5, 5, channels))
    image = Image.fromarray(noise[1, ..., 0] if channels == 1 else noise[1])
    np.testing.assert_array_equal(out[1], fit_image(image, (5, 5, channels)))
