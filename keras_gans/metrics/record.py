"""A result with everything that is needed to make it again."""

import dataclasses
import json
import os
from importlib import metadata

import keras


def _versions() -> dict[str, str]:
    try:
        own = metadata.version("keras-gans")
    except metadata.PackageNotFoundError:  # Run from a source tree.
        own = "source"
    return {
        "keras_gans": own,
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
    }


@dataclasses.dataclass(frozen=True)
class MetricRecord:
    """The result of a metric, and how it was made.

    Attributes:
        metric: What was measured, for instance `"fid"`.
        value: The number.
        feature_network: Name of the feature network.
        feature_network_checksum: SHA-256 of its weights.
        num_real: Real images that went in.
        num_fake: Generated images that went in.
        real: Name of the reference set, or None.
        real_checksum: SHA-256 of its images as uint8, in their order.
        fake: Name of the generated set, or None.
        seed: Seed that chose, or generated, the images; None if none did.
        versions: Of keras_gans and Keras, and the backend.
    """

    metric: str
    value: float
    feature_network: str
    feature_network_checksum: str
    num_real: int
    num_fake: int
    real: str | None = None
    real_checksum: str | None = None
    fake: str | None = None
    seed: int | None = None
    versions: dict[str, str] = dataclasses.field(default_factory=_versions)

    @property
    def name(self) -> str:
        """For instance `"fid[fashion_mnist_classifier]"`."""
        return f"{self.metric}[{self.feature_network}]"

    def __float__(self) -> float:
        return self.value

    def __str__(self) -> str:
        return (
            f"{self.name} {self.value:.4g} "
            f"({self.num_fake} images against {self.num_real})"
        )

    def to_json(self) -> str:
        """Returns the record as one line of JSON."""
        return json.dumps({"name": self.name, **dataclasses.asdict(self)})

    def append_to(self, path: str | os.PathLike) -> None:
        """Adds the record to a file of JSON lines."""
        with open(path, "a", encoding="utf-8") as file:
            file.write(self.to_json() + "\n")
