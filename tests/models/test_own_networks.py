"""Networks of one's own: a GAN of them trains, and is saved and loaded."""

import keras
import numpy as np
import pytest
from keras import layers

import keras_gans

SHAPE = (16, 24, 3)


def sequential(shape, *stack, is_built):
    """A network, which says its input's shape or is built without."""
    if is_built:
        return keras.Sequential([keras.Input(shape), *stack])
    network = keras.Sequential(stack)
    network.build((None, *shape))
    return network


def networks(is_built):
    """Players of dense and of convolutional layers, for a rectangle."""
    generator = sequential(
        (8,),
        layers.Dense(4 * 6 * 4, activation="relu"),
        layers.Reshape((4, 6, 4)),
        layers.Conv2DTranspose(4, 4, 2, "same"),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Conv2DTranspose(3, 4, 2, "same", activation="tanh"),
        is_built=is_built,
    )
    discriminator = sequential(
        SHAPE,
        layers.Conv2D(4, 4, 2, "same"),
        layers.LeakyReLU(0.2),
        layers.Flatten(),
        layers.Dense(1),
        is_built=is_built,
    )
    return {"generator": generator, "discriminator": discriminator}


@keras.saving.register_keras_serializable("tests")
class Generator(keras.Model):
    """A subclassed model, which knows no inputs before it is built."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dense = layers.Dense(4 * 6 * 4, activation="relu")
        self.map = layers.Reshape((4, 6, 4))
        self.up = layers.Conv2DTranspose(3, 4, 4, "same", activation="tanh")

    def call(self, latents):
        return self.up(self.map(self.dense(latents)))


@keras.saving.register_keras_serializable("tests")
class Discriminator(keras.Model):
    """The same, of images."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.conv = layers.Conv2D(4, 4, 4, activation="relu")
        self.flat = layers.Flatten()
        self.logit = layers.Dense(1)

    def call(self, images):
        return self.logit(self.flat(self.conv(images)))


def subclassed():
    """Players that are built, one by a call."""
    generator, discriminator = Generator(), Discriminator()
    generator.build((None, 8))
    discriminator(np.zeros((1, *SHAPE), "float32"))
    return {"generator": generator, "discriminator": discriminator}


def test_a_subclassed_model_is_built_first():
    with pytest.raises(ValueError, match=r"or call it once. Received: <Gener"):
        keras_gans.DCGAN(SHAPE, 8, generator=Generator())


@pytest.mark.parametrize(
    "made",
    [lambda: networks(True), lambda: networks(False), subclassed],
)
def test_a_gan_of_ones_own_networks_trains_and_is_saved(made, tmp_path):
    gan = keras_gans.DCGAN(SHAPE, 8, seed=0, ema_decay=0.9, **made())
    gan.compile(run_eagerly=keras.backend.backend() != "jax")
    first = gan.generate(4, seed=0)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (16, *SHAPE), dtype="uint8")
    # A list of callbacks that is Keras's own is taken as any other list.
    noted = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: losses.append(logs["generator_loss"])
    )
    losses = []
    gan.fit(
        images,
        batch_size=8,
        epochs=2,
        callbacks=keras.callbacks.CallbackList([noted]),
        verbose=0,
    )
    assert len(losses) == 2
    trained = gan.generate(4, seed=0)
    assert trained.shape == (4, *SHAPE)
    assert np.abs(trained - first).max() > 1e-4
    gan.save(tmp_path / "gan.keras")
    again = keras.saving.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(again.generate(4, seed=0), trained)
    gan.save_to_preset(tmp_path / "preset")
    again = keras_gans.load(tmp_path / "preset")
    np.testing.assert_array_equal(again.generate(4, seed=0), trained)
    assert [type(layer) for layer in again.generator.layers] == [
        type(layer) for layer in gan.generator.layers
    ]
