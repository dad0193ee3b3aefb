"""A Keras 3 model zoo of generative adversarial networks."""

import importlib
import os
from typing import Any

from keras_gans import onednn
from keras_gans.registry import VARIANTS, list_variants
from keras_gans.version import __version__

onednn.enable()

_MODULES = (
    "backend",
    "callbacks",
    "data",
    "diagnostics",
    "distribution",
    "exporting",
    "latents",
    "layers",
    "losses",
    "metrics",
    "modalities",
    "models",
    "networks",
    "penalties",
    "photographs",
    "pictures",
    "planning",
    "presets",
    "schedules",
    "stabilizers",
)

# Names of the top level, and the modules that hold them.
_PLACES = {
    **dict.fromkeys(VARIANTS, "models"),
    "AdversarialModel": "engine.model",
    "MatchingModel": "models.words.matching_model",
    "list_presets": "presets",
}

__all__ = [
    *VARIANTS,
    *_MODULES,
    "AdversarialModel",
    "MatchingModel",
    "__version__",
    "list_presets",
    "list_variants",
    "load",
    "publishing",
]


def load(preset: str | os.PathLike, **kwargs: Any) -> Any:
    """Loads a preset, whichever variant it is.

    Args:
        preset: A built-in preset's name, a folder, an archive or a URL, as in
            `AdversarialModel.from_preset`.
        **kwargs: As there: `fine_tune`, `limits`, and arguments of the
            variant to change, for instance `dtype="mixed_bfloat16"`.

    Returns:
        The GAN, with the preset's weights, not compiled.

    Raises:
        ValueError: If there is no such preset, or it is damaged.
        OSError: If it cannot be fetched.

    Example:
    ```python
    gan = keras_gans.load("dcgan_fashion_mnist")
    images = gan.generate(16, seed=0)
    ```
    """
    from keras_gans.engine.model import AdversarialModel

    return AdversarialModel.from_preset(preset, **kwargs)


def __getattr__(name: str) -> Any:
    # Only what is used is imported: TensorFlow, keras-cv and matplotlib take
    # seconds, and most uses of the package need none of them.
    if name in _PLACES:
        module = importlib.import_module(f"keras_gans.{_PLACES[name]}")
        return getattr(module, name)
    if name in _MODULES:
        return importlib.import_module(f"keras_gans.{name}")
    if name == "publishing":
        return importlib.import_module("keras_gans.presets.publishing")
    raise AttributeError(f"module 'keras_gans' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
