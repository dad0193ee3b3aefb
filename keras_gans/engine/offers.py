"""What layers above the engine offer as methods of a GAN."""

import os
from typing import Any

from keras_gans import distribution
from keras_gans.engine.inputs import DeclaredModel


class Offers(DeclaredModel):
    """A model with methods that import what they call from layers above.

    Each method imports what it calls and does nothing else. Only these methods
    and those of `models/styles/tools.py` import from layers above.
    """

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

    def walk(self, frames: int = 120, points: int = 5, **options: Any) -> Any:
        """Makes images along a walk: see `keras_gans.latents.walk`.

        Args:
            frames: Number of images.
            points: Number of latents to pass.
            **options: As in `keras_gans.latents.walk`.

        Returns:
            float32 images (frames, num, H, W, C).

        Raises:
            AttributeError: For a GAN that is not from latents.
        """
        from keras_gans import latents

        return latents.walk(self, frames, points, **options)

    def export(
        self,
        path: Any,
        format: str = "tf_saved_model",
        batch_size: int | None = None,
        verify: bool = True,
        quantize: str | None = None,
        part: str | None = None,
        web_runtime: Any = None,
    ) -> Any:
        """Exports the inference generator: see `keras_gans.exporting.export`.

        Args:
            path: A folder, or a file that ends in ".tflite" or ".onnx".
            format: "tf_saved_model", "litert", "onnx" or "web".
            batch_size: Rows at a time; None to leave it open.
            verify: Whether to compare the export, run by its own runtime,
                with Keras.
            quantize: "float16" to halve a LiteRT file.
            part: A name of `parts`; None for the whole generator.
            web_runtime: For "web", the folder of npm's onnxruntime-web.

        Returns:
            An `ExportReport`.
        """
        from keras_gans.exporting import export

        given = (format, batch_size, verify, quantize, part, web_runtime)
        return export(self, path, *given)

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
