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
from keras_gans.models.sagan import SAGAN
from keras_gans.networks.residual import (
    projection,
    residual_down,
    residual_up,
    spectral_conv,
    spectral_conv_before_norm,
)
from keras_gans.networks.sizes import (
    check_attention_size,
    doublings,
    start_size,
)
from keras_gans.stabilizers import OrthogonalRegularisation
from keras_gans.stabilizers.weighted import check_weight

INIT: dict[str, Any] = {"kernel_initializer": "orthogonal"}  # section 3

conv: Any = functools.partial(spectral_conv, **INIT)
conv_before_norm: Any = functools.partial(spectral_conv_before_norm, **INIT)


def chunk_sizes(latent_dim: int, blocks: int) -> list[int]:
    """Returns how many latents the first layer and each block get.

    All the same; what is left over goes to the first layer.

    Raises:
        ValueError: For fewer latents than parts.
    """
    parts = blocks + 1
    if latent_dim < parts:
        raise ValueError(
            "The first layer and each block need a latent of their own: "
            f"`latent_dim` must be at least {parts}. "
            f"Received: latent_dim={latent_dim}"
        )
    return [latent_dim // parts + latent_dim % parts] + [
        latent_dim // parts
    ] * blocks


def build_generator(
    image_shape: tuple[int, int, int],
    latent_dim: int,
    num_classes: int,
    width: int,
    embedding_dim: int,
    attention_size: int | None = None,
    synchronized: bool = False,
) -> keras.Model:
    """Latents and labels to images (appendix B, figure 15a).

    The norms of each block are told the class, by an embedding that all
    share, and the block's own part of the latents.
    """

    def norm_for(condition: Any) -> Any:
        return lambda x: ConditionalBatchNormalization(
            synchronized, spectral=True, **INIT
        )([x, condition])

    start, blocks = start_size(image_shape), doublings(image_shape)
    z = keras.Input((latent_dim,), name="latents")
    label = keras.Input((), dtype="int32", name="labels")
    y = layers.Embedding(num_classes, embedding_dim, "orthogonal")(label)
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
    num_classes: int,
    width: int,
    attention_size: int | None = None,
) -> keras.Model:
    """Images and labels to logits (appendix B, figure 15c).

    Two blocks halve the maps and two leave them; larger images are halved
    further.
    """
    images = x = keras.Input(image_shape, name="images")
    label = keras.Input((), dtype="int32", name="labels")
    for i in range(max(2, doublings(image_shape) - 1)):
        x = residual_down(x, width, conv, first=not i)
        if x.shape[1] == attention_size:
            x = SelfAttention("orthogonal")(x)
    for _ in range(2):
        x = residual_down(x, width, conv, down=False)
    logits = projection(x, label, num_classes, "orthogonal")
    return keras.Model([images, label], logits, name="discriminator")


@keras.saving.register_keras_serializable("keras_gans")
class BigGAN(SAGAN):
    """BigGAN, Brock et al. 2019, at the size of small images.

    SAGAN's losses, spectral norm and projection, and besides: the classes of
    the generator's norms share an embedding, which each block maps linearly,
    with its own part of the latents, to scales and offsets (section 3); the
    kernels W of the generator are kept nearly orthogonal by
    R(W) = beta |W^T W * (1 - I)|^2 (equation 3); images are made by the moving
    average of the generator's weights; and `generate` truncates the latents
    (section 3.1).

    Args:
        image_shape: (height, width, channels): height and width are 3 to 8
            times the same power of two, up to 1024 (28, 32, 48, 64, ...); any
            number of channels.
        num_classes: Number of classes.
        class_names: The name of every class, or None; `fit` takes those of
            the data.
        latent_dim: Dimensions of the latents, drawn from N(0, 1) and split
            among the first layer and the blocks.
        width: Channels of all residual blocks.
        embedding_dim: Dimensions of the shared embedding.
        attention_size: Height of the maps that get attention: half of the
            images', half of that, and so on. None for no attention.
        orthogonal_weight: The paper's beta; 0 for no regularisation.
        critic_steps: Steps of the discriminator for one of the generator.
        synchronized: Whether batch norm takes the statistics of the whole
            batch where several devices share it, or each device its own.
        ema_decay: Decay of the moving average of the generator's weights, in
            [0, 1), or None for no average.
        generator: Your own, from latents (N, latent_dim) and labels (N,) to
            images in [-1, 1].
        discriminator: Your own, from images and labels to logits.
        **kwargs: `stabilizers`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an image shape that doubling cannot reach, for an
            attention size that no maps have, for less than one class, too few
            latents, and a negative `orthogonal_weight`.
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
        **kwargs: Any,
    ):
        if attention_size is not None:
            check_attention_size(image_shape, attention_size)
        weight = check_weight(orthogonal_weight, "orthogonal_weight")
        super().__init__(
            image_shape,
            num_classes,
            latent_dim,
            critic_steps=critic_steps,
            class_names=class_names,
            generator=generator
            or functools.partial(
                build_generator,
                image_shape,
                latent_dim,
                num_classes,
                width,
                embedding_dim,
                attention_size,
                synchronized,
            ),
            discriminator=discriminator
            or functools.partial(
                build_discriminator,
                image_shape,
                num_classes,
                width,
                attention_size,
            ),
            own_stabilizers=[OrthogonalRegularisation(weight)] * bool(weight),
            ema_decay=ema_decay,
            **kwargs,
        )

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Those of the authors' code for CIFAR-10 (appendix C.2)."""
        return {
            p: keras.optimizers.Adam(2e-4, 0.0, 0.999) for p in self.players
        }
