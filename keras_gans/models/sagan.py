"""SAGAN: Zhang et al. 2019, arXiv:1805.08318."""

import functools
from typing import Any

import keras
import numpy as np
from keras import layers

from keras_gans import distribution
from keras_gans.engine.generating import arrange
from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.layers import (
    BatchNormalization,
    ConditionalBatchNormalization,
    SelfAttention,
    SpectralDense,
)
from keras_gans.modalities import Condition, Latents, Modality
from keras_gans.networks.conditions import (
    condition_input,
    labels_of,
    vectors,
)
from keras_gans.networks.residual import (
    projection,
    residual_down,
    residual_up,
    spectral_conv,
    spectral_conv_before_norm,
)
from keras_gans.networks.sizes import (
    chosen_attention_size,
    doublings,
    start_size,
)


def widths(image_shape: tuple[int, int, int], width: int) -> list[int]:
    """Returns the channels at each size, from the largest maps down."""
    return [width * min(2**i, 16) for i in range(doublings(image_shape))]


def build_generator(
    image_shape: tuple[int, int, int],
    latent_dim: int,
    condition: Modality | int,
    width: int,
    attention_size: int,
    synchronized: bool = False,
) -> keras.Model:
    """Builds the generator: residual blocks with conditional batch norm."""
    start, channels = start_size(image_shape), widths(image_shape, width)[::-1]
    z = keras.Input((latent_dim,), name="latents")
    label = condition_input(condition)
    y = vectors(label, condition)

    def norm(x: Any) -> Any:
        # With zeros every class starts with a scale of 1 and an offset of 0.
        cls = ConditionalBatchNormalization
        return cls(synchronized, kernel_initializer="zeros")([x, y])

    x = SpectralDense(start[0] * start[1] * channels[0])(z)
    x = layers.Reshape((*start, channels[0]))(x)
    for filters in channels:
        x = residual_up(x, filters, spectral_conv_before_norm, norm)
        if x.shape[1] == attention_size:
            x = SelfAttention()(x)
    x = BatchNormalization(synchronized, momentum=0.9, epsilon=1e-5)(x)
    x = spectral_conv(image_shape[-1], 3)(layers.ReLU()(x))
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model([z, label], images, name="generator")


def build_discriminator(
    image_shape: tuple[int, int, int],
    condition: Modality | int,
    width: int,
    attention_size: int,
) -> keras.Model:
    """Builds the discriminator: residual blocks, then a projection."""
    images = x = keras.Input(image_shape, name="images")
    label = condition_input(condition)
    channels = widths(image_shape, width)
    for i, filters in enumerate(channels):
        x = residual_down(x, filters, spectral_conv, first=not i)
        if x.shape[1] == attention_size:
            x = SelfAttention()(x)
    x = residual_down(x, channels[-1], spectral_conv, down=False)
    logits = projection(x, label, condition)
    return keras.Model([images, label], logits, name="discriminator")


@keras.saving.register_keras_serializable("keras_gans")
class SAGAN(TwoPlayerGAN):
    """Self-attention GAN, Zhang et al. 2019.

    Each player has a layer of self-attention over all places of its maps,
    y_j = x_j + gamma v(sum_i beta_ji h(x_i)), where beta_ji is the softmax
    over i of f(x_i) . g(x_j) (equations 1 to 3). Both have spectral
    normalisation. The class y conditions the generator's batch norm and the
    discriminator's projection. The losses are hinge losses (equation 4):

    L_D = E[max(0, 1 - D(x, y))] + E[max(0, 1 + D(G(z, y), y))],
    L_G = -E[D(G(z, y), y)].

    Args:
        image_shape: (height, width, channels): height and width are 3 to 8
            times the same power of two, up to 1024 (28, 32, 48, 64, ...); any
            number of channels.
        num_classes: Number of classes.
        class_names: The names of the classes, in the order of their numbers;
            None to take those of the data in `fit`.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        width: Channels of the layer next to the images; they double with
            every halving of the maps, up to 16 times this number.
        attention_size: Height of the maps with self-attention: half of the
            images', half of that, and so on. None takes the largest of these
            that is at most 32, the best in the paper's table 1.
        critic_steps: Steps of the discriminator for each of the generator.
        synchronized: Whether batch norm uses the statistics of the whole batch
            where several devices share it, instead of each device's own.
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
        ValueError: For an unsupported image shape, an attention size that no
            maps have, less than one class, and an unknown condition.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (32, 32, 3),
        num_classes: int = 10,
        latent_dim: int = 128,
        width: int = 64,
        attention_size: int | None = None,
        critic_steps: int = 1,
        synchronized: bool = False,
        class_names: list[str] | None = None,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        condition: Condition | None = None,
        **kwargs: Any,
    ):
        size = 0
        if generator is None or discriminator is None:
            size = chosen_attention_size(image_shape, attention_size)
        labels = labels_of(num_classes, class_names, condition)
        super().__init__(
            generator
            or functools.partial(
                build_generator,
                image_shape,
                latent_dim,
                labels,
                width,
                size,
                synchronized,
            ),
            discriminator
            or functools.partial(
                build_discriminator,
                image_shape,
                labels,
                width,
                size,
            ),
            {"latents": Latents(latent_dim), "labels": labels},
            "hinge",
            critic_steps,
            **kwargs,
        )

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Two time scales (section 4.2): D has four times G's learning rate."""
        return {
            "generator": keras.optimizers.Adam(1e-4, 0.0, 0.9),
            "discriminator": keras.optimizers.Adam(4e-4, 0.0, 0.9),
        }

    def attention_maps(
        self,
        num: int | None = None,
        seed: int | None = None,
        batch_size: int = 64,
        **given: Any,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Generates images, and returns the generator's attention weights.

        Args:
            num: Number of images; None takes it from `latents` or `labels`.
            seed: The same seed gives the same images; None gives new ones.
            batch_size: Images at a time.
            **given: As in `generate`: `latents`, `labels`.

        Returns:
            The images (num, H, W, C), as of `generate`, and the weights beta,
            (num, S * S, S / 2, S / 2), where S is the side of the maps.
            `beta[n, S * i + j]` holds the weights with which the place (i, j)
            attends to all others, which are pooled by two; their sum is 1.

        Raises:
            ValueError: For a generator of your own without `SelfAttention`.
        """
        network = self.inference_generator
        found = [n for n in network.layers if isinstance(n, SelfAttention)]
        if not found:
            raise ValueError(
                "The generator has no layer `SelfAttention`. "
                f"Received: {[n.name for n in network.layers]}"
            )
        inputs = self.inputs_for(num, seed, **given)
        images = self.generate_from(inputs, batch_size)["images"]
        maps = distribution.predict(
            keras.Model(network.inputs, found[-1].attention(found[-1].input)),
            arrange(network, inputs),
            batch_size,
        )
        _, height, width, _ = found[-1].input.shape
        shape = (len(images), height * width, height // 2, width // 2)
        return images, np.asarray(maps, "float32").reshape(shape)
