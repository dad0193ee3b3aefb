"""Whatever happens, a preset's folder holds all old or all new files."""

import contextlib
import os
import resource
import signal
import subprocess
import sys
import threading

import pytest
from permissions import closed
from small_gans import same_images, small

from keras_gans.presets import load_preset, save_to_preset
from keras_gans.presets.folder import (
    COMMIT,
    FILES,
    finish_commit,
    write_files,
)

OLD = dict.fromkeys(FILES, b"old")
NEW = dict.fromkeys(FILES, b"new, and longer")


def read_files(folder):
    finish_commit(folder)
    return {name: (folder / name).read_bytes() for name in FILES}


@contextlib.contextmanager
def full_disk(folder):
    """A file system of 256 KiB that is full, where one may be mounted."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder],
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("mounting a file system takes root")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def fill(folder):
    with contextlib.suppress(OSError), open(folder / "filler", "wb") as file:
        while True:
            file.write(bytes(1024))
            file.flush()


@contextlib.contextmanager
def file_size_limit(num_bytes):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (num_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_the_old_preset(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    old = small(latent_dim=2, units=5)
    with full_disk(folder):
        save_to_preset(old, folder / "preset")
        fill(folder)
        message = r"No space left.*/preset could not.*whole.*Received: /"
        with pytest.raises(OSError, match=message):
            save_to_preset(small(latent_dim=2, units=5), folder / "preset")
        assert sorted(os.listdir(folder / "preset")) == sorted(FILES)
        assert same_images(old, load_preset(type(old), folder / "preset"))


def test_read_only_storage_is_named(tmp_path):
    gan = small(latent_dim=2, units=5)
    folder = tmp_path / "disk"
    folder.mkdir()
    with full_disk(folder):
        save_to_preset(gan, folder / "preset")
        remount = ["mount", "-o", "remount,ro", folder]
        subprocess.run(remount, check=True)
        for name in ("preset", "another"):
            message = rf"Read-only file.*/{name} could not.*Received: /"
            with pytest.raises(OSError, match=message):
                save_to_preset(small(), folder / name)
        assert same_images(gan, load_preset(type(gan), folder / "preset"))


def test_a_folder_of_somebody_else_is_named(preset, gan):
    message = rf"Permission denied.*/{preset.name} could not.*Received: /"
    with closed(preset), pytest.raises(OSError, match=message):
        save_to_preset(small(), preset)
    assert sorted(os.listdir(preset)) == sorted(FILES)
    assert same_images(gan, load_preset(type(gan), preset))


def test_a_write_that_fails_half_way_leaves_the_old_preset(preset, gan):
    size = (preset / "model.weights.h5").stat().st_size
    with file_size_limit(size // 2), pytest.raises(OSError, match="too large"):
        save_to_preset(small(), preset)
    assert sorted(os.listdir(preset)) == sorted(FILES)
    assert same_images(gan, load_preset(type(gan), preset))


def test_a_write_that_fails_in_the_last_file_changes_none(tmp_path):
    write_files(tmp_path, OLD)
    new = {**NEW, FILES[-1]: bytes(100_000)}
    with file_size_limit(50_000), pytest.raises(OSError):
        write_files(tmp_path, new)
    assert read_files(tmp_path) == OLD


CALLS = ("mkdir", "fsync", "rename", "replace", "rmdir")


def killed_at(call, tmp_path):
    """Kills a process that replaces OLD by NEW at its n-th system call.

    Returns whether it got that far.
    """
    process = os.fork()
    if process == 0:
        calls = iter(range(call + 1))

        def dying(function):
            def wrapped(*args, **kwargs):
                if next(calls) == call:
                    os.kill(os.getpid(), signal.SIGKILL)
                return function(*args, **kwargs)

            return wrapped

        for name in CALLS:
            setattr(os, name, dying(getattr(os, name)))
        write_files(tmp_path, NEW)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(process, 0)[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:os.fork:RuntimeWarning")
def test_a_kill_at_any_call_leaves_one_of_both(tmp_path):
    found = []
    for call in range(100):
        folder = tmp_path / str(call)
        write_files(folder, OLD)
        if not killed_at(call, folder):
            break
        found.append(read_files(folder))
        assert not (folder / COMMIT).exists()
    assert all(files in (OLD, NEW) for files in found)
    assert found[0] == OLD and found[-1] == NEW and len(found) > 8


SAVES_FOR_EVER = """
import sys
import keras_gans
gans = [keras_gans.AdversarialModel.from_preset(p) for p in sys.argv[1:3]]
for i in range(10**9):
    keras_gans.presets.save_to_preset(gans[i % 2], sys.argv[3])
    print(i, flush=True)
"""


def test_a_killed_save_leaves_one_of_both_presets(preset, gan, tmp_path):
    other, folder = small(), tmp_path / "preset"
    save_to_preset(other, tmp_path / "other")
    arguments = [preset, tmp_path / "other", folder]
    process = subprocess.Popen(
        [sys.executable, "-c", SAVES_FOR_EVER, *arguments],
        stdout=subprocess.PIPE,
    )
    for _ in range(5):
        assert process.stdout.readline()
    process.kill()
    process.wait()
    loaded = load_preset(type(gan), folder)
    assert same_images(loaded, gan) or same_images(loaded, other)


def test_two_writers_at_once_end_with_one_of_both(tmp_path):
    folder = tmp_path / "preset"

    def write(files):
        for _ in range(30):
            write_files(folder, files)

    threads = [threading.Thread(target=write, args=[f]) for f in (OLD, NEW)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_files(folder) in (OLD, NEW)
    assert sorted(os.listdir(folder)) == sorted(FILES)


def test_a_decided_commit_is_finished_by_the_next_reader(tmp_path):
    write_files(tmp_path, {**OLD, FILES[0]: NEW[FILES[0]]})  # moved already
    (tmp_path / COMMIT).mkdir()
    for name in FILES[1:]:
        (tmp_path / COMMIT / name).write_bytes(NEW[name])
    assert read_files(tmp_path) == NEW
    finish_commit(tmp_path)  # nothing to do
    assert read_files(tmp_path) == NEW


def test_other_files_of_the_folder_stay(preset):
    (preset / "README.md").write_text("The model card.")
    save_to_preset(small(), preset)
    assert (preset / "README.md").read_text() == "The model card."
