"""Images with captions, which are words in numbers."""

import copy
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np

from keras_gans.data.report import Origin
from keras_gans.data.source import ImageSource, Source
from keras_gans.modalities import Image, Modality, Text, Vocabulary


class CaptionedImages(Source):
    """Images under "images", and the words of a caption under "prompts".

    Of several captions of an image a pass over the data has one, drawn by
    (seed, pass, row); outside of training it is the first.

    Args:
        images: The images.
        captions: One caption or several for each.
        prompts: The modality of the captions; None learns the vocabulary of
            these captions.
        flip: Whether to flip half of the images from left to right in
            training.
        seed: Seed of what is drawn.

    Attributes:
        captions: The captions of every image.

    Raises:
        ValueError: For another number of captions than of images, for an
            image without a caption, and for captions without a known word.
    """

    def __init__(
        self,
        images: ImageSource,
        captions: Sequence[str | Sequence[str]],
        prompts: Text | None = None,
        flip: bool = False,
        seed: int = 0,
    ):
        if len(captions) != len(images):
            raise ValueError(
                "Captions must be as many as images. Received: "
                f"{len(captions)} captions for {images!r}"
            )
        self.images = images
        self.captions = as_lists(captions)
        self.flip = flip
        self.seed = seed
        self.name = images.name
        self.split = images.split
        self.nth_pass: int | None = None
        counts = [len(said) for said in self.captions]
        self._starts = np.cumsum([0, *counts])
        self._say(prompts or text_of(self.captions))

    def _say(self, prompts: Text) -> None:
        every = [caption for said in self.captions for caption in said]
        self._ids = prompts.check_data(every, "prompts")
        self.modalities: dict[str, Modality] = {
            "images": Image(*self.images.image_shape),
            "prompts": prompts,
        }

    def told_as(self, name: str, modality: Modality) -> Source:
        """Returns the source with its captions in another vocabulary."""
        if name != "prompts" or not isinstance(modality, Text):
            return self
        changed = copy.copy(self)
        changed._say(modality)
        return changed

    @property
    def changes(self) -> str:  # type: ignore[override]
        """The flips, and which caption is shown, in words."""
        flips = ["half of the rows flipped left to right"] * self.flip
        several = ["one of the captions drawn"] * (len(self._ids) > len(self))
        return ", ".join(flips + several)

    def __len__(self) -> int:
        return len(self.images)

    def in_pass(self, nth_pass: int) -> Source:
        """Returns the source with the captions of a pass over the data."""
        changed = copy.copy(self)
        changed.nth_pass = nth_pass
        return changed

    def rows(
        self, indices: np.ndarray, names: Collection[str] | None = None
    ) -> dict[str, np.ndarray]:
        """Reads images, and the words of a caption each; see `Source.rows`."""
        indices = np.asarray(indices)
        draws = self._draws()[indices]
        rows = {}
        if names is None or "images" in names:
            rows["images"] = self.images[indices]
            if self.flip and self.nth_pass is not None:
                flips = draws[:, 1] < 0.5
                rows["images"][flips] = rows["images"][flips, :, ::-1]
        if names is None or "prompts" in names:
            starts, ends = self._starts[indices], self._starts[indices + 1]
            chosen = starts + (draws[:, 0] * (ends - starts)).astype(int)
            rows["prompts"] = self._ids[chosen]
        return rows

    def _draws(self) -> np.ndarray:
        """Returns two numbers in [0, 1) for every row, 0 out of training."""
        if self.nth_pass is None:
            return np.zeros((len(self), 2))
        rng = np.random.default_rng([self.seed, self.nth_pass])
        return rng.random((len(self), 2))

    def origins(self) -> dict[str, Origin]:
        """Returns what the images were; see `Source.origins`."""
        return self.images.origins()


def as_lists(captions: Iterable[Any]) -> list[list[Any]]:
    """Returns a list of captions for each row, of one or several.

    Raises:
        ValueError: For a row that holds none, or what is no text.
    """
    rows = []
    for i, said in enumerate(captions):
        texts = [said] if isinstance(said, str | bytes) else said
        texts = list(texts) if isinstance(texts, Iterable) else []
        if not texts or not all(isinstance(t, str | bytes) for t in texts):
            raise ValueError(
                "Each image must have a caption or a list of several, all of "
                f"them strings. Received: {said!r} for image {i}, from 0"
            )
        rows.append([t if isinstance(t, bytes) else str(t) for t in texts])
    return rows


def text_of(captions: Sequence[Sequence[str]], examples: int = 8) -> Text:
    """Returns the modality of captions, by their own words.

    Args:
        captions: One caption or several for each row.
        examples: How many captions, all different, are examples to draw.
    """
    every = [caption for said in captions for caption in said]
    vocabulary = Vocabulary.from_captions(every)
    length = max(len(vocabulary.ids(caption)) for caption in every)
    different = list(dict.fromkeys(every))
    chosen = different[:: max(1, len(different) // examples)][:examples]
    return Text(vocabulary, length, chosen)
