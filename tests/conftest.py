import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# Keras is imported before keras_gans here, which would set it.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
# With several operations at a time TensorFlow's rounding of a transformer's
# gradients depends on what else the machine does.
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
if "PYTEST_XDIST_WORKER" in os.environ:  # a core each
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")

import keras
import numpy as np
import pytest
from saved_models import one_process_for_saved_models  # noqa: F401

# Files that begin first where several cores share the tests: the last ones
# would otherwise be left to one core.
LONG = (
    "test_contract.py",
    "test_processes.py",
    "test_replicas.py",
    "test_resume.py",
    "test_run_folder.py",
    "test_memory.py",
)


def pytest_collection_modifyitems(items):
    items.sort(
        key=lambda item: (
            LONG.index(item.path.name) if item.path.name in LONG else len(LONG)
        )
    )


@pytest.fixture(autouse=True)
def fresh_state():
    keras.utils.set_random_seed(0)
    yield
    keras.utils.clear_session(free_memory=False)
    keras.config.set_dtype_policy("float32")


@pytest.fixture
def eagerly():
    """Runs functions as they stand: tracing costs more than a few steps.

    The contract and the engine's tests train by graphs.
    """
    if keras.backend.backend() != "tensorflow":
        yield
        return
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture
def images():
    """48 images of 16x16 that differ from each other."""
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (48, 16, 16, 1), dtype="uint8")
