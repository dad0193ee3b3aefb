"""Two generators and two discriminators: CycleGAN in miniature, Zhu 2017."""

import keras
from keras import layers, ops

from keras_gans import data, losses
from keras_gans.engine.model import AdversarialModel
from keras_gans.modalities import Image

SHAPE = (16, 16, 1)
OF_CRITIC, OF_MAKER = losses.least_squares(0.0, 1.0, 1.0)


def build_generator():
    images = keras.Input(SHAPE)
    x = layers.Conv2D(4, 3, 1, "same", activation="leaky_relu")(images)
    return keras.Model(images, layers.Conv2D(1, 3, 1, "same")(x))


def build_discriminator():
    images = keras.Input(SHAPE)
    x = layers.Conv2D(4, 4, 2, "same", activation="leaky_relu")(images)
    return keras.Model(images, layers.Conv2D(1, 4, 1, "same")(x))


@keras.saving.register_keras_serializable("tests")
class UnpairedImages(AdversarialModel):
    reader = staticmethod(data.unpaired)
    maker, averaged, judges = "generators", ("generators",), ("critics",)

    def __init__(self, **kwargs):
        players = {
            "generators": [build_generator] * 2,
            "critics": [build_discriminator] * 2,
        }
        a, b = Image(*SHAPE), Image(*SHAPE)
        super().__init__(players, {"images_a": a}, {"images_b": b}, **kwargs)

    def train_step(self, data):
        both = [self.rows(data)[name] for name in ("images_a", "images_b")]
        self.minimize(self.judge_loss, self.critics, *both)
        self.minimize(self.maker_loss, self.generators, *both)
        return self.get_metrics_result()

    def across(self, a, b):
        to_b, to_a = self.generators
        return to_a(b, training=True), to_b(a, training=True)

    def judge_loss(self, a, b):
        fakes = [ops.stop_gradient(fake) for fake in self.across(a, b)]
        of_a = OF_CRITIC(*self.look(a, fakes[0], by=self.critics[0]))
        return of_a + OF_CRITIC(*self.look(b, fakes[1], by=self.critics[1]))

    def maker_loss(self, a, b):
        fakes = self.across(a, b)
        again_a, again_b = self.across(*fakes)
        loss = 10.0 * ops.mean(ops.abs(a - again_a) + ops.abs(b - again_b))
        for critic, fake in zip(self.critics, fakes, strict=True):
            loss += OF_MAKER(self.look(None, fake, by=critic)[1])
        return loss
