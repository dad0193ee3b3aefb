"""The latent tools as methods of a GAN with styles."""

from typing import Any

import numpy as np


class StyleTools:
    """Offers `keras_gans.latents` as methods, which only call its functions."""

    def to_styles(self, latents: Any = None, **options: Any) -> np.ndarray:
        """Returns the styles of latents: see `keras_gans.latents.to_styles`."""
        return _tools().to_styles(self, latents, **options)

    def from_styles(self, styles: np.ndarray, **options: Any) -> np.ndarray:
        """Makes images: see `keras_gans.latents.from_styles`."""
        return _tools().from_styles(self, styles, **options)

    def mix(self, rows: Any = 4, columns: Any = 6, **options: Any) -> Any:
        """Makes a grid of mixed styles: see `keras_gans.latents.mix`."""
        return _tools().mix(self, rows, columns, **options)

    def truncation_sweep(self, **options: Any) -> np.ndarray:
        """Truncates: see `keras_gans.latents.truncation_sweep`."""
        return _tools().truncation_sweep(self, **options)

    def sefa(self, num: int = 10, **options: Any) -> np.ndarray:
        """Returns directions in W: see `keras_gans.latents.sefa`."""
        return _tools().sefa(self, num, **options)

    def ganspace(self, num: int = 10, **options: Any) -> Any:
        """Returns components of w: see `keras_gans.latents.ganspace`."""
        return _tools().ganspace(self, num, **options)

    def edit(
        self, styles: np.ndarray, direction: np.ndarray, **options: Any
    ) -> np.ndarray:
        """Moves styles along a direction: see `keras_gans.latents.edit`."""
        return _tools().edit(self, styles, direction, **options)

    def project(self, images: Any, space: str = "w", **options: Any) -> Any:
        """Finds the styles of images: see `keras_gans.latents.project`."""
        return _tools().project(self, images, space, **options)


def _tools() -> Any:
    from keras_gans import latents

    return latents
