import keras
import numpy as np
import pytest
from contract import tiny
from keras import layers

from keras_gans import DCGAN
from keras_gans.engine.model import AdversarialModel
from keras_gans.modalities import Image
from keras_gans.presets.publication.standing import standing_statistics


def test_statistics_are_those_of_the_weights_that_are_used():
    z = keras.Input((2,))
    start = keras.initializers.Constant(3.0)
    dense = layers.Dense(1, use_bias=False, kernel_initializer=start)
    norm = layers.BatchNormalization()
    generator = keras.Model(z, layers.Reshape((1, 1, 1))(norm(dense(z))))
    images = keras.Input((1, 1, 1))
    judge = keras.Model(images, layers.Dense(1)(layers.Flatten()(images)))
    gan = DCGAN(
        (1, 1, 1), 2, generator=generator, discriminator=judge, ema_decay=0.9
    )
    standing_statistics(gan, num_batches=4, batch_size=5, seed=3)
    activations = 3.0 * gan.sample_latents(20, 3).sum(1)
    *_, mean, variance = gan.ema_generator.get_weights()
    np.testing.assert_allclose(mean, activations.mean(), rtol=1e-4)
    np.testing.assert_allclose(variance, activations.var(), rtol=1e-4)
    # The live generator, and all else, stay as they were.
    np.testing.assert_array_equal(norm.moving_mean, 0.0)
    np.testing.assert_array_equal(gan.ema_generator.get_weights()[0], 3.0)


def test_nothing_but_statistics_changes():
    gan = tiny("BigGAN", ema_decay=0.9)
    before = gan.ema_generator.get_weights()
    standing_statistics(gan, num_batches=1, batch_size=20)
    changed = {
        weight.name
        for weight, old in zip(gan.ema_generator.weights, before, strict=True)
        if not np.array_equal(weight, old)
    }
    assert changed == {"moving_mean", "moving_variance"}


def test_generators_without_batch_norm_stay():
    gan = tiny("R3GAN")
    before = gan.generator.get_weights()
    standing_statistics(gan)
    for old, new in zip(before, gan.generator.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def build_translator():
    images = keras.Input((1, 1, 1))
    return keras.Model(images, layers.BatchNormalization()(images))


def test_every_generator_of_the_maker_is_measured():
    class There(AdversarialModel):
        maker, averaged, judges = "generators", ("generators",), ()

    image = Image(1, 1, 1)
    gan = There(
        {"generators": [build_translator] * 2},
        {"images_a": image},
        {"images_b": image},
        ema_decay=0.5,
    )
    rng = np.random.default_rng(0)
    rows = {
        name: rng.integers(0, 256, (30, 1, 1, 1), "uint8")
        for name in ("images_a", "images_b")
    }
    standing_statistics(gan, batch_size=10, **rows)
    averages = gan.inference_generators
    assert averages is not gan.generators and len(averages) == 2
    for network, values in zip(averages, rows.values(), strict=True):
        *_, mean, variance = network.get_weights()
        values = values / 127.5 - 1
        np.testing.assert_allclose(mean, values.mean(), rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(variance, values.var(), rtol=1e-4)
    with pytest.raises(ValueError, match=r"images_b.*Received: images_a"):
        standing_statistics(gan, images_a=rows["images_a"])
