"""Presets in archives: only plain files inside of their folder are taken."""

import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from gzip import BadGzipFile
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO, NamedTuple, cast

from keras_gans.presets.folder import FILES

SUFFIXES = (".zip", ".tar.gz", ".tgz", ".tar")

DAMAGE = (
    tarfile.TarError,
    zipfile.BadZipFile,
    BadGzipFile,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    RuntimeError,  # a password is wanted
)


class Member(NamedTuple):
    """What an archive holds: a file, a folder, or a link or device."""

    path: str
    is_file: bool
    is_folder: bool
    read: Callable[[], bytes]


def read_archive(data: bytes, origin: object) -> dict[str, bytes]:
    """Returns the files of a preset in a zip or tar archive.

    They lie at its top or in one folder. Nothing is written to the disk.

    Args:
        data: The archive.
        origin: Where it comes from, for the message.

    Returns:
        The contents of the preset's files, by name.

    Raises:
        ValueError: If the archive is damaged, or if anything in it is a link
            or would lie outside of the folder that it is extracted to.
        FileNotFoundError: If it does not hold a preset.
    """
    is_zip = zipfile.is_zipfile(io.BytesIO(data))
    try:
        members = _members_of_zip(data) if is_zip else _members_of_tar(data)
        for path, is_file, is_folder, _ in members:
            if not (is_file or is_folder) or _leads_out(path):
                raise ValueError(
                    f"The archive holds {path!r}, a link or a path that leads "
                    "out of its folder, so none of it is used. "
                    f"Received: {origin}"
                )
        files = {PurePosixPath(m.path): m.read for m in members if m.is_file}
        for folder in sorted({path.parent for path in files}):
            if all(folder / name in files for name in FILES):
                return {name: files[folder / name]() for name in FILES}
    except DAMAGE as error:
        raise ValueError(
            f"The archive is damaged, or neither zip nor tar: {error}. "
            f"Received: {origin}"
        ) from error
    raise FileNotFoundError(
        f"The archive has no folder with {', '.join(FILES)}. Received: {origin}"
    )


def _members_of_zip(data: bytes) -> list[Member]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return [
        Member(
            info.orig_filename,
            # Archives from elsewhere than Unix say nothing of the kind.
            not info.is_dir()
            and stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG),
            info.is_dir(),
            partial(archive.read, info),
        )
        for info in archive.infolist()
    ]


def _members_of_tar(data: bytes) -> list[Member]:
    archive = tarfile.open(fileobj=io.BytesIO(data))  # noqa: SIM115

    def read(info: tarfile.TarInfo) -> bytes:
        return cast(IO[bytes], archive.extractfile(info)).read()

    return [
        Member(info.name, info.isreg(), info.isdir(), partial(read, info))
        for info in archive.getmembers()
    ]


def _leads_out(path: str) -> bool:
    return any(
        flavour(path).anchor or ".." in flavour(path).parts
        for flavour in (PurePosixPath, PureWindowsPath)
    )
