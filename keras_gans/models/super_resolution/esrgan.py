"""ESRGAN: Wang et al. 2018, arXiv:1809.00219."""

import functools
from typing import Any

import keras
from keras import ops

from keras_gans.models.super_resolution.two_stages import SuperResolutionGAN
from keras_gans.networks.super_resolution import compact, rrdb
from keras_gans.networks.super_resolution.ends import check_scale
from keras_gans.networks.super_resolution.vgg_discriminator import (
    build_vgg_discriminator,
)

NETWORKS = ("rrdb", "compact")


@keras.saving.register_keras_serializable("keras_gans")
class ESRGAN(SuperResolutionGAN):
    """Super-resolution with dense blocks and a relativistic loss, Wang 2018.

    For `pixel_steps` steps the generator minimises the mean absolute error of
    pixels, and then (equation 3)

    L = E[|phi(y) - phi(G(x))|] + 5e-3 L_Ra + 10^-2 E[|y - G(x)|]

    of the large image y and the small one x. phi are the features of VGG19,
    conv5_4 before its activation, and L_Ra is equation 2: how much more real
    the average large image is than what G makes.

    Real-ESRGAN (Wang et al. 2021, arXiv:2107.10833) trains the same generator
    on other degradations, `data.degraded(..., degradation="second_order")`.
    Its files become presets by `keras-gans convert`.

    ```python
    gan = keras_gans.ESRGAN((128, 128, 3), scale=4)
    gan.compile()
    gan.fit(keras_gans.data.degraded("photos/", 128), batch_size=16)
    gan.generate(inputs=photographs)  # of any size
    ```

    Args:
        image_shape: (height, width, channels) of the large images in
            training, multiples of the scale; `generate` takes any size.
        scale: By how much images are enlarged: 1, 2, 4 or 8.
        width: Channels of the generator's maps.
        blocks: Its residual-in-residual dense blocks, 6 in Real-ESRGAN's
            network for anime; of the compact network the convolutions.
        growth: Channels that each dense layer adds.
        unshuffle: See `build_rrdb`; None for Real-ESRGAN's: 2 for a scale of
            2, 4 for a scale of 1, and else 1.
        network: "rrdb", or "compact" for Real-ESRGAN's small network without
            dense blocks, also of scale 3.
        discriminator_width: Channels of the discriminator's first layer.
        perceptual: The network whose features are compared: "vgg19" of
            `keras.applications`, "vgg16" of torchvision, "squeeze", a Keras
            model from images in [-1, 1], or None to compare pixels. It is
            loaded when training begins; where its file is looked for says
            `load_features`.
        content_weight: Weight of the features' distance. The default is
            that of the authors' code, for torchvision's VGG19.
        adversarial_weight: Weight of the relativistic loss, lambda.
        pixel_weight: Weight of the pixels' distance in the second stage, eta.
        pixel_steps: Steps of the first stage; None for none.
        loss: "relativistic_average", another of `keras_gans.losses.LOSSES`,
            or a pair of functions.
        generator: Your own generator, from small to large images in [-1, 1].
        discriminator: Your own discriminator, from large images to logits.
        **kwargs: `critic_steps`, as in `DCGAN`, and `stabilizers`,
            `ema_decay`, `seed`, `name` and `dtype`, as in `AdversarialModel`.

    Raises:
        ValueError: For sizes that are no multiple of the scale, and for an
            unknown scale, network or loss.
    """

    distance = staticmethod(ops.abs)

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (128, 128, 3),
        scale: int = 4,
        width: int = 64,
        blocks: int = 23,
        growth: int = 32,
        unshuffle: int | None = None,
        network: str = "rrdb",
        discriminator_width: int = 64,
        perceptual: Any = "vgg19",
        content_weight: float = 1.0,
        adversarial_weight: float = 5e-3,
        pixel_weight: float = 1e-2,
        pixel_steps: int | None = 1_000_000,
        loss: str = "relativistic_average",
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        build, field, scales = generator_for(
            network, image_shape[-1], scale, width, blocks, growth, unshuffle
        )
        if generator is None:
            check_scale(scale, scales)
        super().__init__(
            generator or build,
            discriminator
            or functools.partial(
                build_vgg_discriminator,
                image_shape,
                discriminator_width,
                halvings=5,
                strided_size=4,
                units=100,
                # A loss of differences of logits gives a bias no gradient.
                use_bias=not str(loss).startswith("relativistic"),
            ),
            image_shape,
            scale,
            loss,
            perceptual=perceptual,
            activated=False,
            content_weight=content_weight,
            adversarial_weight=adversarial_weight,
            pixel_weight=pixel_weight,
            pixel_steps=pixel_steps,
            receptive_field=None if generator else field,
            **kwargs,
        )

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Returns the paper's for the adversarial stage: Adam of rate 1e-4.

        There the rate of the first stage is 2e-4, and both are halved now and
        then (section 4.1).
        """
        return {p: keras.optimizers.Adam(1e-4, 0.9) for p in self.players}


def generator_for(
    network: str,
    channels: int,
    scale: int,
    width: int,
    blocks: int,
    growth: int,
    unshuffle: int | None,
) -> tuple[Any, int, tuple[int, ...]]:
    """Returns a function that builds a generator, and what is known of it.

    Args:
        network: "rrdb" or "compact".
        channels: Channels of the images.
        scale: By how much images are enlarged.
        width: Channels of the maps.
        blocks: Number of blocks, or of convolutions.
        growth: As in `build_rrdb`.
        unshuffle: Likewise; None for Real-ESRGAN's.

    Returns:
        The function, its receptive field, and the scales that there are.

    Raises:
        ValueError: For another network, and for another `unshuffle`.
    """
    if network not in NETWORKS:
        raise ValueError(
            f"`network` must be one of {NETWORKS}. "
            f"Received: network={network!r}"
        )
    size = (channels, scale, width, blocks)
    if network == "compact":
        build = functools.partial(compact.build_compact, *size)
        return build, compact.compact_field(blocks), compact.SCALES
    unshuffle = unshuffle or {1: 4, 2: 2}.get(scale, 1)
    if unshuffle not in rrdb.UNSHUFFLES:
        raise ValueError(
            f"`unshuffle` must be one of {rrdb.UNSHUFFLES} or None. "
            f"Received: unshuffle={unshuffle}"
        )
    build = functools.partial(rrdb.build_rrdb, *size, growth, unshuffle)
    return build, rrdb.rrdb_field(scale, blocks, unshuffle), rrdb.SCALES
