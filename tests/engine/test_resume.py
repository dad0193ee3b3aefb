import signal
import types

import keras
import numpy as np
import pytest
import resume_run
from warm import WARM

from keras_gans.engine.training.resuming import back_up_whole_epochs


def run(tmp_path, name, save_freq="epoch", kill_at=0):
    """Trains in a process; its state is bound to the backup's name."""
    out = tmp_path / f"{name}.npz"
    process = WARM.Process(
        target=resume_run.train,
        args=(tmp_path / name, out, save_freq, kill_at),
    )
    process.start()
    process.join()
    return process.exitcode, out


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    code, out = run(tmp_path_factory.mktemp("whole"), "whole")
    assert code == 0
    return np.load(out)


def test_backups_come_as_often_as_asked_but_for_the_last_batch(tmp_path):
    backup = keras.callbacks.BackupAndRestore(tmp_path, save_freq=2)
    batches = types.SimpleNamespace(num_batches=6)
    back_up_whole_epochs([backup], batches)
    saves = [backup._should_save_on_batch(batch) for batch in range(6)]
    assert saves == [False, True, False, True, False, False]


# Six steps an epoch: kills in the first epoch before any backup, in the
# middle of the second, at its very end, and soon after; and twice between
# backups of every fourth step.
@pytest.mark.parametrize(
    ("save_freq", "kills"), [("epoch", [3, 9, 6, 2]), (4, [7, 11])]
)
def test_sigkill_changes_nothing(whole, save_freq, kills, tmp_path):
    for kill_at in kills:
        code, _ = run(tmp_path, "killed", save_freq, kill_at)
        assert code == -signal.SIGKILL
    code, out = run(tmp_path, "killed", save_freq)
    assert code == 0
    resumed = np.load(out)
    assert len(resumed.files) == len(whole.files)
    for key in whole.files:
        np.testing.assert_array_equal(resumed[key], whole[key])
