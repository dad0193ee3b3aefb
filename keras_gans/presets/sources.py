"""Where presets come from: names, folders, archives, URLs and model hubs."""

import difflib
import importlib
import os
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any

from keras_gans.presets import index
from keras_gans.presets.archives import SUFFIXES, read_archive
from keras_gans.presets.folder import (
    FILES,
    check_files,
    read_files,
    sha256,
    write_files,
)

CHECKOUT = Path(__file__).parents[2] / "zoo"
"""The zoo of a source checkout, which the package lies beside."""

TIMEOUT = 60  # seconds that a server may be silent


def find(preset: str | os.PathLike) -> Path:
    """Returns a folder with a preset's files, whole and checked.

    Args:
        preset: A name, folder, archive, URL or handle; see `load_preset`.

    Raises:
        ValueError: If there is no such preset, or it is damaged.
        FileNotFoundError: If files are missing.
        ImportError: If a hub's package is missing.
        OSError: If it cannot be fetched.
    """
    name = os.fspath(preset)
    builtin = index.list_presets()
    if isinstance(preset, str) and name in builtin:
        return _find_builtin(name, builtin[name]["files"])
    scheme = name.partition("://")[0].lower() if "://" in name else ""
    if scheme in ("http", "https"):
        return _cached(_key(name), lambda: _fetch(name), name)
    if scheme in ("hf", "kaggle"):
        return _checked(_download_from_hub(scheme, name), name)
    path = _local(name) if scheme in ("", "file") else None
    if path is not None and path.is_dir():
        return _checked(path, name)
    if path is not None and path.is_file():
        data = path.read_bytes()
        key = f"{path.name}-{sha256(data)[:16]}"
        return _cached(key, lambda: read_archive(data, name), name)
    near = difflib.get_close_matches(name, builtin, n=3, cutoff=0.4)
    raise ValueError(
        "There is neither a built-in preset nor a folder or archive of this "
        f"name. The nearest built-in presets are {near or list(builtin)}; a "
        "preset may also be a URL (http, https, file), hf://user/repo or "
        f"kaggle://user/model/keras/variation. Received: {name!r}"
    )


def cache() -> Path:
    """Returns the folder of the presets that were fetched."""
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    return Path(home) / "keras_gans" / "presets"


def _find_builtin(name: str, expected: Mapping[str, str]) -> Path:
    zoo = os.environ.get("KERAS_GANS_ZOO")
    if zoo is None and (CHECKOUT / name).is_dir():
        return _checked(CHECKOUT / name, name, expected)
    zoo = (zoo or index.ZOO_URL).rstrip("/")
    if not zoo.startswith(("http://", "https://")):
        return _checked(_local(zoo) / name, name, expected)
    key = f"{name}-{sha256(''.join(expected.values()).encode())[:16]}"
    return _cached(key, lambda: _fetch(f"{zoo}/{name}"), name, expected)


def _checked(
    folder: Path, origin: str, expected: Mapping[str, str] | None = None
) -> Path:
    check_files(read_files(folder), origin, expected)
    return folder


def _cached(
    key: str,
    fetch: Callable[[], dict[str, bytes]],
    origin: str,
    expected: Mapping[str, str] | None = None,
) -> Path:
    folder = cache() / key
    try:
        return _checked(folder, origin, expected)
    except (FileNotFoundError, ValueError):  # not there yet, or damaged
        files = fetch()
        check_files(files, origin, expected)
        write_files(folder, files)
        return folder


def _key(url: str) -> str:
    last = Path(urllib.parse.urlsplit(url).path).name
    return f"{last}-{sha256(url.encode())[:16]}"


def _local(name: str) -> Path:
    if name.lower().startswith("file://"):
        path = urllib.parse.urlsplit(name).path
        return Path(urllib.request.url2pathname(path))
    return Path(name).expanduser()


def _fetch(url: str) -> dict[str, bytes]:
    """Fetches a preset's folder file by file, or its archive."""
    parts = urllib.parse.urlsplit(url)
    if parts.path.endswith(SUFFIXES):
        return read_archive(_download(url), url)
    base = parts.path.rstrip("/")
    return {
        name: _download(parts._replace(path=f"{base}/{name}").geturl())
        for name in FILES
    }


def _download(url: str) -> bytes:
    # `keras.utils.get_file` writes to the final path while it downloads: a
    # kill or a second process would leave or see half of a file.
    request = urllib.request.Request(url, headers={"User-Agent": "keras-gans"})
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
            return response.read()
    except (OSError, HTTPException) as error:
        raise OSError(
            f"A preset's file could not be fetched: {error}. Received: {url}"
        ) from error


def _download_from_hub(scheme: str, name: str) -> Path:
    handle = name.partition("://")[2].strip("/")
    segments = handle.count("/") + 1
    if scheme == "hf" and segments == 2:
        hub = _hub("huggingface_hub", name)
        return Path(hub.snapshot_download(handle, allow_patterns=list(FILES)))
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
