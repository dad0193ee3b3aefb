"""Data sets of the zoo: where their rows come from, and how they are named."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from keras_gans import data
from keras_gans.data.arguments import CHANGES
from keras_gans.data.formats.keras_datasets import CLASS_NAMES
from keras_gans.modalities import Image


@dataclasses.dataclass(frozen=True)
class DataSet:
    """A data set that presets are trained on.

    Attributes:
        name: The source that `reader` takes where no other is given.
        title: The name to publish.
        license: Its licence.
        class_names: The names of its classes, for copies that lack them, or
            None.
        feature_networks: The feature networks that its images are compared
            by; None for what ships with the package for such images.
        reader: The function that opens it, `keras_gans.data.load` or another
            of that package.
    """

    name: str
    title: str
    license: str
    class_names: list[str] | None = None
    feature_networks: tuple[str, ...] | None = None
    reader: Callable[..., data.Source] = data.load

    def read(self, where: str = "", **options: Any) -> data.Source:
        """Opens the data set.

        Args:
            where: A folder or file that holds it, or "" for `name`.
            **options: What else the reader takes.

        Returns:
            Its rows, with the names of their classes.
        """
        source = self.reader(where or self.name, **options)
        if isinstance(source, data.ImageSource) and source.has_labels:
            source.class_names = source.class_names or self.class_names
        return source

    def read_splits(
        self, where: str, splits: Sequence[str], **options: Any
    ) -> list[data.Source]:
        """Opens splits without the changes that training makes at random.

        Args:
            where: As in `read`.
            splits: Their names, such as "val".
            **options: As in `read`; `CHANGES` among them are left out.

        Returns:
            The rows of each, which know their split.
        """
        kept = {k: v for k, v in options.items() if k not in CHANGES}
        sources = []
        for split in splits:
            sources.append(self.read(where, split=split, **kept))
            sources[-1].split = split
        return sources

    def describe(self, source: data.Source, **options: Any) -> str:
        """Returns title, number of rows and size, where it was changed."""
        rows = "images" if isinstance(source, data.ImageSource) else "rows"
        text = f"{self.title}, {len(source):,} training {rows}"
        if options.get("image_size") is None:
            return text
        kinds = source.modalities.values()
        # The last image is the one that is to be made.
        *_, image = (kind for kind in kinds if isinstance(kind, Image))
        height, width, _ = image.shape
        return f"{text}, as {height}x{width}"

    def networks_for(self, **options: Any) -> list[str] | None:
        """Returns the feature networks, for the size that `options` give."""
        if self.feature_networks is None:
            return None
        resized = options.get("image_size") is not None
        suffix = "/clean" if resized else ""
        return [f"{network}{suffix}" for network in self.feature_networks]


MNIST = DataSet(
    "mnist",
    "MNIST",
    "CC BY-SA 3.0",
    CLASS_NAMES["mnist"],
    ("mnist_classifier",),
)
FASHION_MNIST = DataSet(
    "fashion_mnist",
    "Fashion-MNIST",
    "MIT",
    CLASS_NAMES["fashion_mnist"],
    ("fashion_mnist_classifier",),
)
FACES = DataSet(
    "tfds:celeb_a",
    "CelebA faces",
    "CelebA: non-commercial research only",
)
CIFAR10 = DataSet(
    "cifar10",
    "CIFAR-10",
    "none stated",
    CLASS_NAMES["cifar10"],
)
FLOWERS = DataSet(
    "tfds:tf_flowers",
    "Flowers",
    "none stated",
)
MAPS = DataSet(
    "maps/",
    "Maps, aerial photographs of New York and their maps",
    "none stated",
    reader=data.pairs,
)
T91 = DataSet(
    "T91/",
    "T91, crops",
    "none stated",
    feature_networks=(),
    reader=data.degraded,
)
