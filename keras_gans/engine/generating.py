"""Using a trained GAN: generating, exporting, presets."""

from typing import Any

import keras
import numpy as np

from keras_gans import distribution
from keras_gans.engine.saving import SavableModel
from keras_gans.modalities import Modality


class GenerativeModel(SavableModel):
    """A model with a network that makes what `makes` declares.

    Attributes:
        takes: The modality of everything that the generator takes, by name
            and in the order of its inputs.
        makes: The modality of everything that it makes, in the order of its
            outputs.
        maker: The name of the player that `generate` and `export` mean.
        averaged: The names of the players whose weights are averaged.
    """

    takes: dict[str, Modality]
    makes: dict[str, Modality]
    maker: str = "generator"
    averaged: tuple[str, ...] = ("generator",)

    @property
    def inference_generator(self) -> keras.Model:
        """The network to use and to export: the average, where it is on."""
        average = getattr(self, f"ema_{self.maker}", None)
        networks = average or getattr(self, self.maker)
        return keras.tree.flatten(networks)[0]

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
                label for all rows; and options such as `truncation`.

        Returns:
            Device values, NumPy arrays by name.

        Raises:
            ValueError: For unknown names, for values of other shapes, and
                where something is missing that cannot be drawn.
        """
        given = {name: v for name, v in given.items() if v is not None}
        options = self._options(given)
        checked = {
            name: self.takes[name].check(_array(v), name)
            for name, v in given.items()
            if np.ndim(v) or self.takes[name].shape != ()
        }
        num = self._number_of_rows(num, checked)
        rng = np.random.default_rng(seed)
        inputs = {}
        for name, modality in self.takes.items():
            if name in checked:
                inputs[name] = modality.to_device(checked[name])
            elif name in given:  # one for all
                one = modality.check(_array([given[name]]), name)
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

    def _options(self, given: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Takes options out of `given`, by the name that draws with them."""
        options: dict[str, dict[str, Any]] = {}
        for name, modality in self.takes.items():
            chosen = {o: given.pop(o) for o in modality.options if o in given}
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

    def generate(
        self,
        num: int | None = None,
        seed: int | None = None,
        batch_size: int = 64,
        **given: Any,
    ) -> Any:
        """Generates, and leaves training's random state alone.

        Args:
            num: How many; None takes it from what is given. `num_images` is
                another name of it.
            seed: The same seed gives the same results; None gives new ones.
            batch_size: Rows at a time.
            **given: What the generator takes, by the names of `takes`:
                `latents` (num, latent_dim), `labels` (num,) as numbers or
                names, or one label for all, `inputs` (num, H, W, C) and so
                on; and options such as `truncation`. What is not given is
                drawn; labels then take turns.

        Returns:
            float32 values of the shape (num, ...) in [-1, 1], for instance
            images (num, H, W, C); a dictionary of them by name where the
            variant makes several.

        Raises:
            ValueError: For unknown names, values of another shape, and where
                something is missing that cannot be drawn.
        """
        num = given.pop("num_images", num)
        if (num is not None and num < 1) or batch_size < 1:
            raise ValueError(
                "`num_images` and `batch_size` must be at least 1. "
                f"Received: num_images={num}, batch_size={batch_size}"
            )
        made = self.generate_from(
            self.inputs_for(num, seed, **given), batch_size
        )
        return made if len(made) > 1 else next(iter(made.values()))

    def generate_from(
        self, inputs: dict[str, np.ndarray], batch_size: int = 64
    ) -> dict[str, np.ndarray]:
        """Generates from what `inputs_for` returned.

        Args:
            inputs: Device values by name, (N, ...) each.
            batch_size: Rows at a time.

        Returns:
            float32 values (N, ...) by the names of `makes`.
        """
        network = self.inference_generator
        made = distribution.predict(
            network, arrange(network, inputs), batch_size
        )
        return {
            name: np.asarray(values, "float32")
            for name, values in named(made, self.makes).items()
        }

    def predict(self, x: Any, batch_size: int = 64, **kwargs: Any) -> Any:
        """Generates from what the generator takes: see `generate`.

        Args:
            x: Latents (N, latent_dim), or whatever the generator takes first;
                or a dictionary of all that it takes, by name.
            batch_size: Rows at a time.
            **kwargs: Keras's own, which change nothing here.
        """
        first = next(iter(self.takes))
        given = x if isinstance(x, dict) else {first: x}
        return self.generate(None, None, batch_size, **given)

    def predict_on_batch(self, x: Any) -> Any:
        """Generates from what the generator takes: see `predict`."""
        return self.predict(x)

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Calls the inference generator on its own inputs."""
        return self.inference_generator(inputs, training=training)

    def export(
        self,
        path: Any,
        format: str = "tf_saved_model",
        batch_size: int | None = None,
        verify: bool = True,
        quantize: str | None = None,
    ) -> Any:
        """Exports the inference generator: see `keras_gans.exporting.export`.

        Args:
            path: A folder, or a file that ends in ".tflite" or ".onnx".
            format: "tf_saved_model", "litert" or "onnx".
            batch_size: Rows at a time; None to leave it open.
            verify: Whether to compare the export, run by its own runtime,
                with Keras.
            quantize: "float16" to halve a LiteRT file.

        Returns:
            An `ExportReport`.
        """
        from keras_gans.exporting import export

        return export(self, path, format, batch_size, verify, quantize)

    def save_to_preset(
        self,
        directory: Any,
        dtype: str = "float32",
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Saves a preset's folder: see `keras_gans.presets.save_to_preset`.

        Of several processes that train together only the chief does.
        """
        if not distribution.is_chief():
            return
        from keras_gans.presets import save_to_preset

        with distribution.alone():
            save_to_preset(self, directory, dtype, metadata)

    @classmethod
    def from_preset(cls, preset: Any, **overrides: Any) -> Any:
        """Loads a preset: see `keras_gans.presets.load_preset`.

        Args:
            preset: A name, a folder or archive, the URL of either, or a
                handle `hf://user/repo`, `kaggle://user/model/keras/variation`.
            **overrides: Arguments of the class to change.
        """
        from keras_gans.presets import load_preset

        return load_preset(cls, preset, **overrides)


def arrange(network: keras.Model, values: dict[str, Any]) -> Any:
    """Returns named values as a network takes them.

    Args:
        network: A Functional model, whose input is one tensor, a list in the
            order of the names, or a dictionary of names.
        values: The values by name.
    """
    inputs = getattr(network, "_inputs_struct", network.inputs)
    if isinstance(inputs, dict):
        return {name: values[name] for name in inputs}
    ordered = list(values.values())
    return ordered if len(ordered) > 1 else ordered[0]


def named(made: Any, names: Any) -> dict[str, Any]:
    """Returns a network's outputs by name.

    Args:
        made: A tensor, several in the order of the names, or a dictionary.
        names: The names of `makes`.
    """
    if isinstance(made, dict):
        return {name: made[name] for name in names}
    return dict(zip(names, keras.tree.flatten(made), strict=True))


def _array(values: Any) -> np.ndarray:
    return np.asarray(
        keras.ops.convert_to_numpy(values)
        if keras.ops.is_tensor(values)
        else values
    )
