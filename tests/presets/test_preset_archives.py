"""Presets in zip and tar files, some of them hostile."""

import io
import shutil
import stat
import tarfile
import zipfile

import pytest
from small_gans import same_images

import keras_gans
from keras_gans.presets import load_preset
from keras_gans.presets.origins.sources import cache, find


@pytest.mark.parametrize(
    "format, suffix", [("zip", "zip"), ("gztar", "tar.gz")]
)
@pytest.mark.parametrize("inside", [".", "small_gan"])
def test_an_archive(format, suffix, inside, preset, gan, server, tmp_path):
    base = tmp_path / "archive"
    if inside == ".":
        shutil.make_archive(base, format, preset)
    else:
        shutil.make_archive(base, format, preset.parent, inside)
    path = base.with_suffix(f".{suffix}")
    for name in (path, path.as_uri(), f"{server.url}/{path.name}"):
        assert same_images(gan, load_preset(keras_gans.GAN, name))
    find(f"{server.url}/{path.name}")
    assert server.requests == [f"/{path.name}"]


OUTSIDE = ["../evil", "/evil", "a/../../evil", "C:\\evil", "..\\evil"]


def tar_with(path, preset, member, data=b""):
    with tarfile.open(path, "w:gz") as tar:
        tar.add(preset, "preset")
        member.size = len(data)
        tar.addfile(member, io.BytesIO(data))


def zip_with(path, preset, member):
    with zipfile.ZipFile(path, "w") as archive:
        for file in preset.iterdir():
            archive.write(file, file.name)
        archive.writestr(member, "evil")


@pytest.mark.parametrize("outside", OUTSIDE)
def test_a_path_that_leads_out(outside, preset, tmp_path):
    tar, zipped = tmp_path / "evil.tar.gz", tmp_path / "evil.zip"
    tar_with(tar, preset, tarfile.TarInfo(outside), b"evil")
    zip_with(zipped, preset, zipfile.ZipInfo(outside))
    for path in (tar, zipped):
        with pytest.raises(ValueError, match=r"leads out.*Received:"):
            find(path)
    assert not list(cache().glob("*"))
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
def test_a_link_in_a_tar_file(kind, preset, tmp_path):
    link = tarfile.TarInfo("preset/link")
    link.type, link.linkname = kind, "../../etc/passwd"
    tar_with(tmp_path / "link.tgz", preset, link)
    with pytest.raises(ValueError, match=r"a link or.*Received:"):
        find(tmp_path / "link.tgz")


def test_a_link_in_a_zip_file(preset, tmp_path):
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    zip_with(tmp_path / "link.zip", preset, link)
    with pytest.raises(ValueError, match=r"a link or.*Received:"):
        find(tmp_path / "link.zip")


@pytest.mark.parametrize(
    "format, suffix", [("zip", "zip"), ("gztar", "tar.gz")]
)
@pytest.mark.parametrize("keep", [0, 10, -5000])
def test_a_truncated_archive(format, suffix, keep, preset, tmp_path):
    shutil.make_archive(tmp_path / "archive", format, preset)
    path = tmp_path / f"archive.{suffix}"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ValueError, match=r"(?s)damaged.*Received:"):
        find(path)


@pytest.mark.parametrize(
    "format, suffix", [("zip", "zip"), ("gztar", "tar.gz")]
)
def test_a_flipped_bit(format, suffix, preset, tmp_path):
    shutil.make_archive(tmp_path / "archive", format, preset)
    path = tmp_path / f"archive.{suffix}"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"(?s)damaged.*Received:"):
        find(path)


def test_an_archive_without_a_preset(preset, tmp_path):
    (preset / "metadata.json").unlink()
    shutil.make_archive(tmp_path / "archive", "zip", preset)
    with pytest.raises(FileNotFoundError, match=r"no folder with.*Received:"):
        find(tmp_path / "archive.zip")
