"""BigGAN: Brock, Donahue and Simonyan 2019, arXiv:1809.11096."""

import functools
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from keras_gans.engine.building import building
from keras_gans.engine.conditional import check_num_classes
from keras_gans.layers import (
    BatchNormalization,
    ConditionalBatchNormalization,
    SelfAttention,
    SpectralDense,
)
from keras_gans.models import sagan
from keras_gans.networks.residual import projection, residual_down, residual_up
from keras_gans.networks.sizes import (
    check_attention_size,
    doublings,
    start_size,
)
from keras_gans.penalties import orthogonal_penalty

INIT: dict[str, Any] = {"kernel_initializer": "orthogonal"}  # section 3


conv: Any = functools.partial(sagan.conv, **INIT)
conv_before_norm: Any = functools.partial(sagan.conv_before_norm, **INIT)


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
    x = SpectralDense(start * start * width, **INIT)(first)
    x = layers.Reshape((start, start, width))(x)
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
class BigGAN(sagan.SAGAN):
    """BigGAN, Brock et al. 2019, at the size of small images.

    SAGAN's losses, spectral norm and projection, and besides: the classes of
    the generator's norms share an embedding, which each block maps linearly,
    with its own part of the latents, to scales and offsets (section 3); the
    kernels W of the generator are kept nearly orthogonal by
    R(W) = beta |W^T W * (1 - I)|^2 (equation 3); images are made by the moving
    average of the generator's weights; and `generate` truncates the latents
    (section 3.1).

    Args:
        image_shape: (height, width, channels): square, with a side of 16, 28,
            32, 64, 128 or 256; any number of channels.
        num_classes: How many classes the labels name.
        latent_dim: Dimensions of the latents, drawn from N(0, 1) and split
            among the first layer and the blocks.
        width: Channels of all residual blocks.
        embedding_dim: Dimensions of the shared embedding.
        attention_size: Side of the maps that get attention: half of the
            images', half of that, and so on. None for no attention.
        orthogonal_weight: The paper's beta.
        critic_steps: Steps of the discriminator for one of the generator.
        synchronized: Whether batch norm takes the statistics of the whole
            batch where several devices share it, or each device its own.
        ema_decay: Decay of the moving average of the generator's weights, in
            [0, 1), or None for no average.
        generator: Your own, from latents (N, latent_dim) and labels (N,) to
            images in [-1, 1].
        discriminator: Your own, from images and labels to logits.
        **kwargs: `seed`, `name` and `dtype`, as in `AdversarialModel`.

    Raises:
        ValueError: For an image shape or an attention size that there is not,
            less than one class, too few latents, or a negative
            `orthogonal_weight`.
    """

    logged = ("real_score", "fake_score", "orthogonal_penalty")

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
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        num_classes = check_num_classes(num_classes)
        if attention_size is not None:
            check_attention_size(image_shape, attention_size)
        if orthogonal_weight < 0:
            raise ValueError(
                "`orthogonal_weight` must not be negative. "
                f"Received: orthogonal_weight={orthogonal_weight}"
            )
        with building(**kwargs):
            generator = generator or build_generator(
                image_shape,
                latent_dim,
                num_classes,
                width,
                embedding_dim,
                attention_size,
                synchronized,
            )
            discriminator = discriminator or build_discriminator(
                image_shape, num_classes, width, attention_size
            )
        super().__init__(
            num_classes=num_classes,
            latent_dim=latent_dim,
            critic_steps=critic_steps,
            ema_decay=ema_decay,
            generator=generator,
            discriminator=discriminator,
            **kwargs,
        )
        self.orthogonal_weight = orthogonal_weight

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Those of the authors' code for CIFAR-10 (appendix C.2)."""
        return {
            p: keras.optimizers.Adam(2e-4, 0.0, 0.999) for p in self.players
        }

    def generator_loss(self, labels: Any) -> Any:
        """Hinge, and the orthogonal penalty (equation 3)."""
        loss = super().generator_loss(labels)
        # Not of the embedding, which is no map from outputs to outputs.
        penalty = orthogonal_penalty(
            ops.convert_to_tensor(v)
            for v in self.generator.trainable_variables
            if v.name == "kernel"
        )
        self.log("orthogonal_penalty", penalty)
        return loss + self.orthogonal_weight * penalty

    def sample_latents(
        self,
        num: int,
        seed: int | None = None,
        truncation: float | None = None,
    ) -> np.ndarray:
        """Draws latents (num, latent_dim), the same on every backend.

        Args:
            num: How many.
            seed: The same seed draws the same latents; None draws new ones.
            truncation: At least 0.01: numbers further from zero are drawn
                again (section 3.1), the others are those of the same seed
                without it. None for N(0, 1) as in training.

        Raises:
            ValueError: For a truncation below 0.01.
        """
        rng = np.random.default_rng(seed)
        latents = rng.standard_normal((num, self.latent_dim), dtype="float32")
        if truncation is None:
            return latents
        if not truncation >= 0.01:
            raise ValueError(
                "`truncation` must be at least 0.01, or None. "
                f"Received: truncation={truncation}"
            )
        while (outside := np.abs(latents) > truncation).any():
            latents[outside] = rng.standard_normal(
                outside.sum(), dtype="float32"
            )
        return latents

    def generate(
        self,
        num_images: int,
        seed: int | None = None,
        latents: np.ndarray | None = None,
        batch_size: int = 64,
        truncation: float | None = None,
        **conditions: Any,
    ) -> np.ndarray:
        """Generates images: see `AdversarialModel.generate`.

        Args:
            num_images: How many.
            seed: The same seed gives the same images; None gives new ones.
            latents: Latents (num_images, latent_dim) to use instead.
            batch_size: Images at a time.
            truncation: The largest distance of a latent from zero, at least
                0.01: the smaller, the better and the more alike the images
                (section 3.1). None for all of N(0, 1).
            **conditions: `labels` (num_images,); left out, the classes in
                turn.

        Returns:
            float32 images (num_images, H, W, C) in [-1, 1].

        Raises:
            ValueError: For a truncation below 0.01, or of given latents.
        """
        if latents is None:
            latents = self.sample_latents(num_images, seed, truncation)
        elif truncation is not None:
            raise ValueError(
                "Latents that are given are not truncated. "
                f"Received: latents and truncation={truncation}"
            )
        return super().generate(
            num_images,
            latents=latents,
            batch_size=batch_size,
            **conditions,
        )
