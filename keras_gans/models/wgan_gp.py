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
from keras_gans.stabilizers.weighted import check_weight


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
        width: Channels of all residual blocks, or DCGAN's next to the images.
        networks: "residual", of appendix F, or "dcgan", which the paper has
            too and which a CPU runs many times as fast.
        penalty_weight: The paper's lambda; 0 for no penalty.
        critic_steps: Steps of the critic for one of the generator.
        synchronized: Whether batch norm takes the statistics of the whole
            batch where several devices share it, or each device its own.
        generator: Your own, from (N, latent_dim) to images in [-1, 1].
        discriminator: Your own critic, from images to one number each,
            without batch norm.
        own_stabilizers: Those of a subclass's paper.
        **kwargs: `stabilizers`, `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an image shape that doubling cannot reach, for unknown
            networks, and for a negative weight.
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
        penalty_weight = check_weight(penalty_weight, "penalty_weight")
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
        """Equation 3, without the penalty, which is a stabilizer."""
        loss = super().discriminator_loss(real, fake, given)
        self.log("wasserstein_estimate", -loss)
        return loss
