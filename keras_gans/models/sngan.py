"""SNGAN: Miyato et al. 2018, arXiv:1802.05957."""

import functools
from typing import Any

import keras
from keras import layers

from keras_gans.layers import SpectralConv2D, SpectralDense, UpsamplingConv2D
from keras_gans.models.dcgan import DCGAN
from keras_gans.networks.dcgan import INIT, batch_norm, widths
from keras_gans.networks.sizes import doublings, start_size


def build_generator(
    image_shape: tuple[int, int, int],
    latent_dim: int,
    width: int,
    synchronized: bool = False,
) -> keras.Model:
    """Builds the generator, the standard CNN of table 3a."""
    start = start_size(image_shape)
    channels = min(2 ** doublings(image_shape), 8) * width
    z = keras.Input((latent_dim,))
    x = layers.Dense(start[0] * start[1] * channels, **INIT)(z)
    x = layers.Reshape((*start, channels))(x)
    for filters in widths(image_shape, width)[::-1]:
        x = UpsamplingConv2D(filters, use_bias=False, **INIT)(x)
        x = layers.ReLU()(batch_norm(synchronized)(x))
    x = layers.Conv2D(image_shape[-1], 3, padding="same", **INIT)(x)
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(z, images, name="generator")


def build_discriminator(
    image_shape: tuple[int, int, int], width: int, power_iterations: int
) -> keras.Model:
    """Builds the discriminator, the standard CNN of table 3b."""
    spectral = {"power_iterations": power_iterations, **INIT}

    def conv(filters: int, size: int, strides: int = 1) -> layers.Layer:
        return SpectralConv2D(filters, size, strides, "same", **spectral)

    images = x = keras.Input(image_shape)
    for filters in widths(image_shape, width):
        x = conv(filters, 3)(x)
        x = layers.LeakyReLU(0.1)(x)
        x = conv(2 * filters, 4, strides=2)(x)
        x = layers.LeakyReLU(0.1)(x)
    x = conv(min(x.shape[-1], 8 * width), 3)(x)
    x = layers.Flatten()(layers.LeakyReLU(0.1)(x))
    logits = SpectralDense(1, dtype="float32", **spectral)(x)
    return keras.Model(images, logits, name="discriminator")


@keras.saving.register_keras_serializable("keras_gans")
class SNGAN(DCGAN):
    """GAN with spectral normalisation, Miyato et al. 2018.

    The kernel of every layer of the discriminator, as a matrix, is divided by
    its largest singular value (equation 8).

    Args:
        image_shape: (height, width, channels): height and width are 3 to 8
            times the same power of two, up to 1024 (28, 32, 48, 64, ...); any
            number of channels.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        width: Channels of the layer next to the images; they double with
            every halving of the maps, up to 8 times this number.
        loss: "hinge" (equations 16 and 17), another of
            `keras_gans.losses.LOSSES`, or a pair of functions.
        critic_steps: Steps of the discriminator for each of the generator,
            the paper's n_dis.
        power_iterations: Steps of the power method in each training pass. The
            paper takes 1. At its learning rate the leading singular vector
            then changes faster than the method follows, and sigma is up to a
            tenth too small. With 25 it stays within 2%, for a few percent of
            the time.
        synchronized: Whether batch norm uses the statistics of the whole batch
            where several devices share it, instead of each device's own.
        generator: Your own generator, from latents (N, latent_dim) to
            images in [-1, 1].
        discriminator: Your own discriminator, from images to logits.
        **kwargs: `stabilizers`, `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an unsupported image shape, and for an unknown loss.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (32, 32, 3),
        latent_dim: int = 128,
        width: int = 64,
        loss: str = "hinge",
        critic_steps: int = 1,
        power_iterations: int = 25,
        synchronized: bool = False,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        super().__init__(
            image_shape,
            latent_dim,
            width,
            loss,
            critic_steps,
            synchronized,
            generator
            or functools.partial(
                build_generator, image_shape, latent_dim, width, synchronized
            ),
            discriminator
            or functools.partial(
                build_discriminator, image_shape, width, power_iterations
            ),
            **kwargs,
        )
