"""TensorBoard, with samples and with the discriminator's scores."""

import math
import os
from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras_gans import distribution
from keras_gans.engine.training.validation import first_rows
from keras_gans.pictures.history import epochs_of_grids


class TensorBoard(keras.callbacks.TensorBoard):
    """Keras's TensorBoard, and what one wants to see of a GAN besides.

    Epochs count from 1. After every epoch there are histograms of what the
    discriminator says of real and of generated rows, one by one, where the
    means in the logs hide how far the two overlap: `scores/real` and
    `scores/generated`. The generated ones are those of the generator that
    `generate` uses. The pictures that `SampleGrid` draws are shown under
    `samples`; put this callback after it.

    TensorFlow writes the logs, on every Keras backend.

    Args:
        log_dir: The folder of the logs.
        samples: The folder of `SampleGrid`; None shows no pictures.
        num_scores: Number of real and of generated rows to judge; 0 for none.
        **kwargs: As in `keras.callbacks.TensorBoard`.
    """

    def __init__(
        self,
        log_dir: str | os.PathLike = "logs",
        samples: str | os.PathLike | None = None,
        num_scores: int = 256,
        **kwargs: Any,
    ):
        super().__init__(log_dir, **kwargs)
        self.samples = samples
        self.num_scores = num_scores
        self._shown = 0

    def on_train_begin(self, logs: dict | None = None) -> None:
        """Leaves the pictures of a run that goes on as they are."""
        super().on_train_begin(logs)
        self._shown = max(self._grids(), default=0)

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Writes the logs of an epoch, in one process of several."""
        if not distribution.is_chief():
            return
        # What is not measured in this epoch counts as infinite.
        finite = {k: v for k, v in (logs or {}).items() if math.isfinite(v)}
        super().on_epoch_end(epoch + 1, finite)
        self._shown = min(self._shown, epoch)
        with self._train_writer.as_default():
            for name, scores in self._scores().items():
                self.summary.histogram(f"scores/{name}", scores, epoch + 1)
        self._show(epoch + 1)

    def on_train_end(self, logs: dict | None = None) -> None:
        """Shows the last picture."""
        if distribution.is_chief():
            self._show(max(self._grids(), default=0))
        super().on_train_end(logs)

    def _grids(self) -> list[int]:
        return [] if self.samples is None else epochs_of_grids(self.samples)

    def _show(self, last: int) -> None:
        from PIL import Image

        for epoch in self._grids():
            if self._shown < epoch <= last:
                path = Path(str(self.samples)) / f"epoch_{epoch:05d}.png"
                with Image.open(path) as picture:
                    pixels = np.asarray(picture.convert("RGB"))[None]
                with self._train_writer.as_default():
                    self.summary.image("samples", pixels, epoch)
                self._shown = epoch

    def _scores(self) -> dict[str, np.ndarray]:
        """Returns what D says of rows; of a map for each row all of it."""
        gan = self.model
        if not self.num_scores or gan._rows is None or not gan.judges:
            return {}
        num = min(self.num_scores, len(gan._rows))
        num -= num % gan.together
        rows = first_rows(gan._rows, num)
        inputs = gan.inputs_for(num, 0, **gan.taken_from(rows))
        made = gan.generate_from(inputs)
        known = {**inputs, **rows}
        real = gan.seen_of(known)
        judge = gan.networks_of(gan.judges[0])[0]
        sides = {"real": real, "generated": {**real, **made}}
        return {
            side: np.ravel(
                _first(
                    gan.call_network(judge, gan.joined(seen), training=False)
                )
            )
            for side, seen in sides.items()
        }


def _first(outputs: Any) -> np.ndarray:
    first = keras.tree.flatten(outputs)[0]
    return keras.ops.convert_to_numpy(keras.ops.cast(first, "float32"))
