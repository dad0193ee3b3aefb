"""What a generator takes: given, or drawn from a seed."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from keras_gans.arguments import number, whole_number
from keras_gans.engine.saving import SavableModel
from keras_gans.modalities import Condition, Modality, Text
from keras_gans.modalities.words import Understood


class DeclaredModel(SavableModel):
    """A model that declares what its generator takes and makes.

    Attributes:
        takes: The modality of everything that the generator takes, by name
            and in the order of its inputs.
        makes: The modality of everything that it makes, in the order of its
            outputs.
    """

    takes: dict[str, Modality]
    makes: dict[str, Modality]

    @property
    def image_shape(self) -> tuple[int, ...]:
        """The shape of what is made first, (height, width, channels)."""
        return next(iter(self.makes.values())).shape

    @property
    def latent_dim(self) -> int:
        """Dimensions of the latents, where the generator takes any."""
        return self._taken("latents").shape[0]

    @property
    def num_classes(self) -> int:
        """Number of classes, where the generator is told one."""
        return self._taken("labels").num_classes

    def _taken(self, name: str) -> Any:
        if name not in self.takes:
            raise AttributeError(
                f"{type(self).__name__} takes no {name}, but "
                f"{', '.join(self.takes)}"
            )
        return self.takes[name]

    def sample_latents(
        self, num: int, seed: int | None = None, **options: Any
    ) -> np.ndarray:
        """Draws latents (num, latent_dim), the same on every backend.

        Args:
            num: Number of latents.
            seed: The same seed draws the same latents; None draws new ones.
            **options: `truncation`, where the variant has it.
        """
        if seed is not None:
            seed = whole_number("seed", seed, 0, bits=64)  # NumPy's
        rng = np.random.default_rng(seed)
        return self._taken("latents").draw(num, rng, **options)

    def inputs_for(
        self, num: int | None = None, seed: int | None = None, **given: Any
    ) -> dict[str, np.ndarray]:
        """Returns all that the generator takes: given, or else drawn.

        Args:
            num: Number of rows; None takes it from what is given.
            seed: Seed of what is drawn; None draws anew.
            **given: Values by the names of `takes`, (num, ...) each, or one
                label or condition for all rows; and options such as
                `truncation`. `inputs` is another name of the first that
                cannot be drawn.
                Sentences, a string or several, are each made with every one
                of the `num` rows of the rest, one after the other.

        Returns:
            Device values, NumPy arrays by name.

        Raises:
            ValueError: For unknown names, for values of other shapes, and
                where something is missing that cannot be drawn.
        """
        if seed is not None:
            seed = whole_number("seed", seed, 0, bits=64)  # NumPy's
        given = {name: v for name, v in given.items() if v is not None}
        for name, modality in self.takes.items():
            if modality.is_worded and in_words(given.get(name)):
                values = modality.check(given.pop(name), name)
                return crossed(
                    name, values, self.inputs_for(num, seed, **given)
                )
        drawn = [n for n, modality in self.takes.items() if modality.is_drawn]
        first = next((n for n in self.takes if n not in drawn), None)
        if first and "inputs" in given and first not in given:
            given[first] = given.pop("inputs")
        options = self._options(given)
        checked = {
            name: self.takes[name].check(_array(v), name)
            for name, v in given.items()
            if not self._is_one_for_all(name, v)
        }
        num = self._number_of_rows(num, checked)
        rng = np.random.default_rng(seed)
        inputs = {}
        for name, modality in self.takes.items():
            if name in checked:
                inputs[name] = modality.to_device(checked[name])
            elif name in given:  # one for all
                one = given[name]
                columns = isinstance(one, Mapping)
                one = modality.check(_array(one if columns else [one]), name)
                inputs[name] = np.repeat(one, num, axis=0)
            elif modality.is_drawn:
                inputs[name] = modality.draw(num, rng, **options.get(name, {}))
            else:
                raise ValueError(
                    f"{type(self).__name__} needs `{name}`, "
                    f"{modality.describe()}: `generate({name}=...)`. "
                    f"Received: {', '.join(given) or 'nothing'}"
                )
        return {n: keras.ops.convert_to_numpy(v) for n, v in inputs.items()}

    def _is_one_for_all(self, name: str, value: Any) -> bool:
        """Returns whether a label or a condition is given once for all rows."""
        kind = self.takes[name]
        if isinstance(kind, Condition) and isinstance(value, Mapping):
            return not any(np.ndim(column) for column in value.values())
        if isinstance(kind, Condition):
            array = _array(value)
            in_names = array.dtype.kind in "UO"  # one of them is a row
            return array.ndim == (0 if in_names else 1)
        return kind.shape == () and not np.ndim(value)

    @property
    def told_by(self) -> str | None:
        """The name of what the generator is told in words, or None."""
        worded = (n for n, m in self.takes.items() if m.is_worded)
        return next(worded, None)

    def describe(self, prompt: str) -> Understood:
        """Says what the generator understands of a sentence.

        Args:
            prompt: The sentence.

        Raises:
            ValueError: For a variant that takes no words, and for what is no
                string.

        Example:
        ```python
        print(gan.describe("crimson hair and blue eyes"))
        ```
        """
        text = self._taken(self._told(prompt))
        if not isinstance(prompt, str):
            raise ValueError(
                f"`describe` takes one sentence. Received: {prompt!r}"
            )
        return text.understand(prompt)

    def sentences(self, num: int) -> list[str]:
        """Returns example sentences, at most `num`; none without words."""
        text = self.takes.get(self.told_by or "")
        return text.examples[:num] if isinstance(text, Text) else []

    def _told(self, asked: Any) -> str:
        """Returns `told_by`, where sentences are asked for and it takes any."""
        if self.told_by is None or not in_words(asked) or not np.size(asked):
            told = f"{self.told_by} in words" if self.told_by else "no words"
            also = ", or sentences, each a string" if self.told_by else ""
            raise ValueError(
                f"{type(self).__name__} takes {told}: `generate` first takes "
                f"how many to make, a whole number{also}. Received: {asked!r}"
            )
        return self.told_by

    def _options(self, given: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Takes options out of `given`, by the name that draws with them."""
        options: dict[str, dict[str, Any]] = {}
        for name, modality in self.takes.items():
            chosen = {
                option: number(option, given.pop(option))
                for option in modality.options
                if option in given
            }
            if chosen and name in given:
                raise ValueError(
                    f"{name.capitalize()} that are given are not truncated. "
                    f"Received: {name} and {chosen}"
                )
            options[name] = chosen
        unknown = [name for name in given if name not in self.takes]
        if unknown:
            known = [*self.takes, *(o for m in options.values() for o in m)]
            raise ValueError(
                f"{type(self).__name__} takes {', '.join(known)}. "
                f"Received: {', '.join(unknown)}"
            )
        return options

    def _number_of_rows(
        self, num: int | None, checked: dict[str, np.ndarray]
    ) -> int:
        sizes = {name: len(values) for name, values in checked.items()}
        if num is None:
            num = next(iter(sizes.values()), 1)
        for name, size in sizes.items():
            if size != num:
                shape = (num, *self.takes[name].shape)
                raise ValueError(
                    f"`{name}` must hold one value for each row: be of shape "
                    f"{shape}. Received: {checked[name].shape}"
                )
        return num


def in_words(values: Any) -> bool:
    """Returns whether values are sentences, rather than numbers or none."""
    return values is not None and np.asarray(values).dtype.kind in "UOS"


def crossed(
    name: str, values: np.ndarray, rows: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Returns every one of some values with every one of some rows.

    Args:
        name: The name of the values.
        values: The values (N, ...).
        rows: Rows by name, (num, ...) each; those of `name` are not used.

    Returns:
        Rows (N * num, ...) by name: all rows with the first value, then all
        with the second, and so on.
    """
    num = len(rows[name])
    made = {n: np.concatenate([v] * len(values)) for n, v in rows.items()}
    made[name] = np.repeat(values, num, axis=0)
    return made


def _array(values: Any) -> np.ndarray:
    return np.asarray(
        keras.ops.convert_to_numpy(values)
        if keras.ops.is_tensor(values)
        else values
    )
