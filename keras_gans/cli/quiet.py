"""Importing Keras without the page with which TensorFlow greets."""

import contextlib
import os
import tempfile
from collections.abc import Iterator

TENSORFLOW_LEVEL = "TF_CPP_MIN_LOG_LEVEL"

# The level of TensorFlow's log that is shown. `--debug` sets it, and without
# it nothing is shown: TF_CPP_MIN_LOG_LEVEL is often set for other programs.
LEVEL = "KERAS_GANS_LOG_LEVEL"


def import_keras() -> None:
    """Imports Keras, without TensorFlow's log unless `--debug` is given.

    Raises:
        ImportError: If the backend is not installed, with the pip line.
    """
    quiet = LEVEL not in os.environ
    if quiet:
        os.environ[TENSORFLOW_LEVEL] = "3"
    else:
        os.environ.setdefault(TENSORFLOW_LEVEL, os.environ[LEVEL])
    try:
        with hidden_stderr() if quiet else contextlib.nullcontext():
            import keras  # noqa: F401
    except ImportError as error:
        backend = os.environ.get("KERAS_BACKEND", "tensorflow")
        package = backend
        if backend in ("jax", "torch"):
            package = f'"keras-gans[{backend}]"'
        raise ImportError(
            f"Keras cannot be imported: pip install {package}. "
            f"Received: KERAS_BACKEND={backend}, {error}"
        ) from error


@contextlib.contextmanager
def hidden_stderr() -> Iterator[None]:
    """Hides what is written to the standard error, by C++ code too."""
    # TensorFlow 2.21 writes its first lines whatever its log level.
    kept = os.dup(2)
    with tempfile.TemporaryFile() as hidden:
        os.dup2(hidden.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
