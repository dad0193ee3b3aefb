"""Pairs of photographs: Pix2Pix in miniature, Isola et al. 2017."""

from types import MappingProxyType

import keras
from keras import layers, ops

from keras_gans import data, losses
from keras_gans.engine.model import AdversarialModel
from keras_gans.modalities import Image

SHAPE = (16, 16, 1)


def build_generator():
    inputs = keras.Input(SHAPE)
    x = layers.Conv2D(4, 3, 2, "same", activation="leaky_relu")(inputs)
    x = layers.Conv2DTranspose(4, 4, 2, "same", activation="leaky_relu")(x)
    x = layers.Concatenate()([x, inputs])
    return keras.Model(inputs, layers.Conv2D(1, 3, 1, "same")(x))


def build_discriminator():
    images, inputs = keras.Input(SHAPE), keras.Input(SHAPE)
    x = layers.Concatenate()([images, inputs])
    x = layers.Conv2D(4, 4, 2, "same", activation="leaky_relu")(x)
    return keras.Model([images, inputs], layers.Conv2D(1, 4, 1, "same")(x))


@keras.saving.register_keras_serializable("tests")
class Pairs(AdversarialModel):
    reader = staticmethod(data.pairs)
    scores = MappingProxyType({"l1": lambda x, y: abs(x - y).mean((1, 2, 3))})

    def __init__(self, **kwargs):
        players = {
            "generator": build_generator,
            "discriminator": build_discriminator,
        }
        image = Image(*SHAPE)
        super().__init__(
            players, {"inputs": image}, {"images": image}, **kwargs
        )

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
        return 100.0 * ops.mean(ops.abs(real - fake)) - ops.mean(logits)
