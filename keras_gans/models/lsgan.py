"""LSGAN: Mao et al. 2017, arXiv:1611.04076."""

from typing import Any

import keras

from keras_gans.losses import LOSSES
from keras_gans.models.dcgan import DCGAN


@keras.saving.register_keras_serializable("keras_gans")
class LSGAN(DCGAN):
    """Least squares GAN, Mao et al. 2017, with the networks of DCGAN.

    The discriminator is trained to output the number a for generated and b for
    real images, and the generator to get the output c (equation 2).

    Args:
        image_shape: (height, width, channels): height and width are 3 to 8
            times the same power of two, up to 1024 (28, 32, 48, 64, ...); any
            number of channels.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        width: Channels of the layer next to the images; they double with
            every halving of the maps, up to 8 times this number.
        loss: The name holds a, b and c: "least_squares_0_1_1" (equation 9),
            "least_squares_-1_1_0" (equation 8, Pearson's chi squared) or
            "least_squares_-1_1_1".
        **kwargs: `critic_steps`, `synchronized`, `generator` and
            `discriminator`, as in `DCGAN`, and `stabilizers`, `ema_decay`,
            `seed`, `name` and `dtype`, as in `AdversarialModel`.

    Raises:
        ValueError: For an unsupported image shape, and for another loss.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (64, 64, 3),
        latent_dim: int = 100,
        width: int = 64,
        loss: str = "least_squares_0_1_1",
        **kwargs: Any,
    ):
        if not str(loss).startswith("least_squares"):
            codings = [n for n in LOSSES if n.startswith("least_squares")]
            raise ValueError(
                f"`loss` must be one of {codings}. Received: loss={loss!r}"
            )
        super().__init__(
            image_shape=image_shape,
            latent_dim=latent_dim,
            width=width,
            loss=loss,
            **kwargs,
        )
