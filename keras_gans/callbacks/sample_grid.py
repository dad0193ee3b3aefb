"""Pictures of what a GAN makes while it trains."""

import math
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras_gans import distribution
from keras_gans.arguments import whole_number
from keras_gans.callbacks.arguments import check_folder, check_labels
from keras_gans.modalities import ClassLabel
from keras_gans.pictures import check_samples, save_animation, save_samples
from keras_gans.pictures.animation import check_animation
from keras_gans.pictures.samples import panels_of

ENDINGS = {"gif": "gif", "apng": "png", "webp": "webp", "mp4": "mp4"}
"""The endings of animations, by their names."""


class SampleGrid(keras.callbacks.Callback):
    """Writes a sheet of samples as training goes on, and then an animation.

    What the generator takes is the same in every picture, and after a resume
    too, so one sees each sample change. `epoch_00001.png` shows the samples
    after the first epoch. The last epoch is always drawn.

    Samples of a GAN that takes classes are in rows of one class, whose name
    stands beside it. Of a GAN that takes images (or anything else that cannot
    be drawn at random) each sample shows what it took, what it made and, for
    pairs, what it was to make, side by side; they come from the first rows of
    `validation_data`, or else of the training data. Of a GAN that translates
    both ways each sample shows both. Sounds are drawn as waveforms.

    Args:
        directory: Folder for the pictures; it is made where it is missing.
        num_images: Number of samples, or (rows, columns).
        every: Epochs from one picture to the next.
        seed: Seed of what is drawn.
        prompts: A sentence or several, for a GAN that is told in words: a row
            for each, in which its samples are made from the same latents as
            in the others. None shows the examples that it draws.
        labels: Classes of the samples, (num_images,), numbers or names, for a
            GAN that takes classes; None shows all in turn.
        animation: `"gif"`, `"apng"`, `"webp"`, `"mp4"` (which needs the extra
            `[video]`), or None for none. It is made at the end from the
            pictures in the folder, so that a resumed run has all of its
            epochs in it.
        scale: Every pixel becomes `scale` by `scale` pixels; None makes
            small images large enough to look at.
        channels: The channels to show of images that have other than 1, 3 or
            4 of them: `(0, 1, 2)` or `(0,)`.

    Raises:
        ValueError: For arguments outside of what is named here; and when
            training begins, for samples that cannot be drawn.
        OSError: When training begins, where the folder cannot be written to.
    """

    shows_examples = True

    def __init__(
        self,
        directory: str | os.PathLike,
        num_images: int | tuple[int, int] = 64,
        every: int = 1,
        seed: int = 0,
        labels: Any = None,
        animation: str | None = "gif",
        scale: int | None = None,
        channels: Sequence[int] | None = None,
        prompts: str | Sequence[str] | None = None,
    ):
        super().__init__()
        if animation not in (*ENDINGS, None):
            raise ValueError(
                f"`animation` must be one of {list(ENDINGS)} or None. "
                f"Received: {animation!r}"
            )
        self.directory = Path(directory)
        if animation is not None:
            check_animation(self._animation_file(animation))
        self.columns = None
        if isinstance(num_images, Sequence):
            rows, self.columns = (
                whole_number("num_images", n) for n in num_images
            )
            num_images = rows * self.columns
        self.num_images = whole_number("num_images", num_images)
        check_labels(labels, self.num_images)
        self.every = whole_number("every", every)
        self.seed = whole_number("seed", seed, 0)
        self.labels = labels
        self.prompts = [prompts] if isinstance(prompts, str) else prompts
        self.animation = animation
        self.scale = None if scale is None else whole_number("scale", scale)
        self.channels = channels
        self._last_epoch = 0

    def on_train_begin(self, logs: dict | None = None) -> None:
        """Refuses what could not be drawn or written later."""
        gan = self.model
        if distribution.is_chief():
            check_samples(gan, self.channels)
            check_folder(self.directory)
        examples = gan.examples(self.num_images)
        rows = gan._rows
        self._real = real_of(gan, rows, self.num_images) if examples else {}
        num, told = self.num_images, self._told()
        self._columns = self.columns
        for sentences in told.values():
            num = self._columns = max(1, num // len(sentences))
        self._inputs = gan.inputs_for(
            num, self.seed, labels=self._labels(), **told, **examples
        )
        self._beside = [
            (view, view.inputs_for(num, self.seed, **view.examples(num)))
            for view in gan.views()[1:]
        ]
        self._last_epoch = 0

    def _told(self) -> dict[str, list[str]]:
        """Returns the sentences of the rows, of a GAN that is told in words."""
        num = self.num_images
        rows = num // self.columns if self.columns else math.isqrt(num)
        sentences = list(self.prompts or self.model.sentences(rows))
        return {self.model._told(sentences): sentences} if sentences else {}

    def _labels(self) -> Any:
        """Returns the labels; with columns, those of a class in each row."""
        kind = self.model.takes.get("labels")
        if self.labels is not None or self.columns is None:
            return self.labels
        if not isinstance(kind, ClassLabel):
            return None
        return np.arange(self.num_images) // self.columns % kind.num_classes

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
            file = self._animation_file(self.animation)
            save_animation(file, self._frames())

    def _animation_file(self, animation: str) -> Path:
        return self.directory / f"animation.{ENDINGS[animation]}"

    def _draw(self) -> None:
        gan = self.model
        made = gan.generate_from(self._inputs)
        beside = [
            panel
            for view, inputs in self._beside
            for panel in panels_of(view, inputs, view.generate_from(inputs), {})
        ]
        save_samples(
            self.directory / f"epoch_{self._last_epoch:05d}.png",
            gan,
            self._inputs,
            made,
            self._real,
            beside,
            columns=self._columns,
            scale=self.scale,
            channels=self.channels,
        )

    def _frames(self) -> list[Path]:
        numbered = {}
        for path in self.directory.glob("epoch_*.png"):
            match = re.fullmatch(r"epoch_(\d+)\.png", path.name)
            # Later epochs are what a longer run left in the folder.
            if match and int(match[1]) <= self._last_epoch:
                numbered[int(match[1])] = path
        return [numbered[epoch] for epoch in sorted(numbered)]


def real_of(gan: Any, source: Any, num: int) -> dict[str, np.ndarray]:
    """Returns what a GAN is to make of the first rows, where that is known.

    Args:
        gan: A GAN that takes what cannot be drawn.
        source: Rows of it.
        num: Number of rows; fewer begin again at their end.

    Returns:
        Carried values by name; none for unpaired data.
    """
    if len(source.sides) > 1:
        return {}
    shown = gan.held_as.values()  # among what was taken
    names = [n for n in gan.makes if n in source.modalities and n not in shown]
    return source.rows(np.arange(num) % len(source), names)
