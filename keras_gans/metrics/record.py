"""Records of results: a number, and all that is needed to repeat it."""

import dataclasses
import json
import os
import sys
from collections.abc import Mapping
from importlib import metadata
from typing import Any

import keras


def _versions() -> dict[str, str]:
    try:
        own = metadata.version("keras-gans")
    except metadata.PackageNotFoundError:  # Run from a source tree.
        own = "source"
    backend = keras.backend.backend()
    return {
        "keras_gans": own,
        "keras": keras.__version__,
        "backend": backend,
        backend: str(sys.modules[backend].__version__),
        "numpy": metadata.version("numpy"),
        "pillow": metadata.version("pillow"),
    }


@dataclasses.dataclass(frozen=True)
class MetricRecord:
    """The result of a metric, and how it was computed.

    Attributes:
        metric: Name of the metric, for instance `"fid"`.
        value: The number.
        feature_network: Name of the feature network.
        feature_network_checksum: SHA-256 of its weights.
        num_real: Number of real images; None where a statistics file does
            not say, 0 where the metric needs none.
        num_fake: Number of generated images.
        real: Name of the reference set, or None.
        real_checksum: SHA-256 of its images as uint8, in their order.
        fake: Name of the generated set, or None.
        seed: Seed that chose the images, or generated them; None where there
            is none.
        versions: Versions of keras_gans, Keras, the backend, NumPy and
            Pillow.
        resize: How images were resized for the feature network, or None
            where they were not.
        split: Split of the reference set, for instance `"train"`, or None.
        channels: `"grey repeated"` where grey images were repeated for a
            network of three channels; None where images had its channels.
        labels: How the classes of the generated images were drawn: `"as the
            reference set"`, `"in turn"` or `"given"`; None where they have
            none, or nothing is known.
        details: Settings of the metric and further results, for instance
            the standard deviation over subsets and the size of those.
    """

    metric: str
    value: float
    feature_network: str
    feature_network_checksum: str
    num_real: int | None
    num_fake: int | None
    real: str | None = None
    real_checksum: str | None = None
    fake: str | None = None
    seed: int | None = None
    versions: dict[str, str] = dataclasses.field(default_factory=_versions)
    resize: str | None = None
    split: str | None = None
    channels: str | None = None
    labels: str | None = None
    details: dict[str, float | int] = dataclasses.field(default_factory=dict)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "MetricRecord":
        """Makes a record from what `to_json` wrote.

        Args:
            values: The parsed JSON object. Objects of earlier versions, with
                fewer attributes, can be read too.

        Returns:
            The record.

        Raises:
            TypeError: For an object that is not a record.
        """
        values = dict(values)
        values.pop("name", None)
        values.setdefault("versions", {})
        return cls(**values)

    @property
    def name(self) -> str:
        """The name to publish, as `"fid[fashion_mnist_classifier]"`."""
        return f"{self.metric}[{self.feature_network}]"

    def __float__(self) -> float:
        return self.value

    def __str__(self) -> str:
        deviation = ""
        if "deviation" in self.details:
            deviation = f" ± {self.details['deviation']:.2g}"
        images = f"{_number(self.num_fake)} images"
        if self.num_real != 0:
            images += f" against {_number(self.num_real)}"
        return f"{self.name} {self.value:.4g}{deviation} ({images})"

    def to_json(self) -> str:
        """Returns the record as one line of JSON."""
        return json.dumps({"name": self.name, **dataclasses.asdict(self)})

    def append_to(self, path: str | os.PathLike) -> None:
        """Appends the record to a file of JSON lines."""
        with open(path, "a", encoding="utf-8") as file:
            file.write(self.to_json() + "\n")


def _number(count: int | None) -> str:
    return "unknown" if count is None else str(count)
