"""Small networks and GANs that translate, enlarge and fill in."""

import keras
import numpy as np
from keras import layers

from keras_gans import distribution
from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.modalities import Image, Mask

INIT = keras.initializers.RandomNormal(stddev=0.3, seed=1)


def conv(filters, size=3, **kwargs):
    return layers.Conv2D(
        filters,
        size,
        padding="same",
        kernel_initializer=INIT,
        bias_initializer=keras.initializers.RandomNormal(seed=2),
        **kwargs,
    )


def convolutional(channels=3, made=3, scale=1, size=(None, None)):
    """Two convolutions, and a doubling after each where `scale` asks for it."""
    x = inputs = keras.Input((*size, channels), name="inputs")
    x = conv(4, 5, activation="relu")(x)
    while scale > 1:
        x = conv(4, activation="tanh")(layers.UpSampling2D()(x))
        scale //= 2
    return keras.Model(inputs, conv(made, activation="tanh")(x))


def nearest(scale=2, channels=3):
    inputs = keras.Input((None, None, channels))
    made = layers.UpSampling2D(scale)(inputs) if scale > 1 else inputs * 1.0
    return keras.Model(inputs, made)


def filling(size=(None, None)):
    """Zeros within the mask, and the image outside of it."""
    images = keras.Input((*size, 3), name="images")
    masks = keras.Input((*size, 1), name="masks")
    return keras.Model([images, masks], images * (1.0 - masks))


def judge(shape):
    images = keras.Input(shape)
    return keras.Model(images, conv(1)(images))


@keras.saving.register_keras_serializable("tests")
class OfPhotographs(TwoPlayerGAN):
    """A GAN of a network of one's own; it is not trained here."""

    def __init__(
        self, generator=None, side=16, times=1, masked=False, **kwargs
    ):
        given = generator or nearest(times)
        channels = given.inputs[0].shape[-1], given.outputs[0].shape[-1]
        takes = {"inputs": Image(side, side, channels[0])}
        if masked:
            takes = {"images": takes["inputs"], "masks": Mask(side, side)}
        large = (side * times, side * times, channels[1])
        super().__init__(
            given,
            lambda: judge(large),
            takes,
            "non_saturating",
            makes={"made": Image(*large)},
            learns_from={"made": Image(*large)},
            **kwargs,
        )
        self.times = times


def noise(height, width, channels=3, dtype="uint8", seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(
        0, np.iinfo(dtype).max + 1, (height, width, channels), dtype
    )


def call(network, image):
    """What a network makes of one image of floats."""
    return np.asarray(distribution.predict_on_batch(network, image[None]))[0]
