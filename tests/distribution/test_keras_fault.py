"""Says when Keras needs our help on several hosts no more."""

import keras
import pytest
from processes import HERE, free_port, start


@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="a fault on TensorFlow"
)
def test_keras_still_fails_to_average_scalars_over_hosts():
    """If this fails, keras_gans/backend/tensorflow.py can stop reshaping."""
    port = free_port()
    running = [
        start({}, i, 2, port, command=[HERE / "plain_keras.py"]) for i in (0, 1)
    ]
    try:
        outputs = [p.communicate(timeout=300)[0] for p in running]
    finally:
        for p in running:
            p.kill()
    assert 0 not in [p.returncode for p in running]
    assert any("reduction dimension 0" in o for o in outputs), outputs
