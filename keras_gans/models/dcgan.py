"""DCGAN: Radford, Metz and Chintala 2015, arXiv:1511.06434."""

from typing import Any

import keras
from keras import layers

from keras_gans.engine.building import building
from keras_gans.layers import (
    BatchNormalization,
    DownsamplingConv2D,
    UpsamplingConv2D,
)
from keras_gans.models.gan import GAN
from keras_gans.networks.sizes import doublings, start_size

# N(0, 0.02), section 4. As a configuration: one instance would start every
# layer with the same numbers.
NORMAL: Any = {"class_name": "RandomNormal", "config": {"stddev": 0.02}}
INIT: dict[str, Any] = {"kernel_initializer": NORMAL}


def widths(image_shape: tuple[int, int, int], width: int) -> list[int]:
    """Returns the channels at each size, from the image down to the start."""
    return [width * min(2**i, 8) for i in range(doublings(image_shape))]


def build_generator(
    image_shape: tuple[int, int, int],
    latent_dim: int,
    width: int,
    synchronized: bool = False,
) -> keras.Model:
    """Latents to images, by doublings: transposed convolution, norm, ReLU."""
    z = keras.Input((latent_dim,))
    x = start_maps(z, image_shape, width, use_bias=False)
    x = layers.ReLU()(batch_norm(synchronized)(x))
    images = grow(x, image_shape, width, synchronized)
    return keras.Model(z, images, name="generator")


def start_maps(x: Any, image_shape: Any, width: int, **dense: Any) -> Any:
    """Maps vectors to the maps that grow to images: a dense layer."""
    start, channels = start_size(image_shape), widths(image_shape, width)[-1]
    x = layers.Dense(start * start * channels, **dense, **INIT)(x)
    return layers.Reshape((start, start, channels))(x)


def grow(x: Any, image_shape: Any, width: int, synchronized: bool) -> Any:
    """Doubles maps up to images: transposed convolution, norm, ReLU."""
    for filters in widths(image_shape, width)[-2::-1]:
        x = UpsamplingConv2D(filters, use_bias=False, **INIT)(x)
        x = layers.ReLU()(batch_norm(synchronized)(x))
    x = UpsamplingConv2D(image_shape[-1], **INIT)(x)
    return layers.Activation("tanh", dtype="float32")(x)


def build_discriminator(
    image_shape: tuple[int, int, int],
    width: int,
    synchronized: bool = False,
    use_bias: bool = True,
    use_norm: bool = True,
) -> keras.Model:
    """Images to logits, by halvings: strided convolution, norm, leaky ReLU.

    `use_bias` is of the logits; a difference of logits does not show it.
    """
    images = keras.Input(image_shape)
    x = shrink(images, image_shape, width, synchronized, use_norm)
    verdict = layers.Dense(1, use_bias=use_bias, dtype="float32", **INIT)
    logits = verdict(layers.Flatten()(x))
    return keras.Model(images, logits, name="discriminator")


def shrink(
    x: Any,
    image_shape: Any,
    width: int,
    synchronized: bool,
    use_norm: bool = True,
) -> Any:
    """Halves maps down to the start: strided convolution, norm, leaky ReLU."""
    for i, filters in enumerate(widths(image_shape, width)):
        # No norm next to the images (section 3): samples oscillate with it.
        normed = use_norm and i > 0
        norm = batch_norm(synchronized) if normed else layers.Identity()
        x = DownsamplingConv2D(filters, use_bias=not normed, **INIT)(x)
        x = layers.LeakyReLU(0.2)(norm(x))
    return x


def batch_norm(synchronized: bool) -> BatchNormalization:
    """Batch norm whose scales start as the weights do, around 1."""
    return BatchNormalization(
        synchronized,
        momentum=0.9,
        epsilon=1e-5,
        gamma_initializer=keras.initializers.RandomNormal(1.0, 0.02),
    )


@keras.saving.register_keras_serializable("keras_gans")
class DCGAN(GAN):
    """The deep convolutional GAN, Radford et al. 2015.

    Args:
        image_shape: (height, width, channels): square, with a side of 16, 28,
            32, 64, 128 or 256; any number of channels.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        width: Channels next to the images; they double with every halving of
            the size, up to 8 times.
        loss: "non_saturating" or "minimax".
        critic_steps: Steps of the discriminator for one of the generator.
        synchronized: Whether batch norm takes the statistics of the whole
            batch where several devices share it, or each device its own.
        generator: Your own, from (N, latent_dim) to images in [-1, 1].
        discriminator: Your own, from images to logits.
        **kwargs: `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an image shape or a loss that there is not.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (64, 64, 3),
        latent_dim: int = 100,
        width: int = 64,
        loss: str = "non_saturating",
        critic_steps: int = 1,
        synchronized: bool = False,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        with building(**kwargs):
            generator = generator or build_generator(
                image_shape, latent_dim, width, synchronized
            )
            discriminator = discriminator or build_discriminator(
                image_shape, width, synchronized
            )
        super().__init__(
            latent_dim=latent_dim,
            loss=loss,
            critic_steps=critic_steps,
            generator=generator,
            discriminator=discriminator,
            **kwargs,
        )

    def train_step(self, data: Any) -> dict[str, Any]:
        """Algorithm 1, where G runs once for D's last step and its own."""
        real = self.unpack(data)
        for _ in range(self.critic_steps - 1):
            self.train_discriminator(real, self.fakes_for(real))
        self.minimize(self.generator_loss, self.generator, real)
        return self.get_metrics_result()

    def generator_loss(self, real: Any) -> Any:
        """What G minimises: D first learns from the fakes, then judges them."""
        fake = self.fakes_for(real)
        self.train_discriminator(real, fake)
        return self.verdict_on(fake)
