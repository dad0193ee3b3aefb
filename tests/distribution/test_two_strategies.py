"""One model after another in one process, as in a notebook."""

import re

import keras
import pytest
from processes import HERE, start

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="TensorFlow's strategies"
)


@pytest.mark.parametrize(
    ("whose", "last"),
    [
        ("start", "trained"),
        # If this trains, the error and what `start` says of it can go.
        ("own", "must be built under one strategy object.*Received: Shape mis"),
    ],
)
def test_models_of_two_shapes_in_turn(whose, last):
    process = start({}, command=[HERE / "two_strategies.py", whose])
    output, _ = process.communicate(timeout=300)
    assert process.returncode == (whose == "own"), output
    *_, line = output.strip().splitlines()
    assert re.search(last, line), output
