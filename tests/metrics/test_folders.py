"""The folders of the metrics, and the arrows between them."""

import ast
import pathlib
import sys

import pytest

import keras_gans.metrics

ROOT = pathlib.Path(keras_gans.metrics.__file__).parent
PACKAGE = "keras_gans.metrics"
LAYERS = ["record", "labels", "distances", "features", "pairs", "paths", "sets"]
"""Each may import itself and those to its left."""


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("layer", LAYERS[2:])
def test_folders_import_what_lies_below_them(layer):
    allowed = {f"{PACKAGE}.{name}" for name in LAYERS[: LAYERS.index(layer)]}
    allowed.add(f"{PACKAGE}.{layer}")
    for path in (ROOT / layer).glob("*.py"):
        for module in imports(path):
            if module.startswith(PACKAGE):
                assert ".".join(module.split(".")[:3]) in allowed, path


def test_distances_are_numpy_alone():
    allowed = {"numpy", *sys.stdlib_module_names}
    for path in (ROOT / "distances").glob("*.py"):
        for module in imports(path):
            own = module.startswith(f"{PACKAGE}.distances.")
            assert own or module.split(".")[0] in allowed, path
