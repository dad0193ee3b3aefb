"""TransGAN: Jiang, Chang and Wang 2021, arXiv:2102.07074."""

import functools
from typing import Any

import keras
from keras import layers

from keras_gans.layers import GridAttention, LearnedTokens
from keras_gans.layers.grid_attention import INIT
from keras_gans.models.wgan_gp import WGANGP
from keras_gans.stabilizers import DiffAugment


def dense(units: int, **kwargs: Any) -> layers.Layer:
    """Returns a dense layer, initialised as in the authors' code."""
    return layers.Dense(units, kernel_initializer=INIT, **kwargs)


def heads_for(channels: int) -> int:
    """Returns the number of attention heads: 4, or fewer to divide evenly."""
    return next(n for n in (4, 2, 1) if channels % n == 0)


def transformer(x: Any, side: int) -> Any:
    """Applies a block: attention, then an MLP of four times the width."""
    y = layers.LayerNormalization(epsilon=1e-5)(x)
    x = x + GridAttention(heads_for(x.shape[-1]), side)(y)
    y = layers.LayerNormalization(epsilon=1e-5)(x)
    y = layers.Activation("gelu")(dense(4 * x.shape[-1])(y))
    return x + dense(x.shape[-1])(y)


def pixel_shuffle(x: Any, side: int, by: int = 2) -> Any:
    """Splits each token's channels into `by` x `by` tokens (figure 2)."""
    channels = x.shape[-1] // by**2
    x = layers.Reshape((side, side, by, by, channels))(x)
    x = layers.Permute((1, 3, 2, 4, 5))(x)
    return layers.Reshape(((by * side) ** 2, channels))(x)


def build_generator(
    image_shape: tuple[int, int, int],
    latent_dim: int,
    width: int,
    depths: tuple[int, ...],
    patch_size: int = 1,
) -> keras.Model:
    """Builds the generator: stages of blocks, with pixel shuffle between."""
    stages = len(depths)
    side = image_shape[0] // patch_size // 2 ** (stages - 1)
    channels = width * 4 ** (stages - 1)
    z = keras.Input((latent_dim,))
    x = layers.Reshape((side * side, channels))(
        dense(side * side * channels)(z)
    )
    for i, depth in enumerate(depths):
        if i:
            x, side = pixel_shuffle(x, side), 2 * side
        x = LearnedTokens()(x)
        for _ in range(depth):
            x = transformer(x, side)
    x = dense(patch_size**2 * image_shape[-1])(x)
    x = layers.Reshape(image_shape)(pixel_shuffle(x, side, patch_size))
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(z, images, name="generator")


def patches(images: Any, size: int, channels: int) -> Any:
    """Returns patches of `size` x `size` pixels as tokens (N, T, channels)."""
    x = layers.Conv2D(channels, size, size)(images)
    return layers.Reshape((-1, channels))(x)


def build_discriminator(
    image_shape: tuple[int, int, int],
    width: int,
    depth: int,
    patch_size: int = 1,
) -> keras.Model:
    """Builds the critic, on patches of two sizes (figure 3).

    The first stage has tokens of 2x2 patches. Its results are average-pooled
    by two, and tokens of 4x4 patches are concatenated for the second stage. A
    last block has a class token, from which the critic's value follows. With
    `patch_size=2` patches have twice these sides.
    """
    images = keras.Input(image_shape)
    small, channels = 2 * patch_size, 6 * width
    side = image_shape[0] // small
    x = LearnedTokens()(patches(images, small, channels))
    for _ in range(depth):
        x = transformer(x, side)
    x = layers.Reshape((side, side, channels))(x)
    x = layers.AveragePooling2D(2)(x)
    side = side // 2
    x = layers.Reshape((side * side, channels))(x)
    x = layers.Concatenate()([x, patches(images, 2 * small, 2 * width)])
    x = LearnedTokens()(x)
    for _ in range(depth):
        x = transformer(x, side)
    x = LearnedTokens(prepend=True)(x)
    x = transformer(x, side=0)
    # Offsets would cancel in the difference of WGAN-GP's equation 3.
    x = layers.LayerNormalization(epsilon=1e-5, center=False)(x[:, 0])
    values = dense(1, use_bias=False, dtype="float32")(x)
    return keras.Model(images, values, name="discriminator")


@keras.saving.register_keras_serializable("keras_gans")
class TransGAN(WGANGP):
    """The GAN of two transformers, Jiang et al. 2021.

    Neither network has convolutions, except to split images into patches. It
    is trained as the paper's CIFAR-10 model: Wasserstein loss with gradient
    penalty, and differentiable augmentation (section 3.3; Zhao et al. 2020).
    The penalty is computed between augmented images. The authors' code also
    adds 0.001 E[D(x)]^2 to the critic's loss; this class does not.

    Args:
        image_shape: (height, width, channels): square, with a side of 16, 28
            or 32; any number of channels.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        width: Channels of the generator's last stage, 64 in the paper. Its
            first and second stages have 16 and 4 times as many. The critic's
            stages have 6 and 8 times as many, where the authors' code has 4.5
            and 6.
        depths: Blocks in the generator's three stages, (5, 4, 2) in the paper.
        critic_depth: Blocks in each of the critic's two stages, 3 in the
            paper.
        patch_size: Side in pixels of the square that a token of the
            generator's last stage makes: 1, as in the paper; or 2 for images
            with a side of 16 or 32, which is far faster on a CPU. The critic's
            patches grow with it.
        augment: Whether to add `stabilizers.DiffAugment`: the critic's images
            are shifted, get a square of half their side cut out, and change
            in colour.
        penalty_weight: Weight of the gradient penalty.
        critic_steps: Steps of the critic for each of the generator.
        generator: Your own generator, from latents (N, latent_dim) to
            images in [-1, 1].
        discriminator: Your own critic, from images to values (N, 1), without
            batch norm.
        **kwargs: `stabilizers`, `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For other image shapes, depths or patch sizes.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (32, 32, 3),
        latent_dim: int = 128,
        width: int = 16,
        depths: tuple[int, ...] = (2, 2, 1),
        critic_depth: int = 2,
        patch_size: int = 1,
        augment: bool = True,
        penalty_weight: float = 10.0,
        critic_steps: int = 4,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        height, image_width, _ = image_shape
        if height != image_width or height not in (16, 28, 32):
            raise ValueError(
                "`image_shape` must be square, with a side of 16, 28 or 32. "
                f"Received: image_shape={image_shape}"
            )
        if len(depths) != 3:
            raise ValueError(
                "`depths` must be three numbers, one for each stage. "
                f"Received: depths={depths}"
            )
        if patch_size not in (1, 2) or (patch_size == 2 and height == 28):
            raise ValueError(
                "`patch_size` must be 1, or 2 for images with a side of 16 or "
                f"32. Received: patch_size={patch_size}, "
                f"image_shape={image_shape}"
            )
        super().__init__(
            image_shape,
            latent_dim,
            penalty_weight=penalty_weight,
            critic_steps=critic_steps,
            generator=generator
            or functools.partial(
                build_generator,
                image_shape,
                latent_dim,
                width,
                depths,
                patch_size,
            ),
            discriminator=discriminator
            or functools.partial(
                build_discriminator,
                image_shape,
                width,
                critic_depth,
                patch_size,
            ),
            own_stabilizers=[DiffAugment()] * bool(augment),
            **kwargs,
        )

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Adam with alpha = 1e-4, beta1 = 0, beta2 = 0.99 (section 4.1)."""
        return {p: keras.optimizers.Adam(1e-4, 0.0, 0.99) for p in self.players}
