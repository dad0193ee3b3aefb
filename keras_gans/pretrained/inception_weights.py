"""Weights of `inception-2015-12-05`: finding, reading and checking them."""

import os
import re
import tarfile
import warnings
import zipfile
from pathlib import Path

import keras
import numpy as np

from keras_gans.files import sha256_of
from keras_gans.pretrained.inception_formats import (
    Shapes,
    Weights,
    read_graph,
    read_npz,
    read_pth,
)

URL = (
    "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/"
    "pt_inception-2015-12-05-6726825d.pth"
)
SHA256 = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2"
ORIGINAL = (
    "http://download.tensorflow.org/models/image/imagenet/"
    "inception-2015-12-05.tgz"
)
VARIABLE = "KERAS_GANS_INCEPTION"
CACHE = "keras_gans"
"""The folder of downloads in Keras's own."""

READERS = {
    ".npz": read_npz,
    ".pth": read_pth,
    ".pb": read_graph,
    ".tgz": read_graph,
}
"""The readers, by the ending of the file."""

NORMS = {
    "conv": 19.731372,
    "conv_4": 14.348765,
    "mixed_2_conv": 8.209923,
    "mixed_7_tower_1_conv_4": 18.664346,
    "mixed_8_tower_1_conv_3": 21.800009,
}
"""Euclidean norms of kernels, which identify the network in any format."""


def find_inception_weights(path: str | os.PathLike | None = None) -> Path:
    """Finds the file of the weights, or downloads it.

    Args:
        path: Path of the file. None takes the file that the environment
            variable KERAS_GANS_INCEPTION names; without it the conversion of
            pytorch-fid (95,628,359 bytes) is downloaded once to Keras's cache.

    Returns:
        The path of the file.

    Raises:
        FileNotFoundError: Where there is no such file.
        ConnectionError: Where it cannot be downloaded; the error says how to
            get it.
    """
    path = path or os.environ.get(VARIABLE)
    if not path:
        return _download()
    if not Path(path).is_file():
        raise FileNotFoundError(
            "There is no such file of Inception's weights (named by "
            f"`weights` or {VARIABLE}). Received: {path}"
        )
    return Path(path)


def inception_at_hand() -> Path | None:
    """Finds the file of the weights, where it need not be downloaded.

    Returns:
        The file that KERAS_GANS_INCEPTION names, or the one that was
        downloaded before; None where there is neither.

    Raises:
        FileNotFoundError: Where the variable names no file.
    """
    if os.environ.get(VARIABLE):
        return find_inception_weights()
    home = os.environ.get("KERAS_HOME", Path.home() / ".keras")
    path = Path(home, CACHE, URL.rpartition("/")[2])
    return path if path.is_file() else None


def largest_tap(path: Path) -> int:
    """Returns the largest number of features that a file has the layers of.

    Args:
        path: The file of the weights.

    Returns:
        768 for a `.npz` file without the last layers, else 2048.
    """
    if path.suffix == ".npz":
        with np.load(path) as arrays:
            if "softmax/bias" not in arrays:
                return 768
    return 2048


def _download() -> Path:
    name = URL.rpartition("/")[2]
    try:
        file = keras.utils.get_file(
            name, URL, cache_subdir=CACHE, file_hash=SHA256
        )
    # Keras raises a plain Exception where it cannot download.
    except Exception as error:
        raise ConnectionError(
            "The weights of Inception are not in Keras's cache and cannot be "
            f"downloaded. Fetch {URL} (SHA-256 {SHA256}), or {ORIGINAL}, "
            f"where there is a connection; then set {VARIABLE}=/path/to/file "
            "or pass `load_inception(weights=path)`. "
            f"Received: {error}"
        ) from error
    return Path(file)


def read_inception_weights(
    path: str | os.PathLike, shapes: Shapes
) -> tuple[Weights, str]:
    """Reads the weights of some layers from a file of any format.

    Args:
        path: A `.pth` file, a state dictionary with torchvision's names, as
            pytorch-fid and torch-fidelity have it; a `.tgz` or `.pb` file,
            the original TensorFlow graph; or a `.npz` file with
            `<layer>/bias` and `<layer>/weight_flat_OHWI`.
        shapes: The shapes of the kernels to read, (height, width, in, out),
            by the names of their layers.

    Returns:
        The weights, with batch normalisation folded in, and the SHA-256 of
        the file in hexadecimal, for results.

    Raises:
        ValueError: For another kind of file, a damaged file, a file whose
            name states another SHA-256, or a file without one of the layers.
    """
    path = Path(path)
    if path.suffix not in READERS:
        raise ValueError(
            "The file of Inception's weights must end in "
            f"{', '.join(READERS)}. Received: {path}"
        )
    checksum = _checksum(path)
    try:
        weights = READERS[path.suffix](path, shapes)
    except KeyError as error:
        raise ValueError(
            f"{path.name} lacks a part of the network: {error.args[0]}. A "
            "file that ends with `mixed_8` is enough for 64, 192 and 768 "
            f"features; 2048 and the logits need all layers, as in {URL}. "
            f"Received: {path}"
        ) from error
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError) as error:
        raise ValueError(
            f"{path.name} is damaged ({error}). Received: {path}"
        ) from error
    for layer, shape in shapes.items():
        if weights[layer][0].shape != tuple(shape):
            raise ValueError(
                f"{path.name} holds another network: {layer} must have the "
                f"shape {tuple(shape)}. Received: {weights[layer][0].shape}"
            )
    if not _is_known(weights):
        warnings.warn(
            f"{path.name} does not hold the weights of inception-2015-12-05: "
            "compare results only with others of the same file.",
            stacklevel=3,
        )
    return weights, checksum


def _checksum(path: Path) -> str:
    checksum = sha256_of(path)
    stated = re.search(r"-([0-9a-f]{8,64})\.[a-z]+$", path.name)
    if stated is None:
        return checksum
    expected = SHA256 if SHA256.startswith(stated[1]) else stated[1]
    if not checksum.startswith(expected):
        raise ValueError(
            f"{path.name} must have the SHA-256 {expected}, as its name says. "
            "The file is damaged: delete it and download it again. "
            f"Received: {checksum}"
        )
    return checksum


def _is_known(weights: Weights) -> bool:
    return all(
        abs(np.linalg.norm(weights[name][0].ravel()) / norm - 1) < 1e-5
        for name, norm in NORMS.items()
        if name in weights
    )
