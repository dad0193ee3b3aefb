"""ProGAN: Karras, Aila, Laine and Lehtinen 2018, arXiv:1710.10196."""

import functools
import math
from typing import Any

import keras
from keras import layers

from keras_gans.layers import (
    Bias,
    ClipAtInference,
    EqualizedConv2D,
    EqualizedDense,
    PixelNormalization,
)
from keras_gans.modalities import Latents
from keras_gans.models.styles.growing import GrowingGAN
from keras_gans.models.styles.growth import Growth
from keras_gans.networks.growing import (
    SMALLEST,
    channels_at,
    faded_in,
    judge_images,
    sizes_of,
)
from keras_gans.stabilizers import R1, Drift, GradientPenalty


def build_generator(
    image_shape: tuple[int, int, int], latent_dim: int, width: int
) -> keras.Model:
    """Builds the generator (table 2)."""

    def finished(x: Any, name: str) -> Any:
        x = layers.LeakyReLU(0.2, name=f"{name}_leaky")(x)
        return PixelNormalization(name=f"{name}_norm")(x)

    def conv(x: Any, filters: int, name: str) -> Any:
        return finished(EqualizedConv2D(filters, 3, name=name)(x), name)

    z = keras.Input((latent_dim,), name="latents")
    x = PixelNormalization(name="latents_norm")(z)
    first = channels_at(SMALLEST, width)
    x = EqualizedDense(
        SMALLEST**2 * first,
        use_bias=False,
        gain=math.sqrt(2.0) / 4.0,  # the authors' code has it for the 4x4
        name="dense",
    )(x)
    x = layers.Reshape((SMALLEST, SMALLEST, first), name="maps")(x)
    x = finished(Bias(name="dense_bias")(x), "dense")
    x = conv(x, first, "conv_4")
    images = None
    for size in sizes_of(image_shape):
        if size > SMALLEST:
            x = layers.UpSampling2D(2, name=f"double_{size}")(x)
            x = conv(x, channels_at(size, width), f"conv_{size}_0")
            x = conv(x, channels_at(size, width), f"conv_{size}_1")
        images = faded_in(x, images, size, image_shape[-1])
    images = ClipAtInference(dtype="float32", name="images")(images)
    return keras.Model(z, images, name="generator")


@keras.saving.register_keras_serializable("keras_gans")
class ProGAN(GrowingGAN):
    """Progressive growing, Karras et al. 2018.

    Both networks begin with images of 4x4 pixels. Layers for twice the size
    are faded in, and trained for some time, again and again up to the images'
    full size; `growth` says when. All of it is one `fit` on images of full
    size. Besides:

    - weights have an equalised learning rate (section 4.1);
    - the generator normalises the channels of each pixel (section 4.2);
    - the discriminator sees how much the images of a batch differ (section 3);
    - the loss is WGAN-GP's with a small drift term (appendix A.1),
      L_D = E[D(G(z))] - E[D(x)] + lambda E[(|dD(x') / dx'| - 1)^2]
      + 0.001 E[D(x)^2], L_G = -E[D(G(z))], or another one with R1.

    The penalty's gradient is with respect to images of the present size.
    `generate` and `export` give images of full size at any time: while it
    grows, small images enlarged by repeating their pixels.

    Args:
        image_shape: (side, side, channels): a side that is a power of two,
            from 8 to 1024; any number of channels.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        width: Channels of maps up to 32x32, which halve with every doubling
            after that; the paper has 512.
        growth: The number of real images in each phase: at 4x4, then for each
            size while it fades in and again after that. Or a list of (size,
            images of fading in, images after that) for each size, for
            instance `[(4, 0, 1000), (8, 500, 1000), (16, 500, 1000)]` for
            images of 16x16. 0 trains at full size from the beginning.
            `print(gan.growth)` shows the schedule as a table.
        loss: "wasserstein" for WGAN-GP with drift, or another name of
            `keras_gans.losses.LOSSES`, such as "non_saturating", with R1.
        penalty_weight: The paper's lambda, or the weight of R1.
        drift_weight: Weight of the drift term of "wasserstein".
        critic_steps: Steps of the discriminator for each of the generator.
        ema_decay: Decay of the moving average of the generator's weights, in
            [0, 1), or None for no average.
        **kwargs: `stabilizers`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an unsupported image shape, a schedule of other sizes
            or one that does not reach full size, an unknown loss, and
            negative weights.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (64, 64, 3),
        latent_dim: int = 512,
        width: int = 512,
        growth: Any = 800_000,
        loss: Any = "wasserstein",
        penalty_weight: float = 10.0,
        drift_weight: float = 1e-3,
        critic_steps: int = 1,
        ema_decay: float | None = 0.999,
        **kwargs: Any,
    ):
        penalties: list[Any] = [R1(penalty_weight)]
        if loss == "wasserstein":
            penalties = [GradientPenalty(penalty_weight), Drift(drift_weight)]
        sizes = sizes_of(image_shape)
        super().__init__(
            functools.partial(build_generator, image_shape, latent_dim, width),
            functools.partial(
                judge_images,
                image_shape=image_shape,
                width=width,
                sizes=sizes,
            ),
            Growth(growth, sizes),
            {"latents": Latents(latent_dim)},
            loss,
            critic_steps=critic_steps,
            own_stabilizers=penalties,
            ema_decay=ema_decay,
            **kwargs,
        )
