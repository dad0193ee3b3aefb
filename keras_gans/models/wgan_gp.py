"""WGAN-GP: Gulrajani et al. 2017, arXiv:1704.00028."""

import functools
from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.layers import BatchNormalization
from keras_gans.modalities import Latents
from keras_gans.networks import dcgan
from keras_gans.networks.residual import residual_down, residual_up
from keras_gans.networks.sizes import builders_named, doublings, start_size
from keras_gans.stabilizers import GradientPenalty, Stabilizer


def conv(filters: int, size: int) -> layers.Layer:
    """Returns a convolution, initialised as in He et al. 2015 (appendix F)."""
    return layers.Conv2D(
        filters, size, padding="same", kernel_initializer="he_uniform"
    )


def build_generator(
    image_shape: tuple[int, int, int],
    latent_dim: int,
    width: int,
    synchronized: bool = False,
) -> keras.Model:
    """Builds the generator: residual blocks that double maps (appendix F)."""

    def norm(x: Any) -> Any:
        return BatchNormalization(synchronized, momentum=0.9, epsilon=1e-5)(x)

    start = start_size(image_shape)
    z = keras.Input((latent_dim,))
    x = layers.Dense(start[0] * start[1] * width)(z)
    x = layers.Reshape((*start, width))(x)
    for _ in range(doublings(image_shape)):
        x = residual_up(x, width, conv, norm)
    x = conv(image_shape[-1], 3)(layers.ReLU()(norm(x)))
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(z, images, name="generator")


def build_discriminator(
    image_shape: tuple[int, int, int], width: int
) -> keras.Model:
    """Builds the critic, from images to values (N, 1).

    Two blocks halve the maps, and two keep their size (appendix F). Larger
    images have more blocks that halve. There is no batch norm, with which the
    gradient of one image's value would depend on the others.
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


NETWORKS = {
    "residual": (build_generator, build_discriminator),
    "dcgan": (
        dcgan.build_generator,
        functools.partial(
            dcgan.build_discriminator, use_bias=False, use_norm=False
        ),
    ),
}


@keras.saving.register_keras_serializable("keras_gans")
class WGANGP(TwoPlayerGAN):
    """Wasserstein GAN with gradient penalty, Gulrajani et al. 2017.

    Args:
        image_shape: (height, width, channels): height and width are 3 to 8
            times the same power of two, up to 1024 (28, 32, 48, 64, ...); any
            number of channels.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        width: Channels of all residual blocks; or `width` of the "dcgan"
            networks, as in `DCGAN`.
        networks: "residual" for the networks of appendix F, or "dcgan" for
            those of DCGAN, which the paper has too and which are many times
            as fast on a CPU.
        penalty_weight: The paper's lambda; 0 for no penalty.
        critic_steps: Steps of the critic for each of the generator.
        synchronized: Whether batch norm uses the statistics of the whole batch
            where several devices share it, instead of each device's own.
        generator: Your own generator, from latents (N, latent_dim) to
            images in [-1, 1].
        discriminator: Your own critic, from images to values (N, 1), without
            batch norm.
        own_stabilizers: For subclasses: the stabilizers of their paper.
        **kwargs: `stabilizers`, `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an unsupported image shape, unknown networks, and a
            negative weight.
    """

    logged = ("real_score", "fake_score", "wasserstein_estimate")

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
        own_stabilizers: Sequence[Stabilizer] = (),
        **kwargs: Any,
    ):
        new_generator, new_discriminator = builders_named(networks, NETWORKS)
        super().__init__(
            generator
            or functools.partial(
                new_generator, image_shape, latent_dim, width, synchronized
            ),
            discriminator
            or functools.partial(new_discriminator, image_shape, width),
            {"latents": Latents(latent_dim)},
            "wasserstein",
            critic_steps,
            own_stabilizers=[
                *[GradientPenalty(penalty_weight)] * bool(penalty_weight),
                *own_stabilizers,
            ],
            **kwargs,
        )

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Algorithm 1: alpha = 1e-4, beta1 = 0, beta2 = 0.9."""
        return {p: keras.optimizers.Adam(1e-4, 0.0, 0.9) for p in self.players}

    def discriminator_loss(
        self, real: Any, fake: Any, given: dict[str, Any]
    ) -> Any:
        """Equation 3 without its penalty, which a stabilizer adds."""
        loss = super().discriminator_loss(real, fake, given)
        self.log("wasserstein_estimate", -loss)
        return loss
