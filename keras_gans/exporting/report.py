"""What `export` reports."""

import dataclasses
import json

from keras_gans.exporting.signature import Shape


@dataclasses.dataclass(frozen=True)
class ExportReport:
    """An export, and how near its images come to those of Keras.

    Attributes:
        path: Where it is.
        format: Its format.
        bytes: Its size.
        max_difference: The largest absolute difference between an image's
            value there and in Keras (in float32), where values are in
            [-1, 1] and a grey level is 0.0078; None if not verified.
        runtime: What it was verified with, and the version.
        inputs: The shape of every input, by name; None is the open batch.
        outputs: The shape of the images, by name.
    """

    path: str
    format: str
    bytes: int
    max_difference: float | None
    runtime: str | None
    inputs: dict[str, Shape]
    outputs: dict[str, Shape]

    def to_json(self) -> str:
        """Returns the report as JSON."""
        return json.dumps(dataclasses.asdict(self), indent=2)

    def __str__(self) -> str:
        def shapes(of: dict[str, Shape]) -> str:
            return ", ".join(f"{n} {shape}" for n, shape in of.items())

        if self.max_difference is None:
            check = "not verified"
        else:
            check = (
                f"differs from Keras by at most {self.max_difference:.1e} "
                f"in {self.runtime}"
            )
        return (
            f"{self.path}: {self.format}, {self.bytes:,} bytes, {check}\n"
            f"  {shapes(self.inputs)} -> {shapes(self.outputs)}"
        )
