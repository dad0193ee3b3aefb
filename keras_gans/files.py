"""Files: replaced whole or not at all, locked, and known by their SHA-256."""

import contextlib
import errno
import glob
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # Windows, where nothing is locked, and drafts stay
    fcntl = None  # type: ignore[assignment]

LOCK = ".lock"
"""A file in every draft, which the process that writes there has locked."""

STORAGE_ERRORS = {
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EACCES", "EPERM", "EIO")
    if hasattr(errno, name)
}


@contextlib.contextmanager
def atomic_path(path: str | os.PathLike) -> Iterator[Path]:
    """Gives a path to write to, which replaces `path` once all went well.

    Whatever happens while it is written (a full disk, a kill, an exception),
    `path` holds either what it held before or all of the new contents. The
    drafts that killed writes of the same file left behind are removed.

    Args:
        path: The file to write; its folder is made where it is missing.

    Yields:
        A path of the same name in a temporary folder on the same disk.

    Raises:
        OSError: If it cannot be written; the message names the file.
    """
    path = Path(path)
    with unharmed(path), draft_folder(path.parent, path.name) as folder:
        draft = folder / path.name
        yield draft
        with open(draft, "rb") as file:
            os.fsync(file.fileno())
        os.replace(draft, path)


@contextlib.contextmanager
def draft_folder(parent: Path, name: str) -> Iterator[Path]:
    """Gives a temporary folder to write drafts to, and removes it afterwards.

    Drafts of the same name that no living process writes to are removed too.

    Args:
        parent: The folder to make it in, made itself where it is missing.
        name: What is written, the same every time.

    Yields:
        The folder.
    """
    parent.mkdir(parents=True, exist_ok=True)
    for abandoned in parent.glob(f".{glob.escape(name)}-????????.draft"):
        _remove_if_abandoned(abandoned)
    # It gets its name once it is locked: until then nobody takes it for one
    # that was abandoned.
    new = Path(tempfile.mkdtemp(dir=parent, prefix=".draft-"))
    folder = parent / f".{name}-{new.name[-8:]}.draft"
    with contextlib.ExitStack() as stack:
        if fcntl is not None:
            lock = stack.enter_context(open(new / LOCK, "w"))
            with contextlib.suppress(OSError):  # the disk knows no locks
                _lock(lock.fileno())
        os.rename(new, folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _remove_if_abandoned(folder: Path) -> None:
    if fcntl is None or folder.is_symlink():
        return
    try:
        with open(folder / LOCK, "r+") as lock:
            if _lock(lock.fileno()):
                shutil.rmtree(folder, ignore_errors=True)
    except FileNotFoundError:  # a kill while it was being removed
        shutil.rmtree(folder, ignore_errors=True)
    except OSError:  # somebody else's
        pass


@contextlib.contextmanager
def locked(path: Path, refusal: Callable[[str], str]) -> Iterator[None]:
    """Keeps something to one process, by a lock on a file.

    The file holds the number of the process. The lock ends with the process,
    also where it is killed; the file then stays, and means nothing. Systems
    without `fcntl` (Windows) have no lock.

    Args:
        path: The file; its folder is made where it is missing.
        refusal: Function from the number of the process that has the lock to
            the message of the error.

    Raises:
        OSError: Where another process has the lock.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if fcntl is None:
        yield
        return
    with open(path, "a+", encoding="utf-8") as file:
        # Whoever had the lock may have removed the file in between.
        if not _lock(file.fileno()) or not _is_open_file(path, file.fileno()):
            file.seek(0)
            raise OSError(refusal(file.read().strip()))
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        try:
            yield
        finally:
            path.unlink()


def _lock(file: int) -> bool:
    """Locks an open file, until it is closed.

    Returns:
        False where another process has the lock.

    Raises:
        OSError: Where the disk knows no locks.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_open_file(path: Path, file: int) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def unharmed(path: Path) -> Iterator[None]:
    """Says in the errors of full or read-only disks which path is meant.

    Args:
        path: The file or folder that is about to be replaced.
    """
    try:
        yield
    except OSError as error:
        elsewhere = error.filename and not _is_beside(error.filename, path)
        if error.errno not in STORAGE_ERRORS or elsewhere:
            raise
        raise OSError(
            error.errno,
            f"{os.strerror(error.errno or 0)}: {path} could not be written. "
            "If it was there before, it is whole and as it was. "
            f"Received: {path}",
        ) from error


def _is_beside(filename: str | bytes | int, path: Path) -> bool:
    """Returns whether a file lies in the folder of a path, or holds it."""
    if isinstance(filename, int):
        return False
    file = Path(os.path.abspath(os.fsdecode(filename)))
    parent = Path(os.path.abspath(path)).parent
    return parent in (file, *file.parents) or file in parent.parents


def sha256(data: bytes) -> str:
    """Returns the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def sha256_of(path: str | os.PathLike) -> str:
    """Returns the SHA-256 of a file in hexadecimal, read in parts."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while part := file.read(2**20):
            digest.update(part)
    return digest.hexdigest()


def sha256_of_weights(weights: Iterable[Any]) -> str:
    """Returns the SHA-256 of a network's weights in hexadecimal.

    Args:
        weights: What `network.get_weights()` returns. Types and shapes count
            too.
    """
    digest = hashlib.sha256()
    for weight in weights:
        digest.update(f"{weight.dtype}{weight.shape}".encode())
        digest.update(weight.tobytes())
    return digest.hexdigest()
