"""The report of an export."""

import dataclasses
import json

from keras_gans.exporting.signature import Shape


@dataclasses.dataclass(frozen=True)
class ExportReport:
    """An export, and how close its outputs are to those of Keras.

    Attributes:
        path: Path of the export.
        format: Its format.
        bytes: Its size.
        max_difference: The largest absolute difference between an output's
            value there and in Keras in float32; None if not verified. For
            values in [-1, 1], a level of an 8-bit image is 0.0078.
        mean_difference: The mean absolute difference, likewise.
        runtime: The runtime that it was verified with, and its version.
        inputs: The shape of every input, by name; None is the open batch.
        outputs: The shape of every output, by name.
        class_names: The names of the classes of each input that is a label
            and has them; the export holds them too.
    """

    path: str
    format: str
    bytes: int
    max_difference: float | None
    mean_difference: float | None
    runtime: str | None
    inputs: dict[str, Shape]
    outputs: dict[str, Shape]
    class_names: dict[str, list[str]]

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
                f"(mean {self.mean_difference:.1e}) in {self.runtime}"
            )
        return (
            f"{self.path}: {self.format}, {self.bytes:,} bytes, {check}\n"
            f"  {shapes(self.inputs)} -> {shapes(self.outputs)}"
        )
