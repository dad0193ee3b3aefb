"""Conditional GAN: Mirza and Osindero 2014, arXiv:1411.1784."""

import functools
import math
from typing import Any

import keras
from keras import layers

from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.layers import Maxout
from keras_gans.modalities import Condition, Latents, Modality
from keras_gans.networks import dcgan
from keras_gans.networks.conditions import (
    condition_input,
    labels_of,
    vectors,
)
from keras_gans.networks.dcgan import dropout
from keras_gans.networks.sizes import builders_named


def build_generator(
    image_shape: tuple[int, int, int],
    latent_dim: int,
    condition: Modality | int,
    units: int,
) -> keras.Model:
    """Builds the dense generator, from latents and labels to images.

    Latents and labels have a hidden layer each, before a common one.
    """
    init = {"kernel_initializer": "he_normal"}
    z = keras.Input((latent_dim,), name="latents")
    label = condition_input(condition)
    y = vectors(label, condition)
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
    image_shape: tuple[int, int, int], condition: Modality | int, units: int
) -> keras.Model:
    """Builds the dense discriminator, from images and labels to logits.

    Images and labels have a maxout layer each, before a common one.
    """
    images = keras.Input(image_shape, name="images")
    label = condition_input(condition)
    x = dropout(0.5)(Maxout(max(1, units // 5), 5)(layers.Flatten()(images)))
    y = Maxout(max(1, units // 24), 5)(vectors(label, condition))
    x = layers.Concatenate()([x, dropout(0.5)(y)])
    x = dropout(0.5)(Maxout(max(1, units // 5), 4)(x))
    logits = layers.Dense(1, dtype="float32")(x)
    return keras.Model([images, label], logits, name="discriminator")


NETWORKS = {
    "dense": (build_generator, build_discriminator),
    "dcgan": (
        dcgan.build_conditional_generator,
        dcgan.build_conditional_discriminator,
    ),
}


@keras.saving.register_keras_serializable("keras_gans")
class ConditionalGAN(TwoPlayerGAN):
    """Class-conditional GAN, Mirza and Osindero 2014.

    Both players take the class as an input.

    Args:
        image_shape: (height, width, channels): any for "dense" networks; as
            in `DCGAN` for "dcgan".
        num_classes: Number of classes.
        class_names: The names of the classes, in the order of their numbers;
            None to take those of the data in `fit`.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        units: Units of the generator's last hidden layer. The other layers are
            in proportion to it, as in the paper's section 4.1.
        networks: "dense" for the paper's networks, "dcgan" for convolutional
            ones.
        width: `width` of the "dcgan" networks, as in `DCGAN`.
        loss: "non_saturating", another of `keras_gans.losses.LOSSES`, or a
            pair of functions.
        critic_steps: Steps of the discriminator for each of the generator.
        generator: Your own generator, from latents (N, latent_dim) and labels
            (N,) to images in [-1, 1].
        discriminator: Your own discriminator, from images and labels to
            logits.
        condition: What the generator is told in place of a class: a
            `keras_gans.modalities.MultiLabel` (any number of classes for each
            image) or `Attributes` (real numbers). None for a class for each
            image.
        **kwargs: `stabilizers`, `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For unknown losses or networks, for less than one class,
            and for an unknown condition.
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
        class_names: list[str] | None = None,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        condition: Condition | None = None,
        **kwargs: Any,
    ):
        new_generator, new_discriminator = builders_named(networks, NETWORKS)
        size = width if networks == "dcgan" else units
        labels = labels_of(num_classes, class_names, condition)
        super().__init__(
            generator
            or functools.partial(
                new_generator, image_shape, latent_dim, labels, size
            ),
            discriminator
            or functools.partial(new_discriminator, image_shape, labels, size),
            {"latents": Latents(latent_dim), "labels": labels},
            loss,
            critic_steps,
            **kwargs,
        )
