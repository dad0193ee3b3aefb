"""Pairs whose inputs are made from the images themselves."""

import numpy as np
import pytest
from PIL import Image

from keras_gans import data
from keras_gans.data.paired.making import grey, sketch


def test_grey_by_hand():
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], "uint8")
    # 0.299, 0.587 and 0.114 of 255
    assert grey(colours).tolist() == [[[76], [150], [29]]]


def test_sketch_by_hand():
    image = np.zeros((3, 4, 3), "uint8")
    image[:, 2:] = 40
    # The step of 40 lies between the second and the third column; Sobel's
    # filter sees half of it on each side. Twice that is taken from white.
    assert sketch(image)[..., 0].tolist() == [[255, 215, 215, 255]] * 3
    steep = np.zeros((4, 3, 3), "uint8")
    steep[2:] = 255
    assert sketch(steep)[:, 0, 0].tolist() == [255, 0, 0, 255]
    # A corner: half of 40 across and as much down, at right angles.
    corner = np.zeros((6, 6, 3), "uint8")
    corner[3:, 3:] = 80
    lines = sketch(corner)[..., 0]
    across = down = (2 + 1) * 80 / 8
    assert lines[3, 3] == round(255 - 2 * np.hypot(across, down))


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    for i in range(4):
        pixels = rng.integers(0, 256, (20, 24, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{i}.png")
    return tmp_path


def test_inputs_are_made_of_the_images(folder):
    pairs = data.pairs(folder, make="grey")
    assert pairs.modalities["inputs"].shape == (20, 24, 1)
    assert pairs.modalities["images"].shape == (20, 24, 3)
    rows = pairs.rows(np.array([2, 0]))
    for taken, made in zip(rows["inputs"], rows["images"], strict=True):
        np.testing.assert_array_equal(taken, grey(made))
    with Image.open(folder / "2.png") as picture:
        np.testing.assert_array_equal(rows["images"][0], np.asarray(picture))
    assert list(pairs.origins()) == ["images"]


def test_they_are_changed_alike(folder):
    pairs = data.pairs(folder, 16, make="grey", flip=True, jitter=4)
    one, other = (pairs.in_pass(k).rows(np.arange(4)) for k in (0, 1))
    assert one["images"].shape == (4, 16, 16, 3)
    assert (one["images"] != other["images"]).any()
    np.testing.assert_array_equal(
        one["inputs"], np.stack([grey(image) for image in one["images"]])
    )


def test_any_function_makes_inputs_and_sides_can_be_swapped(folder):
    def halve(image):
        return image[::2, ::2]

    pairs = data.pairs(folder, 16, make=halve, swap=True, names=("a", "b"))
    shapes = {name: m.shape for name, m in pairs.modalities.items()}
    assert shapes == {"a": (16, 16, 3), "b": (8, 8, 3)}


def test_an_unknown_name_is_refused(folder):
    with pytest.raises(ValueError, match=r"'grey', 'sketch'.*make='gray'"):
        data.pairs(folder, make="gray")
