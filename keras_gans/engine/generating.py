"""Using a trained GAN: generating, exporting, presets."""

import os
from typing import Any

import keras
import numpy as np

from keras_gans import distribution
from keras_gans.engine.any_size import network_at
from keras_gans.engine.inputs import DeclaredModel
from keras_gans.modalities import Modality


class GenerativeModel(DeclaredModel):
    """A model with a network that makes what `makes` declares.

    Attributes:
        maker: The name of the player that `generate` and `export` mean.
        averaged: The names of the players whose weights are averaged.
    """

    maker: str = "generator"
    averaged: tuple[str, ...] = ("generator",)

    @property
    def inference_generators(self) -> list[keras.Model]:
        """The maker's networks to use: their averages, where these are on."""
        average = getattr(self, f"ema_{self.maker}", None)
        return keras.tree.flatten(average or getattr(self, self.maker))

    @property
    def inference_generator(self) -> keras.Model:
        """The network to use and to export, the first of the maker's."""
        return self.inference_generators[0]

    def taken_by(self, network: int) -> dict[str, Modality]:
        """Returns what one of the maker's networks takes, by name.

        The first takes what `takes` declares. Networks after it take the same
        where some of that is drawn; where they translate, they go back, from
        what the first one makes. A variant of other networks overrides this.

        Args:
            network: Its place among the maker's networks, from 0.
        """
        draws = any(modality.is_drawn for modality in self.takes.values())
        return self.takes if draws or not network else self.makes

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

        Images may have another size than the GAN declares, where the layers
        of its network allow that.

        Args:
            inputs: Device values by name, (N, ...) each.
            batch_size: Rows at a time.

        Returns:
            float32 values (N, ...) by the names of `makes`.
        """
        network = self.inference_generator
        for values in inputs.values():
            if values.ndim == 4:
                network = network_at(network, values.shape[1:3])
                break
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

    def upscale(self, source: Any, target: Any = None, **options: Any) -> Any:
        """Enlarges photographs: see `keras_gans.photographs.upscale`.

        Args:
            source: A file or a folder; or images (N, H, W, C) or (H, W, C) of
                any size, uint8 or float in [-1, 1].
            target: The file or folder to write to; for images None.
            **options: As in `keras_gans.photographs.upscale`.

        Returns:
            A report; for images what is made of them.

        Raises:
            ValueError: For a GAN that does not enlarge images.
        """
        return self._photographs("upscale", source, target, **options)

    def translate(self, source: Any, target: Any = None, **options: Any) -> Any:
        """Translates photographs: see `keras_gans.photographs.translate`.

        Args:
            source: As in `upscale`.
            target: As in `upscale`.
            **options: As in `keras_gans.photographs.translate`.

        Returns:
            As `upscale`.

        Raises:
            ValueError: For a GAN that does not translate images.
        """
        return self._photographs("translate", source, target, **options)

    def inpaint(
        self, source: Any, masks: Any, target: Any = None, **options: Any
    ) -> Any:
        """Fills photographs in: see `keras_gans.photographs.inpaint`.

        Args:
            source: As in `upscale`.
            masks: A file or a folder; or masks of the images, of 0 (keep) and
                1 (fill in).
            target: As in `upscale`.
            **options: As in `keras_gans.photographs.inpaint`.

        Returns:
            As `upscale`.

        Raises:
            ValueError: For a GAN that does not fill images in.
        """
        given = {"masks": masks, **options}
        return self._photographs("inpaint", source, target, **given)

    def _photographs(
        self, verb: str, source: Any, target: Any, **options: Any
    ) -> Any:
        from keras_gans import photographs

        if target is not None:
            return getattr(photographs, verb)(self, source, target, **options)
        if isinstance(source, str | os.PathLike):
            raise ValueError(
                f"Where to write must be said: `{verb}(IN, OUT)`. "
                f"Received: target=None for {source}"
            )
        return photographs.make_images(self, verb, source, **options)

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
            preset: A name, a folder or archive, the URL of either, a handle
                `hf://user/repo`, `kaggle://user/model/keras/variation`, or
                the folder of a training run.
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
