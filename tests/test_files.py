import os
import resource
import signal
import subprocess
import sys

import pytest
from contract import tiny

from keras_gans.files import atomic_path


def test_replaces_only_when_all_went_well(tmp_path):
    path = tmp_path / "new" / "file.txt"
    with atomic_path(path) as draft:
        draft.write_text("old")
    with pytest.raises(KeyError), atomic_path(path) as draft:
        draft.write_text("half")
        raise KeyError
    assert path.read_text() == "old"
    assert os.listdir(path.parent) == ["file.txt"]


def test_a_kill_leaves_the_old_file(tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("old")
    code = f"""
import os, signal
from keras_gans.files import atomic_path
with atomic_path({str(path)!r}) as draft:
    draft.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    result = subprocess.run([sys.executable, "-c", code])
    assert result.returncode == -signal.SIGKILL
    assert path.read_text() == "old"


@pytest.mark.parametrize("name", ["gan.keras", "gan.weights.h5"])
def test_a_full_disk_leaves_the_old_model(name, tmp_path):
    path = tmp_path / name
    gan = tiny("DCGAN")
    save = gan.save if name.endswith(".keras") else gan.save_weights
    save(path)
    old = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(old) // 2, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            save(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_bytes() == old
    assert os.listdir(tmp_path) == [name]


def test_weights_need_their_suffix(tmp_path):
    with pytest.raises(ValueError, match=r"Received: .*gan\.h5"):
        tiny("DCGAN").save_weights(tmp_path / "gan.h5")
