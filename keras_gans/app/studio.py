"""What the app draws, each a function from its controls."""

import os
import tempfile
import threading
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans import latents
from keras_gans.app.pictures import scale_of, shown, whole
from keras_gans.data.generated import image_name
from keras_gans.data.images.decoding import MODES
from keras_gans.modalities import ClassLabel, Image, Truncation
from keras_gans.photographs.tasks import UPSCALE, task_of
from keras_gans.serving.requests import read_request

ALL = "all in turn"
"""The choice of classes that is none of them."""

MOST_IMAGES = 64
"""Images of a grid or a row."""

FRAMES_A_SECOND = 24

LPIPS_FOLDER = "KERAS_GANS_LPIPS"
"""The environment variable that names the folder of LPIPS's weights."""


class Studio:
    """What can be done with one GAN.

    Its functions may be called from several threads: they take turns.

    Args:
        gan: A GAN that makes images of 1, 3 or 4 channels.

    Attributes:
        made: The name of the images that it makes.
        shape: Their shape.
        classes: The names of its classes, or none.
        draws: Whether it draws all that it takes: no photograph is needed.
        walks: Whether images between two latents can be made.
        styles: Whether it has styles, so that truncation is from 0 to 1 and
            photographs can be projected.
        task: What it does with photographs, or None.
        taken: The shape of the pictures that it takes, or makes.
        folder: A folder for files, which goes with the studio.
        turn: Held by whoever uses the GAN.

    Raises:
        ValueError: For a GAN of other things.
    """

    def __init__(self, gan: Any):
        self.gan, self.made = gan, image_name(gan)
        self.shape = gan.makes[self.made].shape
        if self.shape[-1] not in MODES:
            raise ValueError(
                "The app shows images of 1, 3 or 4 channels. "
                f"Received: {type(gan).__name__} of {self.shape}"
            )
        kind = gan.takes.get("labels")
        self.classes: list[str] = []
        if isinstance(kind, ClassLabel):
            self.classes = [kind.name_of(i) for i in range(kind.num_classes)]
        self.draws = all(m.is_drawn for m in gan.takes.values())
        others = {n for n, m in gan.takes.items() if not _one_for_all(m)}
        self.walks = others == {"latents"}
        self.styles = latents.styles.has_styles(gan)
        self.task = task_of(gan)
        images = [m.shape for m in gan.takes.values() if isinstance(m, Image)]
        self.taken = images[0] if images else self.shape
        self.folder = tempfile.TemporaryDirectory(prefix="keras_gans-")
        self.turn = threading.Lock()

    @property
    def truncates(self) -> bool:
        """Whether there is a truncation to choose."""
        kinds = self.gan.takes.values()
        return any(_has_truncation(kind) for kind in kinds)

    @property
    def fits(self) -> bool:
        """Whether a photograph is best cut to the size of training."""
        return self.task is None or self.task.name != UPSCALE

    @property
    def distances(self) -> list[str]:
        """What a projection can measure with, without a download."""
        more = ["squeeze", "alex", "vgg"] if LPIPS_FOLDER in os.environ else []
        return ["pixels", *more]

    def grid(
        self,
        seed: float,
        count: float = 16,
        label: str | None = None,
        truncation: float | None = None,
    ) -> np.ndarray:
        """Draws images of a seed, as one picture.

        Args:
            seed: The seed.
            count: How many.
            label: A class; None or `ALL` for all in turn.
            truncation: The psi or the largest latent; None for none.

        Returns:
            A uint8 picture (H, W, C).
        """
        asked = {"seed": whole(seed), "count": self._few(count)}
        request = read_request(
            self.gan, {**asked, **self._given(label, truncation)}
        )
        with self.turn:
            made = self.gan.generate_from(request.inputs)[self.made]
        return shown(made)

    def between(
        self,
        first: float,
        second: float,
        count: float = 8,
        label: str | None = None,
        truncation: float | None = None,
    ) -> np.ndarray:
        """Draws images from one seed's to another's, as one picture."""
        steps = max(2, self._few(count))
        ends = np.stack(
            [self._latents_of(seed, truncation) for seed in (first, second)]
        )
        made = self._walked(2 * (steps - 1), ends, label, truncation)
        return shown(made[:steps], columns=min(steps, 4))

    def walk(
        self,
        seed: float,
        points: float = 5,
        seconds: float = 5.0,
        label: str | None = None,
        truncation: float | None = None,
    ) -> str:
        """Makes a video of a closed walk through latents.

        Args:
            seed: The seed of the first of them; the others have the next.
            points: How many are passed.
            seconds: How long it takes, up to 20 s.
            label: A class; None or `ALL` for the first.
            truncation: As in `grid`.

        Returns:
            The path of an .mp4 file, until the next walk.
        """
        first, num = whole(seed), max(2, self._few(points))
        seconds = min(20.0, max(1.0, float(seconds)))
        seeds = range(first, first + num)
        ends = np.stack([self._latents_of(s, truncation) for s in seeds])
        frames = round(seconds * FRAMES_A_SECOND)
        made = self._walked(frames, ends, label, truncation)
        path = Path(self.folder.name) / f"walk_of_seed_{first}.mp4"
        latents.save_walk(path, made[:, None], seconds, scale=scale_of(made))
        return str(path)

    def _walked(
        self,
        frames: int,
        ends: np.ndarray,
        label: str | None,
        truncation: float | None,
    ) -> np.ndarray:
        psi = truncation if self.styles else None
        with self.turn:
            made = latents.walk(
                self.gan,
                frames,
                latents=ends,
                truncation=psi,
                **self.class_for(label),
            )
        return made[:, 0]

    def _latents_of(self, seed: float, truncation: float | None) -> np.ndarray:
        given = {} if self.styles else self._given(None, truncation)
        asked = {"seed": whole(seed), "count": 1, **given}
        return read_request(self.gan, asked).inputs["latents"][0]

    def _given(
        self, label: str | None, truncation: float | None
    ) -> dict[str, Any]:
        given: dict[str, Any] = {}
        if self.classes and label not in (None, ALL):
            given["labels"] = label
        if self.truncates and truncation is not None:
            given["truncation"] = float(truncation)
        return given

    def class_for(self, label: str | None) -> dict[str, Any]:
        """Returns one class for all images, the first where none is chosen."""
        if not self.classes:
            return {}
        chosen = self._given(label, None).get("labels", self.classes[0])
        return {"labels": chosen if chosen in self._names() else int(chosen)}

    def _names(self) -> list[str]:
        return self.gan.takes["labels"].names or []

    def _few(self, count: float) -> int:
        return min(MOST_IMAGES, max(1, whole(count)))


def _one_for_all(kind: Any) -> bool:
    return isinstance(kind, ClassLabel | Truncation)


def _has_truncation(kind: Any) -> bool:
    return isinstance(kind, Truncation) or "truncation" in kind.options
