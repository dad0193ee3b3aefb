"""ACGAN: Odena, Olah and Shlens 2017, arXiv:1610.09585."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from keras_gans import distribution
from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.layers import DownsamplingConv2D
from keras_gans.modalities import ClassLabel, Latents
from keras_gans.networks.dcgan import (
    INIT,
    batch_norm,
    build_conditional_generator,
    dropout,
    widths,
)


def build_discriminator(
    image_shape: tuple[int, int, int],
    num_classes: int,
    width: int,
    synchronized: bool = False,
    rate: float = 0.5,
) -> keras.Model:
    """Builds D: images to logits of real or fake, and of their class."""
    images = x = keras.Input(image_shape)
    for i, filters in enumerate(widths(image_shape, width)):
        x = DownsamplingConv2D(filters, use_bias=not i, **INIT)(x)
        x = batch_norm(synchronized)(x) if i else x
        x = layers.LeakyReLU(0.2)(x)
        x = dropout(rate)(x)
    x = layers.Flatten()(x)
    source = layers.Dense(1, dtype="float32", **INIT)(x)
    classes = layers.Dense(num_classes, dtype="float32", **INIT)(x)
    return keras.Model(images, [source, classes], name="discriminator")


@keras.saving.register_keras_serializable("keras_gans")
class ACGAN(TwoPlayerGAN):
    """GAN with an auxiliary classifier, Odena et al. 2017.

    The discriminator has two outputs: whether an image is real, and its class.
    With L_S and L_C the log-likelihoods of the right source and of the right
    class, D maximises L_S + L_C and G maximises L_C - L_S (section 3).

    Args:
        image_shape: (height, width, channels): height and width are 3 to 8
            times the same power of two, up to 1024 (28, 32, 48, 64, ...); any
            number of channels.
        num_classes: Number of classes.
        class_names: The names of the classes, in the order of their numbers;
            None to take those of the data in `fit`.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        width: Channels of the layer next to the images; they double with
            every halving of the maps, up to 8 times this number.
        class_weight: Weight of L_C, 1 in the paper.
        dropout: Rate of the dropout after each layer of the discriminator, in
            [0, 1); 0.5 in the paper.
        loss: The losses for L_S: "non_saturating", or another of
            `keras_gans.losses.LOSSES`.
        critic_steps: Steps of the discriminator for each of the generator.
        synchronized: Whether batch norm uses the statistics of the whole batch
            where several devices share it, instead of each device's own.
        generator: Your own generator, from latents (N, latent_dim) and labels
            (N,) to images in [-1, 1].
        discriminator: Your own discriminator, from images to logits of real
            or fake (N, 1) and of the class (N, num_classes).
        **kwargs: `stabilizers`, `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an unsupported image shape, an unknown loss, less than
            one class, or a dropout outside of [0, 1).
    """

    logged = ("real_score", "fake_score", "real_accuracy", "fake_accuracy")

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (32, 32, 3),
        num_classes: int = 10,
        latent_dim: int = 110,
        width: int = 64,
        class_weight: float = 1.0,
        dropout: float = 0.5,
        loss: str = "non_saturating",
        critic_steps: int = 1,
        synchronized: bool = False,
        class_names: list[str] | None = None,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        if not 0.0 <= dropout < 1.0:
            raise ValueError(
                f"`dropout` must be in [0, 1). Received: dropout={dropout}"
            )
        labels = ClassLabel(num_classes, class_names)
        super().__init__(
            generator
            or functools.partial(
                build_conditional_generator,
                image_shape,
                latent_dim,
                num_classes,
                width,
                synchronized,
            ),
            discriminator
            or functools.partial(
                build_discriminator,
                image_shape,
                num_classes,
                width,
                synchronized,
                dropout,
            ),
            {"latents": Latents(latent_dim), "labels": labels},
            loss,
            critic_steps,
            **kwargs,
        )
        self.class_weight = class_weight

    @property
    def sees(self) -> tuple[str, ...]:
        """What D takes: images only, since it predicts the class."""
        return tuple(self.makes)

    @property
    def heads(self) -> tuple[int, ...]:
        """What D predicts: logits of the classes."""
        return (self.num_classes,)

    @property
    def scores(self) -> Mapping[str, Callable]:
        """How often the auxiliary classifier is right on held-out rows.

        "real_accuracy" is that on their images, "fake_accuracy" that on what
        is made for their labels.
        """
        return {
            "real_accuracy": lambda real, _, labels: self.knows(real, labels),
            "fake_accuracy": lambda _, made, labels: self.knows(made, labels),
        }

    def knows(self, images: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Returns whether D, used for inference, finds the label: bool (N,)."""
        _, logits = distribution.predict(self.discriminator, images, 64)
        return np.argmax(logits, -1) == labels

    def discriminator_loss(
        self, real: Any, fake: Any, given: dict[str, Any]
    ) -> Any:
        """-(L_S + L_C), equations 2 and 3."""
        labels = given["labels"]
        said_of_real, said_of_fake = self.look(real, fake)
        real_source, real_classes = said_of_real
        fake_source, fake_classes = said_of_fake
        self.log("real_score", self.score(real_source))
        self.log("fake_score", self.score(fake_source))
        self.log("real_accuracy", hits(real_classes, labels))
        self.log("fake_accuracy", hits(fake_classes, labels))
        of_class = class_loss(real_classes, labels)
        of_class = of_class + class_loss(fake_classes, labels)
        of_source = self.of_discriminator(real_source, fake_source)
        return of_source + self.class_weight * of_class

    def verdict(self, *said: Any, given: dict[str, Any]) -> Any:
        """-(L_C - L_S) of the generated images, section 3."""
        of_source = self.of_generator(*(source for source, _ in said))
        _, classes = said[-1]
        of_class = class_loss(classes, given["labels"])
        return of_source + self.class_weight * of_class


def class_loss(logits: Any, labels: Any) -> Any:
    """-E[log P(C = c | X)], equation 3, from logits (N, classes)."""
    return ops.mean(
        keras.losses.sparse_categorical_crossentropy(
            labels, logits, from_logits=True
        )
    )


def hits(logits: Any, labels: Any) -> Any:
    """Returns 1 where the largest logit is the label's, else 0: (N,)."""
    right = ops.equal(ops.cast(ops.argmax(logits, axis=-1), "int32"), labels)
    return ops.cast(right, "float32")
