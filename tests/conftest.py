import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(autouse=True)
def fresh_state():
    keras.utils.set_random_seed(0)
    yield
    keras.utils.clear_session(free_memory=False)
    keras.config.set_dtype_policy("float32")


@pytest.fixture(scope="session")
def shared():
    if not SHARED.is_dir():
        pytest.skip("needs the folder ../shared with real data and weights")
    return SHARED


@pytest.fixture
def images():
    """48 images of 16x16 that differ from each other."""
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (48, 16, 16, 1), dtype="uint8")
