"""The published weight files of LPIPS, found or downloaded."""

import os
from pathlib import Path
from typing import NamedTuple

import keras

from keras_gans.files import sha256_of

VARIABLE = "KERAS_GANS_LPIPS"
"""The environment variable for the folder of the files."""


class WeightsFile(NamedTuple):
    """A published file of weights.

    Attributes:
        name: Name of the file.
        folder: URL of the folder.
        sha256: SHA-256 of the file, or its first digits.
    """

    name: str
    folder: str
    sha256: str


_TORCHVISION = "https://download.pytorch.org/models"


_LPIPS = (
    "https://raw.githubusercontent.com/richzhang/PerceptualSimilarity/"
    "master/lpips/weights/v0.1"
)


BACKBONE_FILES = {
    "squeeze": WeightsFile(
        "squeezenet1_1-b8a52dc0.pth", _TORCHVISION, "b8a52dc0"
    ),
    "alex": WeightsFile("alexnet-owt-7be5be79.pth", _TORCHVISION, "7be5be79"),
    "vgg": WeightsFile("vgg16-397923af.pth", _TORCHVISION, "397923af"),
}


HEAD_FILES = {
    "squeeze": WeightsFile(
        "squeeze.pth",
        _LPIPS,
        "4a5350f23600cb79923ce65bb07cbf57dca461329894153e05a1346bd531cf76",
    ),
    "alex": WeightsFile(
        "alex.pth",
        _LPIPS,
        "df73285e35b22355a2df87cdb6b70b343713b667eddbda73e1977e0c860835c0",
    ),
    "vgg": WeightsFile(
        "vgg.pth",
        _LPIPS,
        "a78928a0af1e5f0fcb1f3b9e8f8c3a2a5a3de244d830ad5c1feddc79b8432868",
    ),
}


def find(file: WeightsFile, path: str | os.PathLike | None) -> Path:
    """Finds a file of weights, or downloads it.

    Args:
        file: The published file.
        path: Path of the file or of another one, or of the folder of the
            published file. None takes the folder that the environment
            variable `KERAS_GANS_LPIPS` names; without it the file is
            downloaded once, to `~/.keras/keras_gans`.

    Returns:
        The path of the file.

    Raises:
        FileNotFoundError: Where there is no such file.
        ConnectionError: Where it cannot be downloaded.
        ValueError: Where the published file is damaged.
    """
    path = path or os.environ.get(VARIABLE)
    if not path:
        return _download(file)
    found = Path(path).expanduser()
    if found.is_dir():
        found = found / file.name
    if not found.is_file():
        raise FileNotFoundError(
            f"{file.name} must be at the given path, or in the folder that "
            f"{VARIABLE} names. It is published at {file.folder}. "
            f"Received: {str(found)!r}"
        )
    if found.name == file.name and not is_published(file, found):
        raise ValueError(
            f"{file.name} must have a SHA-256 that begins with "
            f"{file.sha256}. The file is damaged, and would give wrong "
            "numbers. "
            f"Received: {sha256_of(found)}"
        )
    return found


def _download(file: WeightsFile) -> Path:
    url = f"{file.folder}/{file.name}"
    try:
        path = keras.utils.get_file(file.name, url, cache_subdir="keras_gans")
    except Exception as error:  # Keras raises nothing narrower.
        raise ConnectionError(
            f"{file.name} could not be downloaded. Download {url} where there "
            f"is a connection, and set {VARIABLE} to its folder. "
            f"Received: {error}"
        ) from error
    found = Path(path)
    if not is_published(file, found):
        received = sha256_of(found)
        found.unlink()  # A partial download would be found again.
        raise ConnectionError(
            f"{url} must have a SHA-256 that begins with {file.sha256}. The "
            f"download is deleted; try again. Received: {received}"
        )
    return found


def is_published(file: WeightsFile, path: Path) -> bool:
    """Returns whether the file at `path` is the published one."""
    return sha256_of(path).startswith(file.sha256)


def is_at_hand(file: WeightsFile) -> bool:
    """Returns whether `find(file, None)` needs no download."""
    path = os.environ.get(VARIABLE)
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    folder = Path(path or Path(home) / "keras_gans").expanduser()
    return (folder / file.name).is_file()
