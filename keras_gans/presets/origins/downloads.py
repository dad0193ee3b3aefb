"""Downloads of presets, under limits of bytes and of time."""

import functools
import importlib
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any

from keras_gans.presets.folder import (
    FILES,
    VOCABULARY,
    WEIGHTS,
    files_of,
    sums_of,
)
from keras_gans.presets.limits import JSON_BYTES, Limits
from keras_gans.presets.origins.archives import SUFFIXES, extract

SILENCE = 60
"""Seconds that a server may be silent."""

PART = 2**16


def fetch(
    url: str,
    target: Path,
    limits: Limits,
    sizes: Mapping[str, int] | None = None,
) -> None:
    """Fetches a preset's folder, file by file, or its archive.

    Args:
        url: The `http://` or `https://` URL of either.
        target: The folder to write the preset's files to.
        limits: What the preset may cost.
        sizes: The number of bytes of every file, where they are known.

    Raises:
        OSError: If it cannot be fetched, or not in time.
        ValueError: If it is too large, or a damaged archive.
    """
    parts = urllib.parse.urlsplit(url)
    deadline = time.monotonic() + limits.seconds
    if parts.path.endswith(SUFFIXES):
        archive = target.parent / "archive"  # where it vanishes with the draft
        _download(url, archive, limits.bytes, deadline, limits)
        extract(archive, target, url, limits)
        return
    base, left = parts.path.rstrip("/"), limits.bytes
    fetched: list[str] = []
    names: tuple[str, ...] = FILES
    while missing := [name for name in names if name not in fetched]:
        name = missing[0]
        most = left if name == WEIGHTS else min(left, JSON_BYTES)
        most = sizes.get(name, most) if sizes else most
        file = parts._replace(path=f"{base}/{name}").geturl()
        _download(file, target / name, most, deadline, limits)
        left -= (target / name).stat().st_size
        fetched.append(name)
        if set(fetched) == set(FILES):  # whose metadata name the others
            names = files_of(sums_of(target, url))


def _download(
    url: str, path: Path, most: int, deadline: float, limits: Limits
) -> None:
    """Downloads in a thread: a server can also be slow before the first byte.

    `keras.utils.get_file` writes to the final path while it downloads: a kill
    or a second process would leave or see half of a file.
    """
    failures: list[BaseException] = []
    given_up = threading.Event()

    def download() -> None:
        try:
            _copy(url, path, most, given_up)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=download, daemon=True)
    thread.start()
    try:
        thread.join(max(0.0, deadline - time.monotonic()))
    finally:
        given_up.set()
    if thread.is_alive():
        raise TimeoutError(
            f"The preset was not fetched within {limits.seconds:g} seconds; "
            "`limits=keras_gans.presets.Limits(seconds=...)` allows more. "
            f"Received: {url}"
        )
    for error in failures:
        if isinstance(error, (OSError, HTTPException)):
            raise OSError(
                f"The preset's file could not be fetched: {error}. "
                f"Received: {url}"
            ) from error
        raise error


def _copy(url: str, path: Path, most: int, given_up: threading.Event) -> None:
    request = urllib.request.Request(url, headers={"User-Agent": "keras-gans"})
    with (
        urllib.request.urlopen(request, timeout=SILENCE) as response,
        open(path, "wb") as file,
    ):
        declared = _declared_length(response.headers["Content-Length"], url)
        if declared is not None:
            _check_length(declared, most, url)
        num = 0
        while (part := response.read1(PART)) and not given_up.is_set():
            num += len(part)
            _check_length(num, most, url)
            file.write(part)
    if declared is not None and num != declared:
        raise OSError(f"it ended after {num:,} of {declared:,} bytes")


def _declared_length(text: str | None, url: str) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise ValueError(
            "The server must declare a length that is a number of bytes. "
            f"Received: Content-Length {text!r} for {url}"
        )
    return int(text[:20])


def _check_length(num: int, most: int, url: str) -> None:
    if num > most:
        raise ValueError(
            f"The preset's file must have at most {most:,} bytes: as many as "
            "the index says, or else as "
            "`limits=keras_gans.presets.Limits(bytes=...)` allows. "
            f"Received: {url} of {num:,} bytes or more"
        )


def download_from_hub(scheme: str, name: str, limits: Limits) -> Path:
    """Downloads a preset by the hub's own client.

    Hugging Face tells the sizes of files before it sends them. Kaggle's client
    has no such question: what it sent is measured after.

    Args:
        scheme: "hf" or "kaggle".
        name: The handle.
        limits: What the preset may cost.

    Returns:
        The folder of the client's cache that holds it.

    Raises:
        ImportError: If the client is not installed.
        ValueError: For what is no handle, and for files that are too large.
    """
    handle = name.partition("://")[2].strip("/")
    segments = handle.count("/") + 1
    if scheme == "hf" and segments == 2:
        hub = _hub("huggingface_hub", name)
        ask = functools.partial(
            hub.snapshot_download, handle, allow_patterns=[*FILES, VOCABULARY]
        )
        files = ask(dry_run=True)
        limits.check_bytes(sum(file.file_size for file in files), name)
        return Path(ask())
    if scheme == "kaggle" and segments in (4, 5):
        return Path(_hub("kagglehub", name).model_download(handle))
    raise ValueError(
        "A handle is hf://user/repo or "
        f"kaggle://user/model/keras/variation[/version]. Received: {name!r}"
    )


def _hub(package: str, name: str) -> Any:
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise ImportError(
            f'{package} is not installed: pip install "keras-gans[hub]". '
            f"Received: {name!r}"
        ) from error
