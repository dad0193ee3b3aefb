import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

HERE = Path(__file__).parent


def run(tmp_path, name, save_freq="epoch", kill_at=0):
    """Runs the script; its state is bound to the backup's name."""
    out = tmp_path / f"{name}.npz"
    result = subprocess.run(
        [
            sys.executable,
            HERE / "resume_run.py",
            tmp_path / name,
            out,
            str(save_freq),
            str(kill_at),
        ],
        env={**os.environ, "PYTHONPATH": str(HERE.parent)},
        capture_output=True,
        text=True,
    )
    return result, out


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    result, out = run(tmp_path_factory.mktemp("whole"), "whole")
    assert result.returncode == 0, result.stderr
    return np.load(out)


# Six steps an epoch: kills in the first epoch before any backup, in the
# middle of the second, at its very end, and soon after; and twice between
# backups of every fourth step.
@pytest.mark.parametrize(
    ("save_freq", "kills"), [("epoch", [3, 9, 6, 2]), (4, [7, 11])]
)
def test_sigkill_changes_nothing(whole, save_freq, kills, tmp_path):
    for kill_at in kills:
        result, _ = run(tmp_path, "killed", save_freq, kill_at)
        assert result.returncode == -signal.SIGKILL, result.stderr
    result, out = run(tmp_path, "killed", save_freq)
    assert result.returncode == 0, result.stderr
    resumed = np.load(out)
    assert len(resumed.files) == len(whole.files)
    for key in whole.files:
        np.testing.assert_array_equal(resumed[key], whole[key])
