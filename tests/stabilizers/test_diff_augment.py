import numpy as np
import pytest
from contract import tiny
from keras import ops

from keras_gans.stabilizers import DiffAugment, diff_augment


def run(function, images, numbers):
    images = ops.convert_to_tensor(images, "float32")
    numbers = ops.convert_to_tensor(numbers, "float32")
    return ops.convert_to_numpy(function(images, numbers))


def test_translation_by_hand():
    # A fifth of 5 pixels is 1: numbers below 1/3 shift by -1, above 2/3 by 1.
    image = np.arange(1.0, 26.0).reshape(1, 5, 5, 1)
    down = run(diff_augment.translation, image, [[0.9, 0.5]])[0, :, :, 0]
    np.testing.assert_allclose(down[0], 0.0)
    np.testing.assert_allclose(down[1:], image[0, :-1, :, 0])
    left = run(diff_augment.translation, image, [[0.5, 0.0]])[0, :, :, 0]
    np.testing.assert_allclose(left[:, -1], 0.0)
    np.testing.assert_allclose(left[:, :-1], image[0, :, 1:, 0])


def test_cutout_by_hand():
    # Half of 4 is 2; the centre is drawn from 0 to 4.
    image = np.ones((1, 4, 4, 2))
    cut = run(diff_augment.cutout, image, [[0.5, 0.0]])[0]
    expected = np.ones((4, 4, 2))
    expected[1:3, :1] = 0.0  # rows 2 - 1 and 2; columns 0 - 1 and 0
    np.testing.assert_allclose(cut, expected)


def test_shares_of_a_side_are_rounded():
    # A fifth of 8 is 1.6, two pixels; half of 5 is 2.5, three.
    image = np.ones((1, 8, 8, 1))
    down = run(diff_augment.translation, image, [[0.99, 0.5]])[0, :, 0, 0]
    np.testing.assert_allclose(down, [0, 0, 1, 1, 1, 1, 1, 1])
    left = run(diff_augment.translation, image[:, :3], [[0.5, 0.0]])[0]
    np.testing.assert_allclose(left[2, :, 0], [1, 1, 1, 1, 1, 1, 0, 0])
    cut = run(diff_augment.cutout, image[:, :5, :5], [[0.5, 0.5]])[0]
    np.testing.assert_allclose(cut[2, :, 0], [1, 0, 0, 0, 1])
    cut = run(diff_augment.cutout, image[:, :3], [[0.5, 0.5]])[0, :, :, 0]
    np.testing.assert_allclose(cut[:, 4], [1, 0, 0])
    np.testing.assert_allclose(cut[1], [1, 1, 0, 0, 0, 0, 1, 1])


def test_colour_by_hand():
    image = np.array([[[[0.0, 1.0]], [[0.0, -0.2]]]])  # two pixels
    same = run(diff_augment.colour, image, [[0.5, 0.5, 0.5]])
    np.testing.assert_allclose(same, image, atol=1e-6)
    # Brighter by 0.25, twice the saturation, half the contrast.
    brighter = image + 0.25
    grey = brighter.mean(-1, keepdims=True)
    vivid = grey + 2.0 * (brighter - grey)
    expected = vivid.mean() + 0.5 * (vivid - vivid.mean())
    changed = run(diff_augment.colour, image, [[0.75, 1.0, 0.0]])
    np.testing.assert_allclose(changed, expected, atol=1e-6)


@pytest.mark.parametrize("channels", [1, 3])
def test_each_image_has_its_own(channels):
    image = np.random.default_rng(0).uniform(-1, 1, (1, 8, 8, channels))
    images = np.repeat(image, 3, axis=0)
    numbers = np.random.default_rng(1).uniform(size=(3, diff_augment.NUMBERS))
    numbers[2] = numbers[0]
    made = run(diff_augment.augment, images, numbers)
    assert made.shape == images.shape
    np.testing.assert_allclose(made[0], made[2], rtol=1e-6)
    assert np.abs(made[0] - made[1]).max() > 0.1


def test_masks_move_with_their_images():
    gan = tiny("GatedInpainting", seed=3)
    masks = gan.takes["masks"].draw(4, np.random.default_rng(0))
    # Above mid-grey, which is what comes in from beyond the edges.
    seen = {"images": ops.convert_to_tensor(masks), "masks": masks}
    kinds = {name: gan.modality_of(name) for name in seen}
    moved = DiffAugment("translation,cutout").change(gan, seen, kinds)
    images, masks_after = map(ops.convert_to_numpy, moved.values())
    np.testing.assert_array_equal(images, masks_after)
    assert (masks_after != masks).any()
    coloured = DiffAugment("colour").change(gan, seen, kinds)
    assert (ops.convert_to_numpy(coloured["images"]) != masks).any()
    np.testing.assert_array_equal(
        ops.convert_to_numpy(coloured["masks"]), masks
    )
