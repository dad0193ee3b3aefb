"""Memory: what a process that loads many presets would otherwise keep."""

import collections
import contextlib
import gc
from collections.abc import Iterator

from keras.src.backend.common import global_state

NAMES = "object_name_uids"

MOST_BYTES = 2**25
MOST_MODELS = 8

_bytes = _models = 0


def free_earlier_models(size: int) -> None:
    """Frees models that are no longer used, before another one is loaded.

    A Keras model holds references to itself in circles, so that it is freed
    by Python's garbage collector alone. That counts objects, of which a GAN
    has few, and not their bytes: it would come after a hundred models.

    Args:
        size: The size in bytes of the file of weights to load.
    """
    global _bytes, _models
    _bytes, _models = _bytes + size, _models + 1
    if _bytes > MOST_BYTES or _models > MOST_MODELS:
        _bytes = _models = 0
        gc.collect()


@contextlib.contextmanager
def same_names() -> Iterator[None]:
    """Gives the layers of every model that is built the same names.

    Keras numbers layers from the start of the process (`dense_17`), and
    TensorFlow keeps 36 KB for every name that a variable ever had. Layers
    that are built afterwards get numbers that these ones do not have.
    """
    before = global_state.get_global_attribute(NAMES) or {}
    inside: collections.defaultdict = collections.defaultdict(int)
    global_state.set_global_attribute(NAMES, inside)
    try:
        yield
    finally:
        for name, number in before.items():
            inside[name] = max(inside[name], number)
        global_state.set_global_attribute(NAMES, inside)
