"""What a trained GAN is for: images, files of images' makers, exports."""

from typing import Any

import keras
import numpy as np

from keras_gans import distribution
from keras_gans.engine.saving import SavableModel


class GenerativeModel(SavableModel):
    """A model with a `generator` from latents to images."""

    generator: keras.Model
    ema_generator: keras.Model | None
    latent_dim: int

    @property
    def inference_generator(self) -> keras.Model:
        """The generator to use and to export: the average, where it is on."""
        return self.ema_generator or self.generator

    def sample_latents(self, num: int, seed: int | None = None) -> np.ndarray:
        """Draws latents (num, latent_dim), the same on every backend."""
        rng = np.random.default_rng(seed)
        return rng.standard_normal((num, self.latent_dim), dtype="float32")

    def generator_inputs(self, latents: Any, **conditions: Any) -> Any:
        """Returns what the generator takes; conditional variants add to it.

        Raises:
            ValueError: For conditions that the variant does not know.
        """
        if conditions:
            raise ValueError(
                f"{type(self).__name__} cannot be told this. "
                f"Received: {', '.join(conditions)}"
            )
        return latents

    def generate(
        self,
        num_images: int,
        seed: int | None = None,
        latents: np.ndarray | None = None,
        batch_size: int = 64,
        **conditions: Any,
    ) -> np.ndarray:
        """Generates images, and leaves training's random state alone.

        Args:
            num_images: How many.
            seed: The same seed gives the same images; None gives new ones.
            latents: Latents (num_images, latent_dim) to use instead.
            batch_size: Images at a time.
            **conditions: What `generator_inputs` takes besides, for instance
                `labels`, one for each image.

        Returns:
            float32 images (num_images, H, W, C) in [-1, 1].

        Raises:
            ValueError: For no images, latents of another shape, and
                conditions that the variant does not know.
        """
        if num_images < 1 or batch_size < 1:
            raise ValueError(
                "`num_images` and `batch_size` must be at least 1. "
                f"Received: num_images={num_images}, batch_size={batch_size}"
            )
        if latents is None:
            latents = self.sample_latents(num_images, seed)
        latents = np.asarray(keras.ops.convert_to_numpy(latents), "float32")
        if latents.shape != (num_images, self.latent_dim):
            raise ValueError(
                f"Latents must be of shape {(num_images, self.latent_dim)}. "
                f"Received: {latents.shape}"
            )
        inputs = self.generator_inputs(latents, **conditions)
        return self.generate_from(inputs, batch_size)

    def generate_from(self, inputs: Any, batch_size: int = 64) -> np.ndarray:
        """Generates images from the generator's own inputs.

        Args:
            inputs: The generator's inputs, arrays (N, ...).
            batch_size: Images at a time.

        Returns:
            float32 images (N, H, W, C) in [-1, 1].
        """
        images = distribution.predict(
            self.inference_generator, inputs, batch_size
        )
        return np.asarray(images, "float32")

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Generates images from the generator's own inputs."""
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
            batch_size: Images at a time; None to leave it open.
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
