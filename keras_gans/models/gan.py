"""The first GAN: Goodfellow et al. 2014, arXiv:1406.2661."""

import math
import random
from typing import Any

import keras
from keras import layers, ops

from keras_gans import losses
from keras_gans.engine.building import building
from keras_gans.engine.model import AdversarialModel
from keras_gans.layers import Maxout


def build_generator(
    image_shape: tuple[int, int, int], latent_dim: int, units: int
) -> keras.Model:
    """Latents to images through two rectified dense layers."""
    z = x = keras.Input((latent_dim,))
    for _ in range(2):
        x = layers.Dense(units, "relu", kernel_initializer="he_normal")(x)
    x = layers.Dense(int(math.prod(image_shape)))(x)
    x = layers.Reshape(image_shape)(x)
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(z, images, name="generator")


def build_discriminator(
    image_shape: tuple[int, int, int], units: int
) -> keras.Model:
    """Images to logits through two layers of maxout units, with dropout."""
    images = keras.Input(image_shape)
    x = layers.Flatten()(images)
    for _ in range(2):
        # A seed of its own: without, PyTorch draws from its global generator,
        # which no checkpoint holds.
        dropout = layers.Dropout(0.3, seed=random.randrange(2**31))
        x = dropout(Maxout(units)(x))
    logits = layers.Dense(1, dtype="float32")(x)
    return keras.Model(images, logits, name="discriminator")


@keras.saving.register_keras_serializable("keras_gans")
class GAN(AdversarialModel):
    """Generative adversarial networks of dense layers, Goodfellow et al. 2014.

    Args:
        image_shape: (height, width, channels), any.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        units: Units of each hidden layer of the generator; the discriminator
            has a fifth of them, each of five pieces.
        loss: "non_saturating" (section 3) or "minimax" (equation 1).
        critic_steps: Steps of the discriminator for one of the generator,
            the paper's k; all on the same real images, with new latents.
        generator: Your own, from (N, latent_dim) to images in [-1, 1].
        discriminator: Your own, from images to logits.
        **kwargs: `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For a loss that there is not.
    """

    logged: tuple[str, ...] = ("real_score", "fake_score")

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (28, 28, 1),
        latent_dim: int = 100,
        units: int = 1200,
        loss: str = "non_saturating",
        critic_steps: int = 1,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        with building(**kwargs):
            generator = generator or build_generator(
                image_shape, latent_dim, units
            )
            discriminator = discriminator or build_discriminator(
                image_shape, max(1, units // 5)
            )
        if critic_steps < 1:
            raise ValueError(
                "`critic_steps` must be at least 1. "
                f"Received: critic_steps={critic_steps}"
            )
        made, taken = generator.output_shape, discriminator.inputs[0].shape
        if made[1:] != taken[1:]:
            raise ValueError(
                "The discriminator must take what the generator makes. "
                f"Received: {made[1:]} made, {taken[1:]} taken"
            )
        super().__init__(generator, discriminator, latent_dim, **kwargs)
        self.critic_steps = critic_steps
        self.of_discriminator, self.of_generator = losses.get(loss)

    def train_step(self, data: Any) -> dict[str, Any]:
        """Algorithm 1: `critic_steps` of D, then one of G."""
        real = self.unpack(data)
        for _ in range(self.critic_steps):
            self.train_discriminator(real, self.fakes_for(real))
        self.minimize(self.generator_loss, self.generator, real)
        return self.get_metrics_result()

    def train_discriminator(self, real: Any, fake: Any) -> None:
        """One step of D; the fakes are data to it, and G is left alone."""
        fake = ops.stop_gradient(fake)
        self.minimize(self.discriminator_loss, self.discriminator, real, fake)

    def discriminator_loss(self, real: Any, fake: Any) -> Any:
        """What D minimises: it tells `real` (N, H, W, C) from `fake`."""
        real_logits = self.discriminator(real, training=True)
        fake_logits = self.discriminator(fake, training=True)
        self.log("real_score", self.score(real_logits))
        self.log("fake_score", self.score(fake_logits))
        return self.of_discriminator(real_logits, fake_logits)

    def score(self, logits: Any) -> Any:
        """What is logged of D's logits: its probability of "real".

        Themselves, where the loss does not take them for logits of one.
        """
        if self.of_discriminator is losses.cross_entropy_discriminator:
            return ops.sigmoid(logits)
        return logits

    def generator_loss(self, real: Any) -> Any:
        """What G minimises: D is to take as many fakes for real."""
        return self.verdict_on(self.fakes_for(real))

    def verdict_on(self, fake: Any) -> Any:
        """The generator's loss by what D says of `fake`."""
        return self.of_generator(self.discriminator(fake, training=True))

    def fakes_for(self, real: Any) -> Any:
        """Draws G(z), as many images as there are real ones."""
        latents = self.random_latents(ops.shape(real)[0])
        return self.generator(latents, training=True)
