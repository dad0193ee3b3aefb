import os
import subprocess
import sys

import pytest

from keras_gans.cli import quiet


def said(*options, level=None, **environment):
    """What a command says on the standard error, and TensorFlow after it."""
    code = (
        "from keras_gans.cli import app\n"
        f"app([*{options}, 'zoo'], standalone_mode=False)\n"
        "import keras\n"
        "keras.ops.ones(1)\n"  # TensorFlow looks for devices
    )
    environment = {**os.environ, "KERAS_BACKEND": "tensorflow", **environment}
    for name in (quiet.LEVEL, quiet.TENSORFLOW_LEVEL):
        environment.pop(name, None)
    if level is not None:
        environment[quiet.TENSORFLOW_LEVEL] = level
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stderr


@pytest.mark.parametrize("level", [None, "0", "2"])
def test_tensorflow_is_silent_at_every_log_level(level):
    assert said(level=level) == ""


def test_debug_shows_what_tensorflow_says():
    assert "This TensorFlow binary" in said("--debug")
    warnings = said(KERAS_GANS_DEBUG="1", level="2")  # the user's level counts
    assert warnings and "This TensorFlow binary" not in warnings
