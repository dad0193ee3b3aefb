"""Presets in archives, unpacked under limits, a part at a time."""

import contextlib
import gzip
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, Any, NamedTuple, cast

from keras_gans.presets.folder import FILES, VOCABULARY
from keras_gans.presets.limits import Limits

SUFFIXES = (".zip", ".tar.gz", ".tgz", ".tar")

DAMAGE = (
    tarfile.TarError,
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    EOFError,
    zlib.error,
    RuntimeError,  # a password is wanted
    NotImplementedError,
    struct.error,
)

PART = 2**16
"""Bytes that are held in memory at a time."""


class Member(NamedTuple):
    """An entry of an archive: a file, a folder, or a link or device."""

    path: str
    size: int
    is_file: bool
    is_folder: bool
    open: Callable[[], IO[bytes]]


def extract(path: Path, target: Path, origin: object, limits: Limits) -> None:
    """Unpacks a preset's files from a zip or tar archive.

    They lie at its top or in one folder. Nothing else is written.

    Args:
        path: The archive, `.zip`, `.tar` or `.tar.gz`.
        target: The folder to write them to.
        origin: Where the archive comes from, for the message.
        limits: What the preset may cost.

    Raises:
        ValueError: If the archive is damaged or too large, or if anything in
            it is a link or would lie outside of the folder that it is
            extracted to.
        FileNotFoundError: If it does not hold a preset.
    """
    limits.check_bytes(path.stat().st_size, origin)
    try:
        if zipfile.is_zipfile(path):
            _check_directory(path, origin, limits)
            with zipfile.ZipFile(path) as archive:
                _extract(_members_of_zip(archive), target, origin, limits)
        else:
            with _open_tar(path, origin, limits) as tar:
                _extract(_members_of_tar(tar), target, origin, limits)
    except DAMAGE as error:
        raise ValueError(
            f"The archive is damaged, or neither zip nor tar: {error}. "
            f"Received: {origin}"
        ) from error


def _extract(
    members: Iterable[Member], target: Path, origin: object, limits: Limits
) -> None:
    files, total = {}, 0
    for number, member in enumerate(members):
        if number >= limits.members:
            _refuse_members(origin, limits)
        total += member.size
        limits.check_bytes(total, f"{origin}, unpacked,")
        known = member.is_file or member.is_folder
        if not known or _leads_out(member.path):
            raise ValueError(
                f"The archive holds {member.path!r}, a link or a path that "
                "leads out of its folder, so none of it is used. "
                f"Received: {origin}"
            )
        if member.is_file:
            files[PurePosixPath(member.path)] = member
    for folder in sorted({path.parent for path in files}):
        if all(folder / name in files for name in FILES):
            for name in (*FILES, VOCABULARY):
                if folder / name in files:
                    _copy(files[folder / name], target / name)
            return
    raise FileNotFoundError(
        f"The archive has no folder with {', '.join(FILES)}. Received: {origin}"
    )


def _refuse_members(origin: object, limits: Limits) -> None:
    raise ValueError(
        f"The archive must have at most {limits.members:,} members; "
        "`limits=keras_gans.presets.Limits(members=...)` allows more. "
        f"Received: {origin}"
    )


def _copy(member: Member, path: Path) -> None:
    left = member.size
    with member.open() as source, open(path, "wb") as target:
        while part := source.read(min(PART, left)):
            left -= len(part)
            target.write(part)
    if left:
        raise EOFError(f"{member.path} ends too early")


def _members_of_zip(archive: zipfile.ZipFile) -> Iterable[Member]:
    for info in archive.infolist():
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotImplementedError("its compression is not deflate")
        yield Member(
            info.orig_filename,
            info.file_size,
            # Archives that were not made on Unix do not give the kind.
            not info.is_dir()
            and stat.S_IFMT(info.external_attr >> 16) in (0, stat.S_IFREG),
            info.is_dir(),
            partial(archive.open, info),
        )


def _check_directory(path: Path, origin: object, limits: Limits) -> None:
    """Refuses a zip archive whose list of members would not fit in memory."""
    with open(path, "rb") as file:
        end: Any = zipfile._EndRecData(file)  # type: ignore[attr-defined]
    size = end[5]  # of the list; an entry has some 100 bytes
    if size > 1024 * limits.members:
        _refuse_members(origin, limits)


@contextlib.contextmanager
def _open_tar(
    path: Path, origin: object, limits: Limits
) -> Iterator[tarfile.TarFile]:
    with contextlib.ExitStack() as stack:
        file: Any = stack.enter_context(open(path, "rb"))
        is_packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        if is_packed:
            file = stack.enter_context(gzip.GzipFile(fileobj=file))
        bounded: Any = _Bounded(file, origin, limits)
        yield stack.enter_context(tarfile.open(fileobj=bounded, mode="r:"))


def _members_of_tar(archive: tarfile.TarFile) -> Iterable[Member]:
    for info in archive:
        yield Member(
            info.name,
            info.size,
            info.isreg(),
            info.isdir(),
            partial(cast(Any, archive.extractfile), info),
        )


class _Bounded:
    """A file of which no more is read than the limits allow.

    Long names and further headers of tar archives are read in one piece,
    which could fill the memory.
    """

    def __init__(self, file: IO[bytes], origin: object, limits: Limits):
        self.file, self.origin, self.limits = file, origin, limits
        self.tell, self.seekable = file.tell, file.seekable

    def read(self, size: int) -> bytes:
        if size > PART:
            raise tarfile.ReadError(f"it holds a header of {size:,} bytes")
        return self.file.read(size)

    def seek(self, offset: int) -> int:
        # What is passed over is unpacked too; headers add little to it.
        self.limits.check_bytes(offset - 2**24, f"{self.origin}, unpacked,")
        return self.file.seek(offset)


def _leads_out(path: str) -> bool:
    return any(
        flavour(path).anchor or ".." in flavour(path).parts
        for flavour in (PurePosixPath, PureWindowsPath)
    )
