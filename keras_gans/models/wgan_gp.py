"""WGAN-GP: Gulrajani et al. 2017, arXiv:1704.00028."""

from typing import Any

import keras
from keras import layers, ops

from keras_gans.engine.building import building
from keras_gans.layers import BatchNormalization
from keras_gans.models import dcgan
from keras_gans.models.gan import GAN
from keras_gans.networks.residual import residual_down, residual_up
from keras_gans.networks.sizes import builders_named, doublings, start_size
from keras_gans.penalties import gradient_penalty


def conv(filters: int, size: int) -> layers.Layer:
    """A convolution, started as He et al. 2015 do (appendix F)."""
    return layers.Conv2D(
        filters, size, padding="same", kernel_initializer="he_uniform"
    )


def build_generator(
    image_shape: tuple[int, int, int],
    latent_dim: int,
    width: int,
    synchronized: bool = False,
) -> keras.Model:
    """Latents to images: residual blocks that double the maps (appendix F)."""

    def norm(x: Any) -> Any:
        return BatchNormalization(synchronized, momentum=0.9, epsilon=1e-5)(x)

    start = start_size(image_shape)
    z = keras.Input((latent_dim,))
    x = layers.Dense(start * start * width)(z)
    x = layers.Reshape((start, start, width))(x)
    for _ in range(doublings(image_shape)):
        x = residual_up(x, width, conv, norm)
    x = conv(image_shape[-1], 3)(layers.ReLU()(norm(x)))
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(z, images, name="generator")


def build_discriminator(
    image_shape: tuple[int, int, int], width: int
) -> keras.Model:
    """Images to the critic's values; no norm, which would mix the images.

    Two blocks halve the maps and two leave them (appendix F); larger images
    are halved further.
    """
    images = x = keras.Input(image_shape)
    for i in range(max(2, doublings(image_shape) - 1)):
        x = residual_down(x, width, conv, first=not i)
    for _ in range(2):
        x = residual_down(x, width, conv, down=False)
    x = layers.GlobalAveragePooling2D()(layers.ReLU()(x))
    # A bias would cancel in the difference of equation 3.
    values = layers.Dense(1, use_bias=False, dtype="float32")(x)
    return keras.Model(images, values, name="discriminator")


def build_dcgan_discriminator(
    image_shape: tuple[int, int, int], width: int
) -> keras.Model:
    """DCGAN's discriminator without its norm, as a critic."""
    return dcgan.build_discriminator(
        image_shape, width, use_bias=False, use_norm=False
    )


NETWORKS = {
    "residual": (build_generator, build_discriminator),
    "dcgan": (dcgan.build_generator, build_dcgan_discriminator),
}


@keras.saving.register_keras_serializable("keras_gans")
class WGANGP(GAN):
    """Wasserstein GAN with gradient penalty, Gulrajani et al. 2017.

    Args:
        image_shape: (height, width, channels): square, with a side of 16, 28,
            32, 64, 128 or 256; any number of channels.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        width: Channels of all residual blocks, or DCGAN's next to the images.
        networks: "residual", of appendix F, or "dcgan", which the paper has
            too and which a CPU runs many times as fast.
        penalty_weight: The paper's lambda.
        critic_steps: Steps of the critic for one of the generator.
        synchronized: Whether batch norm takes the statistics of the whole
            batch where several devices share it, or each device its own.
        generator: Your own, from (N, latent_dim) to images in [-1, 1].
        discriminator: Your own critic, from images to one number each,
            without batch norm.
        **kwargs: `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an image shape or networks that there are not, or a
            negative weight.
    """

    logged = ("real_score", "fake_score", "wasserstein_estimate", "penalty")

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (32, 32, 3),
        latent_dim: int = 128,
        width: int = 128,
        networks: str = "residual",
        penalty_weight: float = 10.0,
        critic_steps: int = 5,
        synchronized: bool = False,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        if penalty_weight < 0:
            raise ValueError(
                "`penalty_weight` must be at least 0. "
                f"Received: penalty_weight={penalty_weight}"
            )
        new_generator, new_discriminator = builders_named(networks, NETWORKS)
        with building(**kwargs):
            generator = generator or new_generator(
                image_shape, latent_dim, width, synchronized
            )
            discriminator = discriminator or new_discriminator(
                image_shape, width
            )
        super().__init__(
            latent_dim=latent_dim,
            loss="wasserstein",
            critic_steps=critic_steps,
            generator=generator,
            discriminator=discriminator,
            **kwargs,
        )
        self.penalty_weight = penalty_weight

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Algorithm 1: alpha = 1e-4, beta1 = 0, beta2 = 0.9."""
        return {p: keras.optimizers.Adam(1e-4, 0.0, 0.9) for p in self.players}

    def discriminator_loss(self, real: Any, fake: Any) -> Any:
        """Equation 3."""
        loss = super().discriminator_loss(real, fake)
        share = self.draw(keras.random.uniform, ops.shape(real)[0], 1, 1, 1)
        penalty = gradient_penalty(self.critic, real, fake, share)
        self.log("wasserstein_estimate", -loss)
        self.log("penalty", penalty)
        return loss + self.penalty_weight * penalty

    def critic(self, images: Any) -> Any:
        """The critic's values of images."""
        return self.discriminator(images, training=True)
