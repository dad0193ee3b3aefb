"""BigGAN: Brock, Donahue and Simonyan 2019, arXiv:1809.11096."""

import functools
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from keras_gans.layers import (
    BatchNormalization,
    ConditionalBatchNormalization,
    SelfAttention,
    SpectralDense,
)
from keras_gans.modalities import Condition, Modality
from keras_gans.models.sagan import SAGAN
from keras_gans.networks.conditions import (
    condition_input,
    embedded,
    labels_of,
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
from keras_gans.stabilizers import OrthogonalRegularisation

INIT: dict[str, Any] = {"kernel_initializer": "orthogonal"}  # section 3

conv: Any = functools.partial(spectral_conv, **INIT)
conv_before_norm: Any = functools.partial(spectral_conv_before_norm, **INIT)


def chunk_sizes(latent_dim: int, blocks: int) -> list[int]:
    """Returns the number of latents for the first layer and for each block.

    The parts are equal, and the first layer gets the remainder too.

    Raises:
        ValueError: For fewer latents than parts.
    """
    parts = blocks + 1
    if latent_dim < parts:
        raise ValueError(
            "`latent_dim` must give the first layer and each block at least "
            f"one latent: it must be at least {parts}. "
            f"Received: latent_dim={latent_dim}"
        )
    return [latent_dim // parts + latent_dim % parts] + [
        latent_dim // parts
    ] * blocks


def build_generator(
    image_shape: tuple[int, int, int],
    latent_dim: int,
    condition: Modality | int,
    width: int,
    embedding_dim: int,
    attention_size: int | None = None,
    synchronized: bool = False,
) -> keras.Model:
    """Builds the generator (appendix B, figure 15a).

    The batch norms of each block are conditioned on an embedding of the class,
    which all blocks share, and on the block's own part of the latents.
    """

    def norm_for(condition: Any) -> Any:
        return lambda x: ConditionalBatchNormalization(
            synchronized, spectral=True, **INIT
        )([x, condition])

    start, blocks = start_size(image_shape), doublings(image_shape)
    z = keras.Input((latent_dim,), name="latents")
    label = condition_input(condition)
    y = embedded(label, condition, embedding_dim, "orthogonal")
    ends = np.cumsum(chunk_sizes(latent_dim, blocks))[:-1].tolist()
    first, *chunks = ops.split(z, ends, axis=-1)
    x = SpectralDense(start[0] * start[1] * width, **INIT)(first)
    x = layers.Reshape((*start, width))(x)
    for chunk in chunks:
        condition = layers.Concatenate()([y, chunk])
        x = residual_up(x, width, conv_before_norm, norm_for(condition))
        if x.shape[1] == attention_size:
            x = SelfAttention("orthogonal")(x)
    x = BatchNormalization(synchronized, momentum=0.9, epsilon=1e-5)(x)
    x = conv(image_shape[-1], 3)(layers.ReLU()(x))
    images = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model([z, label], images, name="generator")


def build_discriminator(
    image_shape: tuple[int, int, int],
    condition: Modality | int,
    width: int,
    attention_size: int | None = None,
) -> keras.Model:
    """Builds the discriminator (appendix B, figure 15c).

    Two blocks halve the maps, and two keep their size. Larger images have
    more blocks that halve.
    """
    images = x = keras.Input(image_shape, name="images")
    label = condition_input(condition)
    for i in range(max(2, doublings(image_shape) - 1)):
        x = residual_down(x, width, conv, first=not i)
        if x.shape[1] == attention_size:
            x = SelfAttention("orthogonal")(x)
    for _ in range(2):
        x = residual_down(x, width, conv, down=False)
    logits = projection(x, label, condition, "orthogonal")
    return keras.Model([images, label], logits, name="discriminator")


@keras.saving.register_keras_serializable("keras_gans")
class BigGAN(SAGAN):
    """BigGAN, Brock et al. 2019, at the size of small images.

    Losses, spectral normalisation and projection are SAGAN's. BigGAN adds:

    - an embedding of the class that all batch norms of the generator share.
      Each block maps it, together with its own part of the latents, linearly
      to scales and offsets (section 3);
    - orthogonal regularisation of the generator's kernels W,
      R(W) = beta |W^T W * (1 - I)|^2 (equation 3);
    - a moving average of the generator's weights, which makes the images;
    - truncation of the latents, `generate(truncation=...)` (section 3.1).

    Args:
        image_shape: (height, width, channels): height and width are 3 to 8
            times the same power of two, up to 1024 (28, 32, 48, 64, ...); any
            number of channels.
        num_classes: Number of classes.
        class_names: The names of the classes, in the order of their numbers;
            None to take those of the data in `fit`.
        latent_dim: Dimensions of the latents, which are drawn from N(0, 1) and
            split among the first layer and the blocks.
        width: Channels of all residual blocks.
        embedding_dim: Dimensions of the shared embedding.
        attention_size: Height of the maps with self-attention: half of the
            images', half of that, and so on. None for no attention.
        orthogonal_weight: The paper's beta; 0 for no regularisation.
        critic_steps: Steps of the discriminator for each of the generator.
        synchronized: Whether batch norm uses the statistics of the whole batch
            where several devices share it, instead of each device's own.
        ema_decay: Decay of the moving average of the generator's weights, in
            [0, 1), or None for no average.
        generator: Your own generator, from latents (N, latent_dim) and labels
            (N,) to images in [-1, 1].
        discriminator: Your own discriminator, from images and labels to
            logits.
        condition: What the generator is told in place of a class: a
            `keras_gans.modalities.MultiLabel` (any number of classes for each
            image) or `Attributes` (real numbers). None for a class for each
            image.
        **kwargs: `stabilizers`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an unsupported image shape, an attention size that no
            maps have, less than one class, too few latents, and a negative
            `orthogonal_weight`.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (32, 32, 3),
        num_classes: int = 10,
        latent_dim: int = 128,
        width: int = 256,
        embedding_dim: int = 128,
        attention_size: int | None = None,
        orthogonal_weight: float = 1e-4,
        critic_steps: int = 4,
        synchronized: bool = False,
        ema_decay: float | None = 0.9999,
        class_names: list[str] | None = None,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        condition: Condition | None = None,
        **kwargs: Any,
    ):
        labels = labels_of(num_classes, class_names, condition)
        if attention_size is not None:
            chosen_attention_size(image_shape, attention_size)
        super().__init__(
            image_shape,
            num_classes,
            latent_dim,
            critic_steps=critic_steps,
            class_names=class_names,
            condition=condition,
            generator=generator
            or functools.partial(
                build_generator,
                image_shape,
                latent_dim,
                labels,
                width,
                embedding_dim,
                attention_size,
                synchronized,
            ),
            discriminator=discriminator
            or functools.partial(
                build_discriminator,
                image_shape,
                labels,
                width,
                attention_size,
            ),
            own_stabilizers=[OrthogonalRegularisation(orthogonal_weight)]
            * bool(orthogonal_weight),
            ema_decay=ema_decay,
            **kwargs,
        )

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Adam, as in the authors' code for CIFAR-10 (appendix C.2)."""
        return {
            p: keras.optimizers.Adam(2e-4, 0.0, 0.999) for p in self.players
        }
