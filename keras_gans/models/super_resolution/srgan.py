"""SRGAN: Ledig et al. 2017, arXiv:1609.04802."""

import functools
from typing import Any

import keras
from keras import ops

from keras_gans.models.super_resolution.two_stages import SuperResolutionGAN
from keras_gans.networks.super_resolution.ends import check_scale
from keras_gans.networks.super_resolution.srresnet import (
    SCALES,
    TAILS,
    build_srresnet,
    srresnet_field,
)
from keras_gans.networks.super_resolution.vgg_discriminator import (
    build_vgg_discriminator,
)


@keras.saving.register_keras_serializable("keras_gans")
class SRGAN(SuperResolutionGAN):
    """Super-resolution with a perceptual and an adversarial loss, Ledig 2017.

    The generator is SRResNet. For `pixel_steps` steps it minimises the mean
    squared error of pixels (equation 4), and then (equations 3, 5 and 6)

    l = 0.006 E[(phi(y) - phi(G(x)))^2] + 10^-3 E[-log D(G(x))]

    of the large image y, the small one x, and the features phi of VGG19,
    conv5_4 after its activation; 0.006 is the paper's 1 / 12.75 squared.

    ```python
    gan = keras_gans.SRGAN((96, 96, 3), scale=4)
    gan.compile()
    gan.fit(keras_gans.data.degraded("photos/"), batch_size=16, epochs=1000)
    gan.generate(inputs=photographs)  # of any size
    ```

    Args:
        image_shape: (height, width, channels) of the large images in
            training, multiples of the scale; `generate` takes any size.
        scale: By how much images are enlarged: 2, 4 or 8.
        width: Channels of the generator's maps.
        blocks: Its residual blocks.
        tail: "norm", or "prelu" for files of weights that have it: see
            `build_srresnet`.
        discriminator_width: Channels of the discriminator's first layer.
        perceptual: The network whose features are compared: "vgg19" of
            `keras.applications`, "vgg16" of torchvision, "squeeze", a Keras
            model from images in [-1, 1], or None to compare pixels (the
            paper's SRGAN-MSE). It is loaded when training begins; where its
            file is looked for says `load_features`.
        content_weight: Weight of the features' distance. The default suits
            "vgg19", whose features are the largest.
        adversarial_weight: Weight of the adversarial loss.
        pixel_weight: Weight of the mean squared error of pixels in the second
            stage, besides the features.
        pixel_steps: Steps of the first stage; None for none.
        loss: "non_saturating", another of `keras_gans.losses.LOSSES`, or a
            pair of functions.
        generator: Your own generator, from small to large images in [-1, 1].
        discriminator: Your own discriminator, from large images to logits.
        **kwargs: `critic_steps`, as in `DCGAN`, and `stabilizers`,
            `ema_decay`, `seed`, `name` and `dtype`, as in `AdversarialModel`.

    Raises:
        ValueError: For sizes that are no multiple of the scale, and for an
            unknown scale, tail, network or loss.
    """

    distance = staticmethod(ops.square)

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (96, 96, 3),
        scale: int = 4,
        width: int = 64,
        blocks: int = 16,
        tail: str = "norm",
        discriminator_width: int = 64,
        perceptual: Any = "vgg19",
        content_weight: float = 0.006,
        adversarial_weight: float = 1e-3,
        pixel_weight: float = 0.0,
        pixel_steps: int | None = 1_000_000,
        loss: str = "non_saturating",
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        if generator is None:
            check_scale(scale, SCALES)
        if tail not in TAILS:
            raise ValueError(
                f"`tail` must be one of {TAILS}. Received: tail={tail!r}"
            )
        super().__init__(
            generator
            or functools.partial(
                build_srresnet, image_shape[-1], scale, width, blocks, tail
            ),
            discriminator
            or functools.partial(
                build_vgg_discriminator,
                image_shape,
                discriminator_width,
                halvings=4,
                strided_size=3,
                units=16 * discriminator_width,
            ),
            image_shape,
            scale,
            loss,
            perceptual=perceptual,
            activated=True,
            content_weight=content_weight,
            adversarial_weight=adversarial_weight,
            pixel_weight=pixel_weight,
            pixel_steps=pixel_steps,
            receptive_field=None
            if generator
            else srresnet_field(scale, blocks),
            **kwargs,
        )

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Returns the paper's: Adam of rate 1e-4 (section 3.2).

        There the rate falls to 1e-5 for the second half of the adversarial
        steps.
        """
        return {p: keras.optimizers.Adam(1e-4, 0.9) for p in self.players}
