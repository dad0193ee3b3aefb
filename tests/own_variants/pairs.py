"""Pairs of photographs: Pix2Pix in miniature, Isola et al. 2017."""

from functools import partial
from types import MappingProxyType

import keras
import numpy as np
from keras import layers, ops

from keras_gans import data, losses
from keras_gans.engine.model import AdversarialModel
from keras_gans.modalities import Image


def build_generator(shape):
    inputs = keras.Input(shape)
    x = layers.Conv2D(4, 3, 2, "same", activation="leaky_relu")(inputs)
    x = layers.Conv2DTranspose(4, 4, 2, "same", activation="leaky_relu")(x)
    x = layers.Concatenate()([x, inputs])
    return keras.Model(inputs, layers.Conv2D(shape[-1], 3, 1, "same")(x))


def build_discriminator(shape):
    images, inputs = keras.Input(shape), keras.Input(shape)
    x = layers.Concatenate()([images, inputs])
    x = layers.Conv2D(4, 4, 2, "same", activation="leaky_relu")(x)
    return keras.Model([images, inputs], layers.Conv2D(1, 4, 1, "same")(x))


def l1(real, made):
    return np.abs(real - made).mean((1, 2, 3))


@keras.saving.register_keras_serializable("tests")
class Pairs(AdversarialModel):
    reader = staticmethod(data.pairs)
    scores = MappingProxyType({"l1": l1})

    def __init__(self, image_shape=(16, 16, 1), weight=100.0, **kwargs):
        image = Image(*image_shape)
        super().__init__(
            {
                "generator": partial(build_generator, image_shape),
                "discriminator": partial(build_discriminator, image_shape),
            },
            takes={"inputs": image},
            makes={"images": image},
            **kwargs,
        )
        self.weight = weight

    def train_step(self, data):
        real, given = self.unpack(data)
        fake = ops.stop_gradient(self.fakes_for(real, given))
        self.minimize(self.judge_loss, self.discriminator, real, fake, given)
        self.minimize(self.maker_loss, self.generator, real, given)
        return self.get_metrics_result()

    def judge_loss(self, real, fake, given):
        return losses.hinge_discriminator(*self.look(real, fake, **given))

    def maker_loss(self, real, given):
        fake = self.fakes_for(real, given)
        _, logits = self.look(None, fake, **given)
        near = self.weight * ops.mean(ops.abs(real - fake))
        return losses.wasserstein_generator(logits) + near
