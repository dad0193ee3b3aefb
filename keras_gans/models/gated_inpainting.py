"""Gated inpainting: Yu et al. 2019, arXiv:1806.03589."""

import os
from types import MappingProxyType
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.arguments import whole_number
from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.metrics.pairs.scores import PIXEL_SCORES
from keras_gans.modalities import Image, Mask
from keras_gans.modalities.image import check_images, to_float, to_uint8
from keras_gans.networks.gated_inpainting import STAGES, build_gated_generator
from keras_gans.networks.sn_patch_gan import build_sn_patch_gan, default_depth

SMALLEST = 16
"""Smallest side of an image in pixels, which padding by reflection needs."""


def hole_l1(real: Any, made: Any, masks: Any) -> np.ndarray:
    """Returns the L1 distance within the holes of each image, (N,).

    Args:
        real: Photographs (N, H, W, C) in [-1, 1].
        made: The same with their holes filled in.
        masks: (N, H, W, 1) of 0 and 1.
    """
    distance = (np.abs(real - made).mean(-1, keepdims=True) * masks).sum(
        (1, 2, 3)
    )
    return distance / np.maximum(masks.sum((1, 2, 3)), 1.0)


@keras.saving.register_keras_serializable("keras_gans")
class GatedInpainting(TwoPlayerGAN):
    """Holes in photographs, filled in by gated convolutions, Yu et al. 2019.

    It learns from photographs alone: training draws the holes, and the
    photograph under a hole is what the generator is to make. The generator
    has two stages. Its loss adds the L1 distances of both stages' images
    from the whole photograph to what D says of the filled-in photograph:

    L_G = -E[D(G(z))] + l1_weight (E|x - coarse| + E|x - refined|),
    L_D = E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))].

    D is SN-PatchGAN, which also sees the mask; each value of its last maps
    is a verdict. Outside of the mask the generator gives back the photograph,
    bit for bit, in exports too.

    ```python
    gan = keras_gans.GatedInpainting((256, 256, 3))
    gan.compile()
    gan.fit(keras_gans.data.load("photos/", 256), batch_size=16, epochs=100)
    gan.inpaint(photographs, masks)
    ```

    Args:
        image_shape: (height, width, channels) of the photographs; any size
            from 16x16.
        width: Channels of the generator's layers next to the images; smaller
            maps have up to 4 times this number.
        dilations: Rates of the dilated convolutions in both stages.
        attention: Whether the refinement has a branch of contextual
            attention (Yu et al. 2018), which copies from what is not in the
            hole. It compares patches of 24x24 pixels that no hole touches:
            small images hardly have any.
        critic_width: Channels of the discriminator's first layer.
        critic_depth: The discriminator's convolutions, which halve the maps;
            None for as many as lead to maps of 4x4, the paper's 6 for images
            of 256x256.
        holes: What training and `generate` draw: "strokes" of a brush
            (Algorithm 1), "boxes", or "both", as in `modalities.Mask`.
        l1_weight: Weight of the L1 distances.
        loss: "hinge", another of `keras_gans.losses.LOSSES`, or a pair of
            functions.
        generator: Your own generator, from photographs and masks to
            photographs; the outputs of its layers named "coarse" and
            "refined", or else its own output, are compared by L1.
        discriminator: Your own discriminator, from images and masks to
            logits of any shape.
        **kwargs: `critic_steps`, as in `DCGAN`, and `stabilizers`,
            `ema_decay`, `seed`, `name` and `dtype`, as in `AdversarialModel`.

    Raises:
        ValueError: For images smaller than 16x16, and for unknown holes or
            losses.
    """

    logged = (*TwoPlayerGAN.logged, "l1")
    scores = MappingProxyType({"l1": hole_l1, "psnr": PIXEL_SCORES["psnr"]})
    held_as = MappingProxyType({"inputs": "images"})

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (256, 256, 3),
        width: int = 24,
        dilations: tuple[int, ...] = (2, 4, 8, 16),
        attention: bool = True,
        critic_width: int = 64,
        critic_depth: int | None = None,
        holes: str = "both",
        l1_weight: float = 1.0,
        loss: str = "hinge",
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        if min(image_shape[:2]) < SMALLEST:
            raise ValueError(
                f"Images must be of {SMALLEST}x{SMALLEST} pixels or more. "
                f"Received: image_shape={image_shape}"
            )
        layers = (image_shape, width, dilations, attention)
        image, mask = Image(*image_shape), Mask(*image_shape[:2], holes)
        shapes = {"images": image_shape, "masks": (*image_shape[:2], 1)}
        depth = critic_depth or default_depth(image_shape)
        super().__init__(
            generator=generator or (lambda: build_gated_generator(*layers)),
            discriminator=discriminator
            or (lambda: build_sn_patch_gan(shapes, critic_width, depth)),
            takes={"inputs": image, "masks": mask},
            makes={"images": image},
            learns_from={"images": image},
            loss=loss,
            **kwargs,
        )
        self.l1_weight, self.attention = l1_weight, attention
        # Keras is not to find the layers of the generator a second time.
        self.__dict__["_stages"] = stages_of(self.generator)

    @property
    def sees(self) -> tuple[str, ...]:
        """What the discriminator sees: the images and their masks."""
        return "images", "masks"

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Returns Adam with the rate of the authors' code."""
        return {p: keras.optimizers.Adam(1e-4, 0.5) for p in self.players}

    def unpack(self, data: Any) -> tuple[Any, dict[str, Any]]:
        """Returns photographs, and the same with masks that it draws."""
        real, given = super().unpack(data)
        masks = self.takes["masks"].sample(self.draw, ops.shape(real)[0])
        return real, {**given, "masks": masks}

    def train_step(self, data: Any) -> dict[str, Any]:
        """Algorithm 1; G runs once for D's last step and for its own."""
        real, given = self.unpack(data)
        for _ in range(self.critic_steps - 1):
            self.train_discriminator(real, self.fakes_for(real, given), given)
        self.minimize_on_shared_fakes(
            make=lambda: self.stages_for(given),
            train_judge=lambda made: self.train_discriminator(
                real, made[-1], given
            ),
            loss_fn=lambda made: self.loss_of(made, real, given),
            player=self.generator,
        )
        return self.get_metrics_result()

    def stages_for(self, given: dict[str, Any]) -> list[Any]:
        """Returns what both stages make, and then the filled-in images."""
        return self.call_network(self._stages, given, training=True)

    def generator_loss(self, real: Any, given: dict[str, Any]) -> Any:
        """Returns what G minimises: D's verdict, and L1 of both stages."""
        return self.loss_of(self.stages_for(given), real, given)

    def loss_of(self, made: list[Any], real: Any, given: dict[str, Any]) -> Any:
        """Returns G's loss by what `stages_for` returned."""
        *stages, fake = made
        l1 = sum(ops.mean(ops.abs(real - images)) for images in stages)
        self.log("l1", l1)
        return self.verdict_on(real, fake, given) + self.l1_weight * l1

    def inpaint(
        self,
        source: Any,
        masks: Any,
        target: Any = None,
        *,
        dilate: int = 0,
        batch_size: int = 8,
        **options: Any,
    ) -> Any:
        """Fills in the holes of photographs of any one size.

        Args:
            source: Images (N, H, W, C), or one (H, W, C): uint8, or float in
                [-1, 1]. What they hold in the holes does not matter. Or a
                file or folder, as in `keras_gans.photographs.inpaint`.
            masks: Of the same height and width, (N, H, W), (N, H, W, 1), or
                for one image (H, W) or (H, W, 1): 0 (keep) and 1 (fill in),
                bool, or 0 and 255. For files, files.
            target: For files, where to write.
            dilate: Pixels by which the holes grow on all sides first, for
                masks that do not cover the edge of what is to go.
            batch_size: Images at a time.
            **options: For files, as in `keras_gans.photographs.inpaint`.

        Returns:
            Images of the shape and kind of those that came, uint8 or float32.
            Outside of the grown holes their pixels are unchanged.

        Raises:
            ValueError: For masks of another size or of other values, for a
                negative `dilate`, for images that `generate` does not take,
                and for other sizes than a generator of your own takes.
        """
        if isinstance(source, str | os.PathLike):
            options = {"dilate": dilate, **options}
            return super().inpaint(source, masks, target, **options)
        images, masks = np.asarray(source), np.asarray(masks)
        is_one = images.ndim == 3
        images, masks = (
            (images[None], masks[None]) if is_one else (images, masks)
        )
        masks = masks[..., None] if masks.ndim == 3 else masks
        images = check_images(images, (*images.shape[1:3], self.image_shape[2]))
        masks = Mask(*images.shape[1:3]).check(masks)
        if len(masks) != len(images):
            raise ValueError(
                "There must be a mask for each image. "
                f"Received: {len(images)} images, {len(masks)} masks"
            )
        inputs = {"inputs": to_float(images), "masks": dilated(masks, dilate)}
        # The generator itself pads as its own size needs it.
        multiple = 8 if self.attention else 4
        sides = zip(self.image_shape[:2], images.shape[1:3], strict=True)
        border = [(0, (own - side) % multiple) for own, side in sides]
        inputs = {
            name: np.pad(values, [(0, 0), *border, (0, 0)], "reflect")
            for name, values in inputs.items()
        }
        made = self.generate_from(inputs, batch_size)["images"]
        made = made[:, : images.shape[1], : images.shape[2]]
        made = to_uint8(made) if images.dtype == np.uint8 else made
        return made[0] if is_one else made


def stages_of(generator: keras.Model) -> keras.Model:
    """Returns a generator with the images of its stages as further outputs.

    Args:
        generator: The generator. The layers named in `STAGES` make images;
            where it has none, its own output takes their place.

    Returns:
        A model of the same layers, whose last output is the generator's.
    """
    stages = [x.output for x in generator.layers if x.name in STAGES]
    last = generator.outputs[0]
    return keras.Model(generator.input, [*(stages or [last]), last])


def dilated(masks: np.ndarray, pixels: int) -> np.ndarray:
    """Returns masks (N, H, W, 1) whose holes have grown on all sides."""
    if not whole_number("dilate", pixels, 0):
        return masks
    grown = ops.max_pool(masks, 2 * pixels + 1, 1, "same", "channels_last")
    return ops.convert_to_numpy(grown)
