"""Sizes of maps, by hand, and the errors that name the nearest."""

import pytest

from keras_gans.networks import sizes


@pytest.mark.parametrize(
    ("image", "start", "times"),
    [
        ((28, 28), (7, 7), 2),
        ((64, 64), (4, 4), 4),
        ((6, 16), (3, 8), 1),
        ((192, 256), (3, 4), 6),
        ((1024, 512), (8, 4), 7),
        ((768, 1024), (3, 4), 8),
    ],
)
def test_first_maps_are_as_small_as_possible(image, start, times):
    assert sizes.check_size((*image, 1)) == (start, times)
    assert sizes.start_size((*image, 2)) == start
    assert sizes.doublings((*image, 2000)) == times


@pytest.mark.parametrize(
    ("image", "nearest"),
    [
        ((50, 50, 3), r"\(48, 48\) or \((48, 56|56, 48)\)"),
        ((12, 64, 3), r"\(24, 64\) or \((32, 64|24, 56|16, 48)\)"),
        ((1500, 1024, 1), r"\(1024, 1024\) or \((896, 1024|1024, 896)\)"),
        ((3, 4, 1), r"\(6, 6\) or \((6, 8|8, 6)\)"),
    ],
)
def test_errors_name_the_nearest_sizes(image, nearest):
    with pytest.raises(ValueError, match=f"such as {nearest}. Received"):
        sizes.check_size(image)


@pytest.mark.parametrize("shape", [(64, 64), (64, 64, 0), (0, 64, 3)])
def test_what_is_no_shape_is_refused_without_a_suggestion(shape):
    with pytest.raises(ValueError, match=r"up to 1024\. Received"):
        sizes.check_size(shape)


def test_attention_is_between_the_first_maps_and_the_images():
    for height in (8, 16, 32):
        sizes.chosen_attention_size((64, 128, 3), height)
    for height in (4, 64, 24):
        with pytest.raises(ValueError, match=r"one of \[8, 16, 32\]"):
            sizes.chosen_attention_size((64, 128, 3), height)


@pytest.mark.parametrize(
    ("height", "chosen"),
    [(28, 14), (32, 16), (48, 24), (64, 32), (96, 24), (80, 20), (192, 24),
     (384, 24), (256, 32), (1024, 32)],
)  # fmt: skip
def test_attention_is_at_the_largest_maps_up_to_32(height, chosen):
    shape = (height, height, 3)
    assert sizes.chosen_attention_size(shape, None) == chosen
