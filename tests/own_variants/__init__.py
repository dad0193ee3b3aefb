"""Variants of the tests' own: one file each, no line for them elsewhere."""

import importlib
import pkgutil

import keras

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

VARIANTS = {
    cls.__name__: cls
    for name, cls in keras.saving.get_custom_objects().items()
    if name.startswith("tests>")
}
