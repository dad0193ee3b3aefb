"""The zoo's presets make what they made before the package was rearranged."""

from pathlib import Path

import keras
import numpy as np
import pytest
from contract import given_for

import keras_gans

RECORDED = np.load(Path(__file__).with_name("recorded_samples.npz"))
DIGITS = list("0123456789")
CLOTHES = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
]


@pytest.fixture
def elsewhere():
    """Here the real zoo is wanted, not the one of other tests."""


def test_every_preset_is_recorded():
    assert set(RECORDED) == set(keras_gans.list_presets())


@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="recorded on TensorFlow"
)
@pytest.mark.parametrize("name", RECORDED)
def test_samples_of_seed_0(name):
    gan = keras_gans.AdversarialModel.from_preset(name)
    images = gan.generate(8, seed=0, **given_for(gan, 8))
    assert images.shape == (8, *gan.image_shape)
    assert images.std() > 0.02
    flat = images.reshape(8, -1)
    some = flat[:, :: flat.shape[1] // 48][:, :48]
    np.testing.assert_allclose(some, RECORDED[name], rtol=0, atol=1e-4)


@pytest.mark.parametrize(
    "name, names, chosen",
    [
        ("acgan_mnist", DIGITS, ["3", "7"]),
        ("conditional_gan_mnist", DIGITS, ["0", "9"]),
        ("biggan_fashion_mnist", CLOTHES, ["Bag", "Coat"]),
        ("sagan_fashion_mnist", CLOTHES, ["Ankle boot", "T-shirt/top"]),
    ],
)
def test_classes_have_names(name, names, chosen):
    gan = keras_gans.AdversarialModel.from_preset(name)
    assert gan.takes["labels"].names == names
    made = gan.generate(seed=0, labels=chosen)
    numbers = [names.index(c) for c in chosen]
    by_number = gan.generate(2, seed=0, labels=numbers)
    np.testing.assert_array_equal(made, by_number)
    assert np.abs(made - gan.generate(2, seed=0, labels=0)).max() > 0.1
