"""What a GAN makes of one photograph."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from keras_gans.data.generated import NotFiniteError
from keras_gans.photographs.channels import (
    ALPHA_OVERLAP,
    as_floats,
    as_type,
    batch_for,
    enlarged,
    grey,
)
from keras_gans.photographs.cutting import Cutter
from keras_gans.photographs.reading import Photograph
from keras_gans.photographs.tasks import TRANSLATE, Task
from keras_gans.photographs.tiling import bands


@dataclasses.dataclass
class Made:
    """A photograph that is made while its bands are read.

    Attributes:
        bands: Arrays (rows, W, C), from top to bottom.
        shape: (H, W, C) of all of it.
        note: What is not exact, or "".
    """

    bands: Iterator[np.ndarray]
    shape: tuple[int, int, int]
    note: str = ""


class Maker:
    """Makes photographs of photographs, in tiles.

    Args:
        gan: The GAN.
        task: What it does.
        tile: Side of a tile in pixels, or None; see `Cutter`.
        overlap: The overlap of tiles in pixels, or None.
    """

    def __init__(
        self,
        gan: Any,
        task: Task,
        tile: int | None = None,
        overlap: int | None = None,
    ):
        self.gan = gan
        self.task = task
        self.cutter = Cutter(gan.inference_generator, task.scale, tile, overlap)

    def make(
        self,
        photograph: Photograph,
        mask: np.ndarray | None = None,
        progress: Callable[[float], Any] = lambda share: None,
    ) -> Made:
        """Returns what the GAN makes of a photograph.

        Args:
            photograph: The photograph.
            mask: What to fill in, (H, W, 1) of 0 and 1; None to fill in
                nothing.
            progress: Called with the share that is done.

        Raises:
            ValueError: For channels that the network does not take.
        """
        piece = Pieces(self.gan, self.task, photograph, mask)
        tiling, note = self.cutter.tiling_for(piece.images, piece)
        if piece.has_alpha and self.task.scale > 1:
            tiling.overlap = max(tiling.overlap, ALPHA_OVERLAP)
        height, width = photograph.pixels.shape[:2]
        scale = self.task.scale
        shape = height * scale, width * scale, piece.channels
        made = bands(piece.images, piece, tiling, progress)
        return Made(made, shape, note)


class Pieces:
    """Makes tiles of one photograph.

    Args:
        gan: The GAN.
        task: What it does.
        photograph: The photograph.
        mask: What to fill in, or None.

    Attributes:
        images: What is cut into tiles: pixels, transparency, mask.
        channels: The channels of what is made, with transparency.

    Raises:
        ValueError: For channels that the network does not take.
    """

    def __init__(
        self,
        gan: Any,
        task: Task,
        photograph: Photograph,
        mask: np.ndarray | None,
    ):
        self.gan, self.task = gan, task
        pixels, alpha = photograph.pixels, photograph.alpha
        self.taken = gan.takes[task.image].shape[-1]
        made = gan.makes[task.made].shape[-1]
        if self.taken == 4 and pixels.shape[-1] == 3:
            # A network of four channels sees the transparency itself.
            opaque = np.full_like(pixels[..., :1], as_type(
                np.ones(1, "float32"), pixels.dtype)[0])  # fmt: skip
            alpha = opaque if alpha is None else alpha
            pixels, alpha = np.concatenate([pixels, alpha], -1), None
        given = pixels.shape[-1]
        keeps_colours = task.name != TRANSLATE
        self.each = self.taken == made == 1 < given and keeps_colours
        self.to_grey = given == 1 and made == 3 and keeps_colours
        self.has_alpha = alpha is not None
        if not self.each:
            batch_for(as_floats(pixels[:1, :1]), self.taken)
        colours = given if self.each else 1 if self.to_grey else made
        self.channels = colours + self.has_alpha
        self.images = [x for x in (pixels, alpha, mask) if x is not None]
        self.has_mask = mask is not None

    def __call__(self, *tiles: np.ndarray) -> np.ndarray:
        """Makes one tile.

        Args:
            *tiles: The tile of each of `images`.

        Raises:
            NotFiniteError: If what is made is not finite.
        """
        pixels = tiles[0]
        mask = tiles[-1] if self.has_mask else None
        if mask is not None and not mask.any():
            made = pixels
        else:
            made = as_type(self._made(as_floats(pixels), mask), pixels.dtype)
            if mask is not None:
                made = np.where(mask > 0, made, pixels)
        if not self.has_alpha:
            return made
        return np.concatenate([made, enlarged(tiles[1], self.task.scale)], -1)

    def _made(self, values: np.ndarray, mask: Any) -> np.ndarray:
        if self.each:
            batch = values.transpose(2, 0, 1)[..., None]
        else:
            batch = batch_for(values, self.taken)
        inputs = {self.task.image: batch}
        if mask is not None:
            masks = np.repeat(mask[None], len(batch), axis=0)
            inputs[self.task.mask or ""] = masks.astype("float32")
        inputs = {name: inputs[name] for name in self.gan.takes}
        made = self.gan.generate_from(inputs)[self.task.made]
        if not np.isfinite(made).all():
            raise NotFiniteError(
                "What the generator makes is not finite: its training "
                f"diverged. Received: {type(self.gan).__name__}"
            )
        if self.each:
            return made[..., 0].transpose(1, 2, 0)
        return grey(made[0]) if self.to_grey else made[0]
