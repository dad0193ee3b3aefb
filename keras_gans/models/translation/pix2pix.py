"""Pix2Pix: Isola et al. 2017, arXiv:1611.07004."""

from collections.abc import Callable, Mapping
from typing import Any

import keras
from keras import ops

from keras_gans import data
from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.metrics.pairs.scores import scores_at_hand
from keras_gans.modalities import Image, Modality
from keras_gans.networks.patch_gan import build_patch_gan, check_patches
from keras_gans.networks.unet import build_unet, default_depth


@keras.saving.register_keras_serializable("keras_gans")
class Pix2Pix(TwoPlayerGAN):
    """Image-to-image translation, learned from pairs, Isola et al. 2017.

    The generator is a U-Net, and the discriminator judges patches of the
    input and the output together. The generator's loss adds an L1 distance
    from the output that the pair holds (equations 3 and 4):

    G* = arg min_G max_D L_cGAN(G, D) + lambda E[|y - G(x)|_1].

    The discriminator's loss is halved (section 3.3). The dropout that is the
    paper's noise acts in training only; `generate` gives one output for each
    input, as an export does.

    ```python
    gan = keras_gans.Pix2Pix((256, 256, 3), (256, 256, 3))
    gan.compile()
    gan.fit(keras_gans.data.pairs("facades/"), batch_size=1, epochs=200)
    gan.generate(inputs=photographs)
    ```

    Args:
        input_shape: (height, width, channels) of the inputs; any size.
        output_shape: (height, width, channels) of the outputs, of the same
            height and width; None for `input_shape`.
        width: Channels of the layers next to the images; they double with
            every halving of the maps, up to 8 times this number.
        depth: Halvings of the generator's maps; None for as many as lead to
            maps of one pixel, at most 8.
        receptive_field: Side in pixels of the patches that the discriminator
            judges: 1, 16, 34, 70, 142 or 286.
        norm: "batch" for batch norm; "instance" to normalize every image by
            itself, as the paper does with batches of one image.
        dropout: Rate of the dropout in the decoder's first three layers, in
            [0, 1).
        l1_weight: The paper's lambda.
        loss: "non_saturating", another of `keras_gans.losses.LOSSES`, or a
            pair of functions.
        generator: Your own generator, from inputs to outputs in [-1, 1].
        discriminator: Your own discriminator, from outputs and inputs to
            logits of any shape.
        **kwargs: `critic_steps`, as in `DCGAN`, and `stabilizers`,
            `ema_decay`, `seed`, `name` and `dtype`, as in `AdversarialModel`.

    Raises:
        ValueError: For inputs and outputs of different sizes, for images
            smaller than a patch, and for an unknown norm or loss.
    """

    logged = (*TwoPlayerGAN.logged, "l1")
    reader = staticmethod(data.pairs)

    def __init__(
        self,
        input_shape: tuple[int, int, int] = (256, 256, 3),
        output_shape: tuple[int, int, int] | None = None,
        width: int = 64,
        depth: int | None = None,
        receptive_field: int = 70,
        norm: str = "batch",
        dropout: float = 0.5,
        l1_weight: float = 100.0,
        loss: str = "non_saturating",
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        output_shape = output_shape or input_shape
        check_patches(input_shape, output_shape, receptive_field)
        if not 0 <= dropout < 1:
            raise ValueError(
                f"`dropout` must be in [0, 1). Received: dropout={dropout}"
            )
        halvings = depth or default_depth(input_shape)
        shapes = {"images": output_shape, "inputs": input_shape}
        unet = (input_shape, output_shape[-1], width, halvings, norm, dropout)
        super().__init__(
            generator=generator or (lambda: build_unet(*unet)),
            discriminator=discriminator
            or (lambda: build_patch_gan(shapes, width, receptive_field, norm)),
            takes={"inputs": Image(*input_shape)},
            makes={"images": Image(*output_shape)},
            loss=loss,
            **kwargs,
        )
        self.l1_weight = l1_weight

    @classmethod
    def arguments_from(cls, data: Mapping[str, Modality]) -> dict[str, Any]:
        """Returns the shapes of the inputs and of the outputs."""
        shapes = {"inputs": "input_shape", "images": "output_shape"}
        return {shapes[n]: m.shape for n, m in data.items() if n in shapes}

    @property
    def scores(self) -> Mapping[str, Callable]:
        """L1, PSNR and SSIM, and LPIPS where its files are at hand."""
        return scores_at_hand(self.image_shape)

    def discriminator_loss(
        self, real: Any, fake: Any, given: dict[str, Any]
    ) -> Any:
        """Returns half of the usual loss, which slows D down."""
        return 0.5 * super().discriminator_loss(real, fake, given)

    def verdict_on(self, real: Any, fake: Any, given: dict[str, Any]) -> Any:
        """Returns G's loss: what D says, and the distance from `real`."""
        l1 = ops.mean(ops.abs(real - fake))
        self.log("l1", l1)
        return super().verdict_on(real, fake, given) + self.l1_weight * l1
