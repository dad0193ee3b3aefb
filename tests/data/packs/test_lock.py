import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

from keras_gans.data import Images, pack
from keras_gans.data.packs.lock import LOCK, locked

pytest.importorskip("fcntl", reason="this system has no lock")


def test_a_folder_is_for_one_at_a_time(tmp_path):
    folder = tmp_path / "new" / "folder"
    with locked(folder):
        with (
            pytest.raises(OSError, match=f"Another process.*: {folder}"),
            locked(folder),
        ):
            raise AssertionError
        assert (folder / LOCK).exists()
    assert os.listdir(folder) == []
    with locked(folder):
        pass


def test_the_lock_ends_with_an_error(tmp_path):
    with pytest.raises(KeyboardInterrupt), locked(tmp_path):
        raise KeyboardInterrupt
    with locked(tmp_path):
        pass


def test_the_lock_ends_with_the_process(tmp_path):
    code = f"""
import pathlib, time
from keras_gans.data.packs.lock import locked
with locked(pathlib.Path({str(tmp_path)!r})):
    print("locked", flush=True)
    time.sleep(60)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "locked\n"
    with pytest.raises(OSError, match="Another process"), locked(tmp_path):
        raise AssertionError
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (tmp_path / LOCK).exists()
    with locked(tmp_path):
        pass


def test_two_packs_into_one_folder(tmp_path):
    pytest.importorskip("array_record")
    images = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 1), "uint8")
    reading, refused = threading.Event(), threading.Event()

    class Slow(Images):
        def read(self, rows):
            if len(rows) == 40:  # the shards are being written
                reading.set()
                assert refused.wait(60)
            return super().read(rows)

    out = tmp_path / "packed"
    first = threading.Thread(target=pack, args=(Slow(images), out))
    first.start()
    assert reading.wait(60)
    with pytest.raises(OSError, match=f"Another process.*Received: {out}"):
        pack(Images(images), out)
    refused.set()
    first.join()
    packed = pack(Images(images), out)
    np.testing.assert_array_equal(packed[:], images)
