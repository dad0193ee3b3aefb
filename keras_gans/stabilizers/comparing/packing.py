"""Packing: Lin, Khetan, Fanti and Oh 2018, arXiv:1712.04086."""

from typing import Any

import keras

from keras_gans.modalities import Image, Mask
from keras_gans.stabilizers.stabilizer import Stabilizer


@keras.saving.register_keras_serializable("keras_gans")
class Packing(Stabilizer):
    """Lets D judge several images together, which shows it a lack of variety.

    Lin et al. 2018, section 3, "PacGAN": D(x_1, ..., x_m) says of m images at
    once whether all are real or all are generated, and where G makes few modes,
    m of its images are more alike than m real ones. The images are joined along
    their channels, so that D is built for m times the channels and says B / m
    things of a batch of B, of the rows 1 to m, m + 1 to 2 m and so on. A D of
    your own must be for the joined images.

    The other stabilizers change images one by one, before they are joined;
    penalties are on the gradient with respect to the joined images, and
    `TopK` and `LabelFlipping` take packs for rows.

    It fits discriminators that see images, also the inputs that go with them
    (Pix2Pix), and masks. It does not fit those that see labels or other
    conditions of one image, or predict them, nor those that grow.

    Args:
        pack: The paper's m, a whole number of at least 2, which must divide
            the batch of each device.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For another `pack`, and for a GAN that it does not fit.
    """

    def __init__(self, pack: int = 2, **kwargs: Any):
        super().__init__(**kwargs)
        if pack < 2:
            raise ValueError(
                "`pack` must be a whole number of at least 2. "
                f"Received: pack={pack!r}"
            )
        self.pack = pack
        self.together = pack

    def check(self, gan: Any) -> None:
        """Raises a ValueError where D does not judge images alone."""
        networks = [n for judge in gan.judges for n in gan.networks_of(judge)]
        is_image = [
            isinstance(gan.modality_of(name), Image | Mask) for name in gan.sees
        ]
        predicts = any(len(network.outputs) > 1 for network in networks)
        if not all(is_image) or predicts or hasattr(type(gan), "size"):
            raise ValueError(
                "Packing is for discriminators that see images, and nothing of "
                "one image such as its label, that say whether they are real, "
                "and nothing else, and that do not grow. "
                f"Received: {type(gan).__name__} of {gan.sees}"
            )

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {**super().get_config(), "pack": self.pack}
