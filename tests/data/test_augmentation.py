import keras
import numpy as np
import pytest

from keras_gans.data import Images, augment

keras_cv = pytest.importorskip("keras_cv")

IMAGES = np.random.default_rng(0).integers(0, 256, (40, 12, 12, 3), "uint8")


def test_a_flip_is_exact_and_takes_about_half():
    out = augment(IMAGES)[:]
    assert out.dtype == "uint8"
    same = (out == IMAGES).all((1, 2, 3))
    flipped = (out == IMAGES[:, :, ::-1]).all((1, 2, 3))
    assert (same ^ flipped).all()
    assert 8 <= flipped.sum() <= 32  # 20 expected, deviation 3.2


def test_draws_depend_on_the_seed_and_the_rows_alone():
    layers = [
        keras_cv.layers.RandomFlip("horizontal"),
        keras_cv.layers.RandomTranslation(0.2, 0.2, fill_mode="reflect"),
    ]
    source = augment(IMAGES, layers, seed=1)
    rows = np.array([3, 1, 2, 8])
    first = source[rows]
    source[rows[::-1]]
    np.testing.assert_array_equal(source[rows], first)
    again = augment(IMAGES, layers, seed=1)
    np.testing.assert_array_equal(again[rows], first)
    other = augment(IMAGES, layers, seed=2)
    assert not np.array_equal(other[rows], first)
    assert not np.array_equal(source[rows[::-1]][::-1], first)


def test_draws_differ_from_pass_to_pass():
    source = augment(IMAGES, seed=1)
    rows = np.arange(20)
    first, second = source.in_pass(0)[rows], source.in_pass(1)[rows]
    np.testing.assert_array_equal(first, source[rows])
    assert not np.array_equal(first, second)
    again = source.in_pass(7).in_pass(1)[rows]
    np.testing.assert_array_equal(second, again)


def test_each_image_gets_its_own_draw():
    gradient = np.tile(np.arange(12, dtype="uint8") * 20, (40, 12, 1))
    layers = [keras_cv.layers.RandomTranslation(0.0, 0.4, fill_mode="nearest")]
    out = augment(gradient[..., None], layers)[:]
    assert len(np.unique(out.reshape(40, -1), axis=0)) > 20


def test_crops_change_the_shape():
    source = augment(IMAGES, [keras_cv.layers.RandomCrop(8, 8)])
    assert source.image_shape == (8, 8, 3)
    assert source[:5].shape == (5, 8, 8, 3)


def test_it_wraps_labelled_sources():
    source = Images(IMAGES, np.arange(40), ["x"] * 40, name="noise")
    out = augment(source)
    assert out.labels is source.labels and out.class_names is source.class_names
    assert len(out) == 40 and out.name == "noise augmented"


def test_float_images_are_accepted():
    out = augment((IMAGES / 127.5 - 1).astype("float32"), layers=[])
    np.testing.assert_array_equal(out[:], IMAGES)


def test_one_layer_is_taken_like_a_list_of_layers():
    layer = keras.layers.RandomTranslation(0.2, 0.2)
    one, several = augment(IMAGES, layer), augment(IMAGES, [layer])
    np.testing.assert_array_equal(one[:9], several[:9])
    assert not np.array_equal(one[:9], IMAGES[:9])
    assert one.report().changes == "RandomTranslation"
