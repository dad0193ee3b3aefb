"""A kind of data: images, labels, latents and so on."""

import inspect
from abc import ABC
from pathlib import Path
from typing import Any

import numpy as np


class Modality(ABC):
    """What one kind of data is, and what can be done with it.

    A variant declares a modality, by name, for all that its generator takes
    and makes and for all that it learns from. The rest of the package
    (the feed, `fit`, `generate`, callbacks, presets, exports, the command
    line) asks the modality and knows nothing about images, labels or sound.

    Values appear in two forms. **Carried** values are NumPy arrays as files
    and feeds hold them, for instance uint8 images. **Device** values are the
    numbers that networks see, for instance float32 in [-1, 1].

    Attributes:
        shape: The shape of one value, without the batch.
        dtype: The type on the device, "float32" or "int32".
        is_drawn: Whether `draw` makes values from a seed.
        is_data: Whether training reads values from the data. False for what
            training draws: latents and masks.
        is_worded: Whether values can be asked for in words, as strings. Each
            of them is then made with every row of what else is drawn.
        num_values: How many whole numbers, from 0, a value can be: classes,
            ids of words. None for other values.
        options: Names of further arguments of `draw`.
        suffix: The ending of a file that holds one value.
    """

    shape: tuple[int, ...]
    dtype: str = "float32"
    is_drawn: bool = False
    is_data: bool = True
    is_worded: bool = False
    num_values: int | None = None
    options: tuple[str, ...] = ()
    suffix: str = ".npy"

    def check(self, values: Any, name: str = "values") -> np.ndarray:
        """Checks values and returns them as a NumPy array.

        Args:
            values: An array (N, *shape), carried or device values.
            name: The name of the values in an error.

        Returns:
            The values, of a type that `to_device` takes.

        Raises:
            ValueError: For another shape, type or range, and for values that
                are not finite.
        """
        values = np.asarray(values)
        if values.dtype.kind in "USO":
            raise ValueError(
                f"`{name}` must be numbers. Received: {values.flat[0]}"
            )
        if values.shape[1:] != self.shape:
            raise ValueError(
                f"`{name}` must have the shape (N, {self._sizes()}). "
                f"Received: shape {values.shape}"
            )
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            raise ValueError(
                f"`{name}` must be finite. Received: NaN or infinite values"
            )
        return values.astype(self.dtype)

    def check_data(self, values: Any, name: str = "values") -> np.ndarray:
        """Checks values to train on: as `check`, and for a likely mistake.

        Args:
            values: A whole set, or the first batch of one.
            name: The name of the values in an error.

        Raises:
            ValueError: For what `check` refuses, and for a range that data
                of this kind do not have as a whole.
        """
        return self.check(values, name)

    def renumbered(self, values: np.ndarray, theirs: "Modality") -> Any:
        """Returns values of another modality as they are in this one.

        Args:
            values: Carried values (N, ...) of `theirs`.
            theirs: A modality of the same class.

        Returns:
            An array (N, *shape); None where that cannot be, as for most.
        """
        return None

    def check_batch(self, values: Any, name: str = "values") -> np.ndarray:
        """Checks a batch that goes to the networks as it is.

        Args:
            values: The first batch of a data set.
            name: The name of the values in an error.

        Raises:
            ValueError: For what `check_data` refuses, and for strings.
        """
        values = np.asarray(values)
        if values.dtype.kind in "USO":
            raise ValueError(
                "The batches of a data set go to the networks as they are, so "
                f"`{name}` must be numbers in them: those that "
                f'`gan.learns_from["{name}"].check({name})` returns. Or pass '
                "`fit` whole arrays, or a source such as "
                "`keras_gans.data.captioned((images, captions))`. Received: "
                f"batches of {values.dtype}, for instance {values.flat[0]!r}"
            )
        return self.check_data(values, name)

    def carry(self, values: Any) -> np.ndarray:
        """Returns device values (N, *shape) as files hold them."""
        return np.asarray(values)

    def to_device(self, values: Any) -> Any:
        """Returns carried values, an array or tensor, as networks see them."""
        import keras

        return keras.ops.cast(values, self.dtype)

    def draw(
        self, num: int, rng: np.random.Generator, **options: Any
    ) -> np.ndarray:
        """Draws values on the host, the same on every backend.

        Args:
            num: Number of values.
            rng: The generator of random numbers.
            **options: Those that `options` names.

        Returns:
            Device values (num, *shape).
        """
        raise NotImplementedError(f"{type(self).__name__} cannot be drawn")

    def sample(self, draw: Any, num: Any) -> Any:
        """Draws values in a training step.

        Args:
            draw: `AdversarialModel.draw`.
            num: Number of values, a whole number or a tensor.

        Returns:
            Device values (num, *shape), a tensor.
        """
        raise NotImplementedError(f"{type(self).__name__} cannot be drawn")

    def noise(self, num: int, rng: np.random.Generator) -> np.ndarray:
        """Makes device values for measurements: exports, plans, tests."""
        return rng.uniform(-1.0, 1.0, (num, *self.shape)).astype("float32")

    def pictures(self, values: Any) -> np.ndarray:
        """Draws values, carried or not, as uint8 pictures (N, H, W, C)."""
        raise NotImplementedError(f"{type(self).__name__} has no picture")

    def write(self, path: Path, value: np.ndarray) -> None:
        """Writes one carried value to a file that ends in `suffix`."""
        np.save(path, value)

    def arguments(self, name: str) -> dict[str, Any]:
        """Returns what data of this kind say about a constructor.

        Args:
            name: The name under which the data have this modality.

        Returns:
            Values by the name of the argument, for instance `image_shape`
            for the name "images".
        """
        return {f"{name.removesuffix('s')}_shape": self.shape}

    def learn(self, data: "Modality") -> dict[str, Any]:
        """Takes over what data know and this modality does not.

        Args:
            data: The modality of the data.

        Returns:
            The constructor's arguments that changed, for the configuration.
        """
        return {}

    def agrees_with(self, data: "Modality") -> bool:
        """Returns whether data of a modality fit this one."""
        return isinstance(data, type(self)) and data.shape == self.shape

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor's arguments, each by its own name."""
        arguments = inspect.signature(type(self)).parameters
        return {name: getattr(self, name) for name in arguments}

    def describe(self) -> str:
        """Returns a few words on the modality, for messages and tables."""
        return f"{type(self).__name__.lower()} of {self._sizes()}"

    def _sizes(self) -> str:
        return ", ".join(map(str, self.shape)) or "one number"

    def __repr__(self) -> str:
        sizes = ", ".join(map(str, self.shape))
        return f"{type(self).__name__}({sizes})"


def serialize(modality: Modality) -> dict[str, Any]:
    """Returns a modality as JSON holds it: `class_name` and `config`."""
    kind = type(modality).__name__
    return {"class_name": kind, "config": modality.get_config()}


def deserialize(config: dict[str, Any]) -> Modality:
    """Makes the modality that `serialize` described.

    Raises:
        ValueError: Where there is no such modality, or not with these
            arguments. A modality of one's own is known once its class is
            defined.
    """
    kinds = [Modality]
    for kind in kinds:  # grows while it is gone through
        kinds += kind.__subclasses__()
    known = {kind.__name__: kind for kind in kinds[1:]}
    try:
        return known[config["class_name"]](**config["config"])
    except (KeyError, TypeError) as error:
        raise ValueError(
            f"A modality must be one of {sorted(known)}, with its arguments. "
            f"Received: {config}"
        ) from error
