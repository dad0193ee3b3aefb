"""Where presets come from: names, folders, archives, URLs and model hubs."""

import contextlib
import difflib
import os
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from keras_gans.files import sha256, sha256_of
from keras_gans.presets import index
from keras_gans.presets.folder import check_folder, replacing
from keras_gans.presets.limits import Limits
from keras_gans.presets.origins.archives import extract
from keras_gans.presets.origins.downloads import download_from_hub, fetch

CHECKOUT = Path(__file__).parents[3] / "zoo"
"""The zoo of a source checkout, which the package lies beside."""


def find(preset: str | os.PathLike, limits: Limits | None = None) -> Path:
    """Returns a folder with a preset's files, whole and checked.

    Args:
        preset: A name, folder, archive, URL or handle; see `load_preset`.
        limits: What the preset may cost; None for the default.

    Raises:
        ValueError: If there is no such preset, or it is damaged or too large.
        FileNotFoundError: If files are missing.
        ImportError: If a hub's package is missing.
        OSError: If it cannot be fetched.
    """
    name, limits = os.fspath(preset), limits or Limits()
    builtin = index.list_presets()
    if isinstance(preset, str) and name in builtin:
        return _find_builtin(name, builtin[name], limits)
    scheme = name.partition("://")[0].lower() if "://" in name else ""
    if scheme in ("http", "https"):
        return _cached(
            _key(name), lambda target: fetch(name, target, limits), name, limits
        )
    if scheme in ("hf", "kaggle"):
        folder = download_from_hub(scheme, name, limits)
        check_folder(folder, name, limits=limits)
        return folder
    path = _local(name) if scheme in ("", "file") else None
    if path is not None and path.is_dir():
        check_folder(path, name, limits=limits)
        return path
    if path is not None and path.is_file():
        return _cached(
            f"{path.name}-{sha256_of(path)[:16]}",
            lambda target: extract(path, target, name, limits),
            name,
            limits,
        )
    near = difflib.get_close_matches(name, builtin, n=3, cutoff=0.4)
    hint = (
        f"The nearest built-in presets are {near}"
        if near
        else "`keras_gans.list_presets()` lists the built-in ones"
    )
    raise ValueError(
        "There is neither a built-in preset nor a folder or archive of this "
        f"name. {hint}; a preset may also be a URL (http, https, "
        "file), hf://user/repo or "
        f"kaggle://user/model/keras/variation. Received: {name!r}"
    )


def cache() -> Path:
    """Returns the folder of the presets that were fetched."""
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    return Path(home) / "keras_gans" / "presets"


def _find_builtin(name: str, entry: Mapping[str, Any], limits: Limits) -> Path:
    """Finds a built-in preset.

    It is in the zoo of $KERAS_GANS_ZOO, if that is set, and else in that of
    the checkout, in the package itself, or below `index.ZOO_URL`.
    """
    expected, sizes = entry["files"], entry["sizes"]
    limits.check_bytes(sum(sizes.values()), name)
    zoo = os.environ.get("KERAS_GANS_ZOO")
    is_far = zoo is not None and zoo.startswith(("http://", "https://"))
    places = [CHECKOUT, index.EMBEDDED]
    if zoo is not None:
        places = [] if is_far else [_local(zoo)]
    for place in places:
        if (place / name).is_dir() or zoo is not None:
            check_folder(place / name, name, expected, sizes, limits)
            return place / name
    url = f"{(zoo or index.ZOO_URL).rstrip('/')}/{name}"
    key = f"{name}-{sha256(''.join(expected.values()).encode())[:16]}"
    return _cached(
        key,
        lambda target: fetch(url, target, limits, sizes),
        name,
        limits,
        expected,
        sizes,
    )


def _cached(
    key: str,
    fill: Callable[[Path], None],
    origin: str,
    limits: Limits,
    expected: Mapping[str, str] | None = None,
    sizes: Mapping[str, int] | None = None,
) -> Path:
    """Returns a folder of the cache, filled where it is not there or damaged.

    Args:
        key: The folder's name.
        fill: Function that writes the preset's files to a folder.
        origin: Where they come from, for messages.
        limits: What the preset may cost.
        expected: As in `check_folder`.
        sizes: As in `check_folder`.
    """
    folder = cache() / key
    try:
        check_folder(folder, origin, expected, sizes, limits)
        return folder
    except (FileNotFoundError, ValueError):  # not there yet, or damaged
        pass
    try:
        with replacing(folder) as target:
            fill(target)
            check_folder(target, origin, expected, sizes, limits)
    except BaseException:
        with contextlib.suppress(OSError):  # unless an older preset is in it
            folder.rmdir()
        raise
    return folder


def _key(url: str) -> str:
    last = Path(urllib.parse.urlsplit(url).path).name
    return f"{last}-{sha256(url.encode())[:16]}"


def _local(name: str) -> Path:
    if name.lower().startswith("file://"):
        path = urllib.parse.urlsplit(name).path
        return Path(urllib.request.url2pathname(path))
    return Path(name).expanduser()
