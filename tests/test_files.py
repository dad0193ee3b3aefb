import contextlib
import os
import resource
import signal
import subprocess
import sys

import pytest
from contract import tiny
from permissions import closed

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


WRITES = """
import os, signal, sys
from keras_gans.files import atomic_path
with atomic_path(sys.argv[1]) as draft:
    draft.write_text("half")
    if sys.argv[2] == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    print("writing", flush=True)
    sys.stdin.readline()
"""


def write_elsewhere(path, how):
    """Starts a process that writes to a file, and dies or waits."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITES, path, how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("name", ["file.txt", "a [1]*.weights.h5"])
def test_the_next_write_removes_the_drafts_of_killed_ones(name, tmp_path):
    path = tmp_path / name
    for _ in range(2):
        write_elsewhere(path, "killed").wait()
    others = tmp_path / "another.txt"
    write_elsewhere(others, "killed").wait()
    drafts = {p.name for p in tmp_path.iterdir()}
    assert sum(d.startswith(f".{name}-") for d in drafts) == 1  # 2nd removed it
    with atomic_path(path) as draft:
        draft.write_text("new")
    left = {p.name for p in tmp_path.iterdir()} - {name}
    assert len(left) == 1 and left.pop().startswith(".another.txt-")


def test_the_draft_of_a_living_process_stays(tmp_path):
    path = tmp_path / "file.txt"
    process = write_elsewhere(path, "waits")
    assert process.stdout.readline() == "writing\n"
    with atomic_path(path) as draft:
        draft.write_text("ours")
    assert path.read_text() == "ours"
    process.communicate("\n")
    assert process.returncode == 0
    assert path.read_text() == "half"  # all that it wanted to write
    assert os.listdir(tmp_path) == ["file.txt"]


@pytest.mark.parametrize("kind", ["link", "folder", "file"])
def test_what_only_looks_like_a_draft_stays(kind, tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "data.txt").write_text("mine")
    name = {"link": ".file.txt-abcdefgh.draft", "folder": ".file.txt-settings"}
    other = tmp_path / name.get(kind, ".file.txt-abcdefgh")
    if kind == "link":
        other.symlink_to(kept)
    elif kind == "folder":
        other.mkdir()
    else:
        other.write_text("mine")
    with atomic_path(tmp_path / "file.txt") as draft:
        draft.write_text("new")
    assert other.exists()
    assert (kept / "data.txt").read_text() == "mine"


class Storage:
    """A file system in a state, where one may be mounted."""

    def __init__(self, folder, state):
        self.folder, self.state = folder, state
        self.until_the_end = contextlib.ExitStack()

    def __enter__(self):
        size = ["-o", "size=64k"] if self.state == "full" else []
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", *size, "tmpfs", self.folder],
            capture_output=True,
        )
        if mounted.returncode:
            pytest.skip("mounting a file system takes root")
        return self

    def spoil(self):
        if self.state == "read-only":
            remount = ["mount", "-o", "remount,ro", self.folder]
            subprocess.run(remount, check=True)
        elif self.state == "closed":
            self.until_the_end.enter_context(closed(self.folder))

    def __exit__(self, *error):
        self.until_the_end.close()
        subprocess.run(["umount", self.folder], check=True)


@pytest.mark.parametrize(
    "state, reason",
    [
        ("full", "No space left on device"),
        ("read-only", "Read-only file"),
        ("closed", "Permission denied"),
    ],
)
@pytest.mark.parametrize("write", ["atomic_path", "save", "save_weights"])
def test_what_cannot_be_written_is_named(state, reason, write, tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    names = {"atomic_path": "a.txt", "save": "a.keras"}
    path = folder / names.get(write, "a.weights.h5")
    gan = tiny("DCGAN", width=16) if write != "atomic_path" else None
    with Storage(folder, state) as storage:
        path.write_text("old")
        storage.spoil()
        message = rf"{reason}.*{path.name} could not.*as it was.*Received: /"
        with pytest.raises(OSError, match=message):
            if gan is None:
                with atomic_path(path) as draft:
                    draft.write_bytes(bytes(100_000))
            else:
                getattr(gan, write)(path)
        assert path.read_text() == "old"
        assert os.listdir(folder) == [path.name]


def test_other_errors_are_left_alone(tmp_path):
    with (
        pytest.raises(FileNotFoundError, match="missing"),
        atomic_path(tmp_path / "file.txt"),
    ):
        (tmp_path / "missing").read_text()
