"""A Keras 3 model zoo of generative adversarial networks."""

import importlib
from typing import Any

from keras_gans.models import VARIANTS, list_variants

__version__ = "0.1.0"

_MODULES = (
    "backend",
    "callbacks",
    "data",
    "distribution",
    "exporting",
    "layers",
    "losses",
    "metrics",
    "models",
    "penalties",
    "planning",
    "presets",
)

__all__ = [
    *VARIANTS,
    *_MODULES,
    "AdversarialModel",
    "list_presets",
    "list_variants",
]


def __getattr__(name: str) -> Any:
    # Only what is used is imported: TensorFlow, keras-cv or matplotlib would
    # cost seconds that most uses of the package do not owe.
    if name in VARIANTS:
        return getattr(importlib.import_module("keras_gans.models"), name)
    if name in _MODULES:
        return importlib.import_module(f"keras_gans.{name}")
    if name == "AdversarialModel":
        return importlib.import_module("keras_gans.gan").AdversarialModel
    if name == "list_presets":
        return importlib.import_module("keras_gans.presets").list_presets
    raise AttributeError(f"module 'keras_gans' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
