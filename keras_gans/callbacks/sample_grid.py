"""Pictures of what a GAN generates while it trains."""

import os
import re
from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras_gans import distribution
from keras_gans.pictures import save_animation, save_grid


class SampleGrid(keras.callbacks.Callback):
    """Writes a grid of samples as training goes on, and then an animation.

    The latents are the same in every picture, and after a resume too, so one
    sees each sample change. `epoch_00001.png` shows the samples after the
    first epoch. The last epoch is always drawn.

    Args:
        directory: Folder for the pictures; it is made where it is missing.
        num_images: How many samples, or (rows, columns).
        every: Epochs from one picture to the next.
        seed: Seed of the latents.
        labels: Labels of the samples, int (num_images,), for a conditional
            GAN; None leaves them to it.
        animation: `"gif"`, `"apng"`, or None for none. It is made at the end
            from the pictures in the folder, so that a resumed run has all of
            its epochs in it.
        scale: Every pixel becomes `scale` by `scale` pixels; None makes
            small images large enough to look at.

    Raises:
        ValueError: For arguments outside of what is named here.
    """

    def __init__(
        self,
        directory: str | os.PathLike,
        num_images: int | tuple[int, int] = 64,
        every: int = 1,
        seed: int = 0,
        labels: Any = None,
        animation: str | None = "gif",
        scale: int | None = None,
    ):
        super().__init__()
        if animation not in ("gif", "apng", None):
            raise ValueError(
                "`animation` must be 'gif', 'apng' or None. "
                f"Received: {animation!r}"
            )
        if every < 1 or np.min(num_images) < 1:
            raise ValueError(
                "`every` and `num_images` must be at least 1. "
                f"Received: every={every}, num_images={num_images}"
            )
        self.directory = Path(directory)
        self.columns = None
        if not isinstance(num_images, int):
            rows, self.columns = num_images
            num_images = rows * self.columns
        if labels is not None and len(labels) != num_images:
            raise ValueError(
                "`labels` must hold one label for each sample. Received: "
                f"{len(labels)} labels for {num_images} samples"
            )
        self.num_images = num_images
        self.every = every
        self.seed = seed
        self.labels = labels
        self.animation = animation
        self.scale = scale
        self._last_epoch = 0

    def on_train_begin(self, logs: dict | None = None) -> None:
        """Refuses labels that there are not before the first epoch."""
        conditions = {} if self.labels is None else {"labels": self.labels}
        latents = self.model.sample_latents(self.num_images, self.seed)
        self._inputs = self.model.generator_inputs(latents, **conditions)

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Draws the samples, where it is time, in one process of several."""
        if not distribution.is_chief():
            return
        self._last_epoch = epoch + 1
        if (epoch + 1) % self.every == 0:
            self._draw()

    def on_train_end(self, logs: dict | None = None) -> None:
        """Draws the last epoch, where it was not, and the animation."""
        if not self._last_epoch:  # There was nothing left to train.
            return
        if self._last_epoch % self.every:
            self._draw()
        if self.animation is not None:
            ending = {"gif": "gif", "apng": "png"}[self.animation]
            save_animation(
                self.directory / f"animation.{ending}", self._frames()
            )

    def _draw(self) -> None:
        images = self.model.generate_from(self._inputs)
        save_grid(
            self.directory / f"epoch_{self._last_epoch:05d}.png",
            images,
            columns=self.columns,
            scale=self.scale or max(1, 64 // images.shape[1]),
        )

    def _frames(self) -> list[Path]:
        numbered = {}
        for path in self.directory.glob("epoch_*.png"):
            match = re.fullmatch(r"epoch_(\d+)\.png", path.name)
            # Later epochs are what a longer run left in the folder.
            if match and int(match[1]) <= self._last_epoch:
                numbered[int(match[1])] = path
        return [numbered[epoch] for epoch in sorted(numbered)]
