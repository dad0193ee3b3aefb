"""R3GAN: Huang et al. 2024, arXiv:2501.05441."""

import functools
import math
from typing import Any

import keras
from keras import layers, ops

from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.layers import GroupedConv2D, LearnedBasis, Resampling
from keras_gans.modalities import Latents
from keras_gans.networks.sizes import doublings, start_size
from keras_gans.schedules import CosineAdam
from keras_gans.stabilizers import R1, R2


def widths(image_shape: tuple[int, int, int], width: int) -> list[int]:
    """Returns the channels at each size, from the first maps to the images.

    They are `width` up to 32x32, and halve with every doubling after that.
    """
    start = start_size(image_shape)
    sides = [max(start) * 2**i for i in range(doublings(image_shape) + 1)]
    return [max(1, width // max(1, side // 32)) for side in sides]


def normal(scale: float = 1.0) -> dict[str, Any]:
    """Returns the configuration of an initializer, N(0, scale / fan-in)."""
    return {
        "class_name": "VarianceScaling",
        "config": {
            "scale": scale,
            "mode": "fan_in",
            "distribution": "untruncated_normal",
        },
    }


def linear(x: Any, filters: int, init: Any = None) -> Any:
    """Applies a 1x1 convolution without bias."""
    init = init or normal()
    return layers.Conv2D(filters, 1, use_bias=False, kernel_initializer=init)(x)


def residual(x: Any, num_blocks: int) -> Any:
    """Applies a residual block (figure 3d).

    It is a 1x1 convolution to twice the channels, a 3x3 convolution in groups
    of 16 channels, and a 1x1 convolution back. With Fix-up initialisation the
    last convolution starts at zero, and the others are scaled by
    L^(-1 / (2m - 2)) for L blocks of m = 3 layers in the network.
    """
    filters, wide = x.shape[-1], 2 * x.shape[-1]
    gain = 2.0 / (1.0 + 0.2**2)  # of the leaky ReLU, He et al. 2015
    init = normal(gain * num_blocks**-0.5)
    y = layers.Conv2D(wide, 1, kernel_initializer=init)(x)
    y = GroupedConv2D(
        wide,
        3,
        groups=wide // math.gcd(wide, 16),
        padding="same",
        kernel_initializer=init,
    )(layers.LeakyReLU(0.2)(y))
    return x + linear(layers.LeakyReLU(0.2)(y), filters, "zeros")


@keras.saving.register_keras_serializable("keras_gans")
class ClipWhenUsed(keras.layers.Layer):
    """Clips images to [-1, 1], except in training."""

    def call(self, x: Any, training: bool = False) -> Any:
        """Maps images to images."""
        return x if training else ops.clip(x, -1.0, 1.0)


def build_generator(
    image_shape: tuple[int, int, int], latent_dim: int, width: int, blocks: int
) -> keras.Model:
    """Builds the generator: a learned basis, then blocks at each size."""
    channels = widths(image_shape, width)
    z = keras.Input((latent_dim,))
    x = layers.Dense(channels[0], use_bias=False, kernel_initializer=normal())(
        z
    )
    x = LearnedBasis(start_size(image_shape))(x)
    for i, filters in enumerate(channels):
        if i:
            x = x if x.shape[-1] == filters else linear(x, filters)
            x = Resampling(up=True)(x)
        for _ in range(blocks):
            x = residual(x, blocks * len(channels))
    images = ClipWhenUsed(dtype="float32")(linear(x, image_shape[-1]))
    return keras.Model(z, images, name="generator")


def build_discriminator(
    image_shape: tuple[int, int, int], width: int, blocks: int
) -> keras.Model:
    """Builds the discriminator, the generator's mirror image."""
    channels = widths(image_shape, width)[::-1]
    images = keras.Input(image_shape)
    x = linear(images, channels[0])
    for i, filters in enumerate(channels):
        if i:
            x = Resampling(up=False)(x)
            x = x if x.shape[-1] == filters else linear(x, filters)
        for _ in range(blocks):
            x = residual(x, blocks * len(channels))
    size = start_size(image_shape)
    init = keras.initializers.RandomNormal(stddev=math.prod(size) ** -0.5)
    x = layers.DepthwiseConv2D(
        size, use_bias=False, depthwise_initializer=init
    )(x)
    logits = layers.Dense(
        1, use_bias=False, kernel_initializer=normal(), dtype="float32"
    )(layers.Flatten()(x))
    return keras.Model(images, logits, name="discriminator")


@keras.saving.register_keras_serializable("keras_gans")
class R3GAN(TwoPlayerGAN):
    """The relativistic GAN with R1 and R2, Huang et al. 2024.

    D minimises E[softplus(D(G(z)) - D(x))] + gamma / 2 (E[|dD(x) / dx|^2] +
    E[|dD(G(z)) / dG(z)|^2]), and G minimises E[softplus(D(x) - D(G(z)))]
    (equations 2 to 4). The networks have no normalisation.

    Three of the paper's schedules are here, each half a cosine over `burn_in`
    steps: gamma falls to a tenth, the learning rate from 2e-4 to 5e-5, and
    Adam's beta2 rises from 0.9 to 0.99. Two are not: that of the moving
    average's decay, for which the engine has a warm-up of its own, and that of
    the augmentation, of which there is none. Generated images are unbounded in
    training, as in the paper, and clipped to [-1, 1] by `generate`.

    Args:
        image_shape: (height, width, channels): height and width are 3 to 8
            times the same power of two, up to 1024 (28, 32, 48, 64, ...); any
            number of channels.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        width: Channels of maps up to 32x32, 768 in the paper; they halve with
            each doubling after that.
        blocks: Residual blocks at each size.
        gamma: Weight of R1 and R2 at the first step, above zero. The paper has
            0.05 for CIFAR-10 and more for larger images: 2 for faces of 64x64.
        burn_in: Number of steps of the schedules. The paper's 20 million
            images of CIFAR-10 are 39,062 batches of 512.
        generator: Your own generator, from latents (N, latent_dim) to
            images in [-1, 1].
        discriminator: Your own discriminator, from images to logits, without
            batch norm.
        **kwargs: `stabilizers`, `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an unsupported image shape, and for a `gamma` that is
            not above zero.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (32, 32, 3),
        latent_dim: int = 64,
        width: int = 128,
        blocks: int = 2,
        gamma: float = 0.05,
        burn_in: int = 39_062,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        if gamma <= 0:
            raise ValueError(
                f"`gamma` must be above zero. Received: gamma={gamma}"
            )
        schedule = functools.partial(
            keras.optimizers.schedules.CosineDecay, gamma, burn_in, alpha=0.1
        )
        super().__init__(
            generator
            or functools.partial(
                build_generator, image_shape, latent_dim, width, blocks
            ),
            discriminator
            or functools.partial(
                build_discriminator, image_shape, width, blocks
            ),
            {"latents": Latents(latent_dim)},
            "relativistic",
            own_stabilizers=[R1(schedule()), R2(schedule())],
            **kwargs,
        )
        self.burn_in = burn_in

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Adam with beta1 = 0, the learning rate and beta2 on schedules."""
        return {
            p: CosineAdam((2e-4, 5e-5), 0.0, (0.9, 0.99), self.burn_in)
            for p in self.players
        }
