"""Packages that only some sources need."""

import importlib
from typing import Any


def import_package(module: str, package: str) -> Any:
    """Imports a module, with an error that names the package to install.

    Args:
        module: The module, "tensorflow_datasets".
        package: The package to install for it, "tensorflow-datasets".

    Returns:
        The module.

    Raises:
        ImportError: Where it, or something that it needs, is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(
            f"{module} cannot be imported: pip install {package}. "
            f"Received: {error}"
        ) from error
