"""Conditional GAN: Mirza and Osindero 2014, arXiv:1411.1784."""

import math
import random
from typing import Any

import keras
from keras import layers, ops

from keras_gans.engine.building import building
from keras_gans.engine.conditional import ClassConditional, check_num_classes
from keras_gans.layers import Maxout
from keras_gans.models import dcgan
from keras_gans.models.gan import GAN
from keras_gans.networks.sizes import builders_named


def dropout(rate: float) -> layers.Dropout:
    """Dropout with a seed of its own, which a checkpoint holds."""
    return layers.Dropout(rate, seed=random.randrange(2**31))


def build_generator(
    image_shape: tuple[int, int, int],
    latent_dim: int,
    num_classes: int,
    units: int,
) -> keras.Model:
    """Latents and labels, a hidden layer each, then a common one, to images."""
    init = {"kernel_initializer": "he_normal"}
    z = keras.Input((latent_dim,), name="latents")
    label = keras.Input((), dtype="int32", name="labels")
    y = ops.one_hot(label, num_classes)
    x = layers.Concatenate()(
        [
            layers.Dense(max(1, units // 6), "relu", **init)(z),
            layers.Dense(units * 5 // 6, "relu", **init)(y),
        ]
    )
    x = layers.Dense(units, "relu", **init)(x)
    x = layers.Dense(int(math.prod(image_shape)))(x)
    x = layers.Reshape(image_shape)(x)
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model([z, label], images, name="generator")


def build_discriminator(
    image_shape: tuple[int, int, int], num_classes: int, units: int
) -> keras.Model:
    """Images and labels, a maxout layer each, then a common one, to logits."""
    images = keras.Input(image_shape, name="images")
    label = keras.Input((), dtype="int32", name="labels")
    x = dropout(0.5)(Maxout(max(1, units // 5), 5)(layers.Flatten()(images)))
    y = Maxout(max(1, units // 24), 5)(ops.one_hot(label, num_classes))
    x = layers.Concatenate()([x, dropout(0.5)(y)])
    x = dropout(0.5)(Maxout(max(1, units // 5), 4)(x))
    logits = layers.Dense(1, dtype="float32")(x)
    return keras.Model([images, label], logits, name="discriminator")


def build_dcgan_generator(
    image_shape: tuple[int, int, int],
    latent_dim: int,
    num_classes: int,
    width: int,
    synchronized: bool = False,
) -> keras.Model:
    """Latents and labels, side by side, to images by doublings.

    Odena et al. 2017, table 1.
    """
    z = keras.Input((latent_dim,), name="latents")
    label = keras.Input((), dtype="int32", name="labels")
    x = layers.Concatenate()([z, ops.one_hot(label, num_classes)])
    x = dcgan.start_maps(x, image_shape, width, activation="relu")
    images = dcgan.grow(x, image_shape, width, synchronized)
    return keras.Model([z, label], images, name="generator")


def build_dcgan_discriminator(
    image_shape: tuple[int, int, int],
    num_classes: int,
    width: int,
    synchronized: bool = False,
) -> keras.Model:
    """Images to logits, by halvings; the label is a channel for each class."""
    images = keras.Input(image_shape, name="images")
    label = keras.Input((), dtype="int32", name="labels")
    height, image_width, _ = image_shape
    y = layers.RepeatVector(height * image_width)(
        ops.one_hot(label, num_classes)
    )
    y = layers.Reshape((height, image_width, num_classes))(y)
    x = layers.Concatenate()([images, y])
    x = dcgan.shrink(x, image_shape, width, synchronized)
    logits = layers.Dense(1, dtype="float32", **dcgan.INIT)(layers.Flatten()(x))
    return keras.Model([images, label], logits, name="discriminator")


NETWORKS = {
    "dense": (build_generator, build_discriminator),
    "dcgan": (build_dcgan_generator, build_dcgan_discriminator),
}


@keras.saving.register_keras_serializable("keras_gans")
class ConditionalGAN(ClassConditional, GAN):
    """GAN that is told a class, Mirza and Osindero 2014.

    Args:
        image_shape: (height, width, channels): any, or one of `DCGAN`'s.
        num_classes: How many classes the labels name.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        units: Units of the generator's last hidden layer; the others follow as
            in the paper's section 4.1.
        networks: "dense", as in the paper, or "dcgan", convolutional.
        width: DCGAN's channels next to the images.
        loss: "non_saturating" or "minimax".
        critic_steps: Steps of the discriminator for one of the generator.
        generator: Your own, from latents (N, latent_dim) and labels (N,) to
            images in [-1, 1].
        discriminator: Your own, from images and labels to logits.
        **kwargs: `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For a loss or networks that there are not, or less than one
            class.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (28, 28, 1),
        num_classes: int = 10,
        latent_dim: int = 100,
        units: int = 1200,
        networks: str = "dense",
        width: int = 64,
        loss: str = "non_saturating",
        critic_steps: int = 1,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        num_classes = check_num_classes(num_classes)
        new_generator, new_discriminator = builders_named(networks, NETWORKS)
        size = width if networks == "dcgan" else units
        with building(**kwargs):
            generator = generator or new_generator(
                image_shape, latent_dim, num_classes, size
            )
            discriminator = discriminator or new_discriminator(
                image_shape, num_classes, size
            )
        super().__init__(
            latent_dim=latent_dim,
            loss=loss,
            critic_steps=critic_steps,
            generator=generator,
            discriminator=discriminator,
            **kwargs,
        )
        self.num_classes = num_classes

    def train_step(self, data: Any) -> dict[str, Any]:
        """Equation 2 by Algorithm 1 of Goodfellow et al. 2014."""
        real, labels = self.unpack(data)
        for _ in range(self.critic_steps):
            fake = ops.stop_gradient(self.fakes_of(labels))
            self.minimize(
                self.discriminator_loss, self.discriminator, real, fake, labels
            )
        self.minimize(self.generator_loss, self.generator, labels)
        return self.get_metrics_result()

    def discriminator_loss(self, real: Any, fake: Any, labels: Any) -> Any:
        """What D minimises: it tells real images of a class from fakes."""
        real_logits = self.discriminator([real, labels], training=True)
        fake_logits = self.discriminator([fake, labels], training=True)
        self.log("real_score", self.score(real_logits))
        self.log("fake_score", self.score(fake_logits))
        return self.of_discriminator(real_logits, fake_logits)

    def generator_loss(self, labels: Any) -> Any:
        """What G minimises: D is to take the fakes for real of their class."""
        fake = self.fakes_of(labels)
        return self.of_generator(
            self.discriminator([fake, labels], training=True)
        )
