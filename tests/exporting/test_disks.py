import errno
import os
import re
import resource
import subprocess

import keras
import pytest
from permissions import closed

import keras_gans

NAMES = {"tf_saved_model": "g", "litert": "g.tflite", "onnx": "g.onnx"}
if keras.backend.backend() != "tensorflow":
    # In another process TensorFlow fails alike in all of them.
    NAMES = {"tf_saved_model": "g"}


@pytest.fixture(scope="module")
def gan():
    return keras_gans.DCGAN((16, 16, 3), latent_dim=8, width=16)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 32 kB."""
    command = ["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(tmp_path)]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a disk can be mounted by root alone")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def write_old(path):
    if path.suffix:
        path.write_bytes(b"old")
    else:
        path.mkdir()
        (path / "saved_model.pb").write_bytes(b"old")


def contents(folder):
    files = [p for p in folder.rglob("*") if p.is_file()]
    return {p: p.read_bytes() for p in files}


def refused(path):
    return pytest.raises(OSError, match=f"'{re.escape(str(path))}' could not")


@pytest.mark.parametrize("format", NAMES)
def test_full_disk_leaves_the_old_export_whole(gan, format, small_disk):
    path = small_disk / NAMES[format]
    write_old(path)
    before = contents(small_disk)
    with refused(path) as caught:
        gan.export(path, format, verify=False)
    assert caught.value.errno == errno.ENOSPC
    assert "Received: " in str(caught.value)
    assert contents(small_disk) == before
    assert list(small_disk.iterdir()) == [path]


@pytest.mark.parametrize("format", NAMES)
def test_no_file_may_be_so_large(gan, format, tmp_path):
    path = tmp_path / NAMES[format]
    write_old(path)
    before = contents(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, hard))
    try:
        with refused(path):
            gan.export(path, format, verify=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert contents(tmp_path) == before
    assert list(tmp_path.iterdir()) == [path]


def test_read_only_disk(gan, small_disk):
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with refused(small_disk / "in" / "g.onnx") as caught:
        gan.export(small_disk / "in" / "g.onnx", "onnx")
    assert os.strerror(errno.EROFS) in str(caught.value)


@pytest.mark.parametrize("format", NAMES)
def test_folder_of_somebody_else(gan, format, tmp_path):
    path = tmp_path / NAMES[format]
    write_old(path)
    before = contents(tmp_path)
    with closed(tmp_path), refused(path) as caught:
        gan.export(path, format, verify=False)
    assert caught.value.errno == errno.EACCES
    assert contents(tmp_path) == before
