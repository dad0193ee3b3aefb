"""A network that grows over three stages: ProGAN in miniature."""

import functools

import keras
from keras import layers, ops

from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.modalities import Image, Latents
from keras_gans.networks.residual import doubled

SHAPE = (16, 16, 1)


def build_generator(latent_dim):
    """Latents to images of 16x16, by way of maps of 4x4 and 8x8."""
    z = keras.Input((latent_dim,))
    x = layers.Reshape((4, 4, 4))(layers.Dense(64)(z))
    for stage in range(3):
        x = doubled(x) if stage else x
        x = layers.Conv2D(
            4, 3, 1, "same", activation="leaky_relu", name=f"stage_{stage}"
        )(x)
    return keras.Model(z, layers.Conv2D(1, 1, name="to_images")(x))


def build_discriminator():
    images = keras.Input(SHAPE)
    x = layers.Conv2D(4, 4, 4, activation="leaky_relu")(images)
    return keras.Model(images, layers.Dense(1)(layers.Flatten()(x)))


@keras.saving.register_keras_serializable("tests")
class Growing(TwoPlayerGAN):
    def __init__(self, latent_dim=4, steps_a_stage=2, **kwargs):
        super().__init__(
            functools.partial(build_generator, latent_dim),
            build_discriminator,
            {"latents": Latents(latent_dim)},
            "non_saturating",
            makes={"images": Image(*SHAPE)},
            **kwargs,
        )
        self.steps_a_stage = steps_a_stage
        self.traced = []

    def stage(self, step):
        return min(step // self.steps_a_stage, 2)

    def fakes_for(self, real, given=None):
        self.traced.append(self.current_stage)
        latents = self.random_latents(ops.shape(real)[0])
        maps = self.generator.get_layer(f"stage_{self.current_stage}").output
        small = keras.Model(self.generator.input, maps)(latents, training=True)
        images = self.generator.get_layer("to_images")(small)
        size = 16 // images.shape[1]
        return layers.UpSampling2D(size)(images) if size > 1 else images
