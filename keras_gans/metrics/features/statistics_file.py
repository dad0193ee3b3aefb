"""Statistics files: mean and covariance of features, as others have them."""

import dataclasses
import io
import json
import os
from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras_gans.files import atomic_path, sha256
from keras_gans.metrics.distances.statistics import (
    GaussianStatistics,
    Uncounted,
)
from keras_gans.metrics.features.feature_set import FeatureStatistics, Origin
from keras_gans.metrics.features.moments import read_moments
from keras_gans.metrics.features.networks import (
    FeatureExtractor,
    get_feature_extractor,
)

SUFFIXES = (".npz", ".pt")

_ARRAY_PARTS = [
    *(
        (np.zeros(0).__reduce__()[0], f"numpy.{core}.multiarray._reconstruct")
        for core in ("core", "_core")
    ),  # NumPy 1 and 2
    *(np.ndarray, np.dtype, np.dtypes.Float32DType, np.dtypes.Float64DType),
]
"""The types of a pickled array, which PyTorch's reader must allow."""


def save_statistics(
    statistics: FeatureStatistics, path: str | os.PathLike
) -> None:
    """Writes statistics to a file, whole or not at all.

    A `.npz` file holds `mu` and `sigma`, and for `load_statistics` `count` and
    `origin` (JSON). pytorch-fid reads it in place of a folder, clean-fid from
    its `stats` folder as `NAME_MODE_custom_na.npz`.

    A `.pt` file holds `mu`, in the float32 that torch-fidelity needs, and
    `sigma`, without count and origin. torch-fidelity reads it from its
    `cache_root` as `NAME-inception-v3-compat-stat-fid-LAYER.pt`. Writing it
    needs PyTorch.

    Args:
        statistics: Statistics from `feature_statistics(...)`.
        path: Path of the file, `.npz` or `.pt`.

    Raises:
        ValueError: For another ending, and for fewer than 2 images.
        ImportError: For a `.pt` file without PyTorch.
    """
    path = check_suffix(path)
    gaussian = statistics.gaussian
    mu, sigma = gaussian.mean, gaussian.covariance
    with atomic_path(path) as draft:
        if path.suffix == ".pt":
            import torch

            torch.save({"mu": mu.astype("float32"), "sigma": sigma}, draft)
        else:
            count = np.array(gaussian.count)
            origin = json.dumps(dataclasses.asdict(statistics.origin))
            np.savez(
                draft, mu=mu, sigma=sigma, count=count, origin=np.array(origin)
            )


def load_statistics(
    path: str | os.PathLike,
    feature_network: str | keras.Model | FeatureExtractor | None = None,
    num_images: int | None = None,
) -> FeatureStatistics:
    """Reads statistics that this or another library wrote.

    Nothing in the file is executed: a `.npz` is read without pickles, a `.pt`
    by PyTorch's `weights_only` reader.

    Args:
        path: Path of the file, `.npz` or `.pt`.
        feature_network: The network of the features. Files of this library
            name it, and must agree with it. For files of other libraries it
            must be given, and cannot be checked.
        num_images: Number of images, where the file does not say. None leaves
            it open; records then have `num_real` None.

    Returns:
        The statistics, which `fid` takes in place of images.

    Raises:
        ValueError: For a damaged file, values that are not finite, a matrix
            that is no covariance, another dimension or another network.
        FileNotFoundError: Where there is no such file.
        ImportError: For a `.pt` file without PyTorch.
    """
    path = check_suffix(path)
    data = path.read_bytes()
    content = _read(path, data)
    mean, covariance = read_moments(content, path)
    extractor = None
    if feature_network is not None:
        extractor = get_feature_extractor(feature_network)
        _check_dimensions(extractor, mean.size, path)
    if "origin" in content:
        origin = _own_origin(content, path)
        num_images = int(content["count"]) or num_images
        if extractor is not None:
            _check_network(extractor, origin, path)
    elif extractor is None:
        raise ValueError(
            "The file does not say which feature network made it: pass "
            f"`feature_network`. Received: {path}"
        )
    else:
        checksum = f"file:{sha256(data)}"
        network = (extractor.name, extractor.checksum, extractor.resize)
        origin = Origin(*network, path.name, checksum)
    if num_images is None:
        return FeatureStatistics(Uncounted(mean, covariance), origin)
    if num_images < 2:
        raise ValueError(
            "Statistics need at least 2 images. "
            f"Received: {num_images} for {path}"
        )
    gaussian = GaussianStatistics.from_moments(mean, covariance, num_images)
    return FeatureStatistics(gaussian, origin)


def network_of(path: str | os.PathLike) -> str | None:
    """Returns the feature network that a statistics file names.

    Args:
        path: Path of the file, `.npz` or `.pt`.

    Returns:
        Its name; None for files of other libraries, which do not name it.
    """
    path = check_suffix(path)
    content = _read(path, path.read_bytes())
    if "origin" not in content:
        return None
    return _own_origin(content, path).feature_network


def check_suffix(path: str | os.PathLike) -> Path:
    """Returns a path that ends in `.npz` or `.pt`, and refuses others."""
    path = Path(path)
    if path.suffix not in SUFFIXES:
        raise ValueError(
            f"A statistics file ends in {' or '.join(SUFFIXES)}. "
            f"Received: {path}"
        )
    return path


def is_statistics_file(path: str | os.PathLike) -> bool:
    """Returns whether a file holds statistics rather than images."""
    path = Path(path)
    if path.suffix == ".npz" and path.is_file():
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return {"mu", "sigma"} <= set(arrays.files)
        except Exception:  # A damaged file is refused where it is read.
            return False
    return path.suffix == ".pt"


def _read(path: Path, data: bytes) -> dict[str, Any]:
    file = io.BytesIO(data)
    try:
        if path.suffix == ".npz":
            with np.load(file, allow_pickle=False) as arrays:
                return dict(arrays)
        import torch

        with torch.serialization.safe_globals(_ARRAY_PARTS):
            return dict(torch.load(file, weights_only=True))
    except ImportError:
        raise
    # Damaged archives raise errors of nearly every type.
    except Exception as error:
        raise ValueError(
            "The statistics file is damaged, or no statistics file: "
            f"{type(error).__name__}. Received: {path}"
        ) from error


def _check_dimensions(
    extractor: FeatureExtractor, dimensions: int, path: Path
) -> None:
    if extractor.dimensions != dimensions:
        raise ValueError(
            f"{extractor.name!r} has {extractor.dimensions} features, and the "
            "statistics must have as many. "
            f"Received: {path} of {dimensions}"
        )


def _own_origin(content: dict[str, Any], path: Path) -> Origin:
    try:
        return Origin(**json.loads(str(content["origin"])))
    except (ValueError, TypeError) as error:
        raise ValueError(
            f"The file's `origin` is damaged. Received: {path}"
        ) from error


def _check_network(
    extractor: FeatureExtractor, origin: Origin, path: Path
) -> None:
    ours = (extractor.checksum, extractor.resize)
    theirs = (origin.feature_network_checksum, origin.resize)
    if ours != theirs:
        raise ValueError(
            f"The statistics must be those of {extractor.name!r} (resize "
            f"{extractor.resize}, SHA-256 {extractor.checksum[:8]}…). "
            f"Received: {path}, made with {origin.feature_network!r} (resize "
            f"{origin.resize}, SHA-256 {theirs[0][:8]}…)"
        )
