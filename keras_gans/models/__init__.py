"""The variants, one file each; `keras_gans.registry` lists them."""

import importlib
from typing import Any

from keras_gans.registry import VARIANTS


def __getattr__(name: str) -> Any:
    if name not in VARIANTS:
        raise AttributeError(f"There is no variant {name!r}")
    module = importlib.import_module(f"keras_gans.models.{VARIANTS[name]}")
    return getattr(module, name)
