import numpy as np
import pytest
from own_variants.growing import Growing
from PIL import Image

from keras_gans import ConditionalGAN
from keras_gans.modalities import ClassLabel, Latents
from keras_gans.modalities import Image as ImageModality
from keras_gans.pictures import (
    check_samples,
    make_grid,
    make_sheet,
    save_samples,
)


def images(num, *shape):
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (num, *shape), dtype="uint8")


def panel(num, *shape):
    return ImageModality(*shape), images(num, *shape)


def test_one_panel_is_a_grid():
    only = panel(5, 6, 4, 3)
    np.testing.assert_array_equal(make_sheet([only]), make_grid(only[1]))
    np.testing.assert_array_equal(
        make_sheet([only], columns=5, scale=None),
        make_grid(only[1], columns=5, scale=10),
    )


def test_panels_become_alike():
    small, large = panel(2, 3, 3, 1), panel(2, 7, 5, 3)
    sheet = make_sheet([small, large], columns=1, padding=0)
    assert sheet.shape == (14, 6 + 5, 3)
    twice = small[1].repeat(2, 1).repeat(2, 2).repeat(3, 3)
    np.testing.assert_array_equal(sheet[:6, :6], twice[0])
    assert (sheet[6, :6] == 255).all()
    np.testing.assert_array_equal(sheet[7:, 6:], large[1][1])


def test_alpha_is_kept():
    grey, rgba = panel(1, 4, 4, 1), panel(1, 4, 4, 4)
    sheet = make_sheet([grey, rgba], padding=0)
    assert sheet.shape == (4, 8, 4) and (sheet[:, :4, 3] == 255).all()
    np.testing.assert_array_equal(sheet[:, 4:], rgba[1][0])


def test_wide_samples_make_a_sheet_that_is_about_square():
    height, width, _ = make_sheet([panel(16, 8, 8, 1)] * 4).shape
    assert (height, width) == (8 * 10 + 2, 2 * 34 + 2)


def test_a_row_for_each_class_with_its_name():
    kind = ClassLabel(3, ["bag", "coat", "shirt"])
    kinds, values = panel(5, 40, 40, 1)
    labels = np.array([2, 0, 2, 0, 2])
    sheet = make_sheet([(kinds, values)], classes=(kind, labels))
    strip, cells = sheet[:, : -3 * 42 - 2], sheet[:, -3 * 42 - 2 :]
    order = [1, 3, None, 0, 2, 4]
    for i, row in enumerate(order):
        top, left = 2 + 42 * (i // 3), 2 + 42 * (i % 3)
        expected = 255 if row is None else values[row]
        np.testing.assert_array_equal(
            cells[top : top + 40, left : left + 40],
            np.broadcast_to(expected, (40, 40, 1)),
        )
    dark = [(strip[top : top + 40] < 128).any((0, 2)) for top in (2, 44)]
    bag, shirt = map(np.argmax, dark)  # where the names begin
    assert 0 < shirt < bag < strip.shape[1] - 8
    other = make_sheet([(kinds, values)], classes=(ClassLabel(3), labels))
    assert other.shape[1] < sheet.shape[1]  # the numbers


def test_rows_of_several_classes_have_no_name():
    kind = ClassLabel(3, ["bag", "coat", "shirt"])
    only = panel(3, 16, 16, 1)
    classes = (kind, np.arange(3))
    np.testing.assert_array_equal(
        make_sheet([only], classes=classes), make_grid(only[1])
    )
    np.testing.assert_array_equal(
        make_sheet([only], 3, classes), make_grid(only[1], 3)
    )


@pytest.mark.parametrize("channels", [(0, 1), (), (-1,)])
def test_channels_are_one_or_three(channels):
    with pytest.raises(ValueError, match=r"Received: channels=\("):
        make_sheet([panel(1, 4, 4, 5)], channels=channels)


def test_channels_are_chosen_where_they_are():
    many, grey = panel(1, 4, 4, 5), panel(1, 4, 4, 1)
    sheet = make_sheet([many, grey], padding=0, channels=(4, 0, 2))
    np.testing.assert_array_equal(sheet[:, :4], many[1][0][..., [4, 0, 2]])
    np.testing.assert_array_equal(sheet[:, 4:], grey[1][0].repeat(3, -1))
    with pytest.raises(ValueError, match=r"4x4x2, channels=\(0, 1, 2\)"):
        make_sheet([panel(1, 4, 4, 2)], channels=(0, 1, 2))


def test_samples_of_a_gan(tmp_path):
    gan = ConditionalGAN((16, 16, 1), 2, latent_dim=4, units=24, seed=1)
    inputs = gan.inputs_for(4, seed=0)
    made = gan.generate_from(inputs)
    save_samples(tmp_path / "new" / "sheet.png", gan, inputs, made)
    with Image.open(tmp_path / "new" / "sheet.png") as picture:
        width, height = picture.size
    assert height == 2 * 18 + 2 and width > 2 * 18 + 2


def test_what_has_no_picture_is_refused():
    gan = Growing(seed=1)
    check_samples(gan)
    gan.makes = {"numbers": Latents(3)}
    with pytest.raises(ValueError, match=r"Growing, which makes latents of 3"):
        check_samples(gan)
