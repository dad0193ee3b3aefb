"""Writing a GAN to a preset's folder."""

import io
import json
import math
import os
import time
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np

from keras_gans.engine.model import AdversarialModel
from keras_gans.files import draft_folder, sha256, unharmed
from keras_gans.presets.folder import (
    CONFIG,
    METADATA,
    VOCABULARY,
    WEIGHTS,
    check_folder,
    read_json,
    write_files,
)
from keras_gans.presets.words import take_out
from keras_gans.version import __version__

PACKING = {"compression": "gzip", "shuffle": True}


def save_to_preset(
    gan: AdversarialModel,
    directory: str | os.PathLike,
    dtype: str = "float32",
    metadata: dict[str, Any] | None = None,
) -> None:
    """Saves a GAN as a preset: a folder in KerasHub's layout.

    It holds `config.json` (the model as a serialized Keras object),
    `model.weights.h5` (a Keras weights file: every network, the average of
    the generator, the counters; no optimizer, nor other state that only
    training needs), `metadata.json` (versions,
    parameters, the SHA-256 of the others, and what you add) and, of a GAN
    that is told in words, `vocabulary.json`.

    A preset that is there is replaced whole or not at all, whatever happens
    meanwhile; other files of the folder stay.

    Args:
        gan: The model, compiled or not.
        directory: The folder, made where it is missing.
        dtype: "float32", or "float16" to halve the file: kernels are rounded,
            vectors (biases, norms) are not. They load as they were, float32.
        metadata: What else to note, as JSON: description, data, licence,
            metrics, ...

    Raises:
        ValueError: For another dtype, and for a generator whose weights are
            not finite.
        OSError: If the files cannot be written, for instance on a full disk.
            A preset that was there is whole.
    """
    if dtype not in ("float32", "float16"):
        raise ValueError(
            f'A preset\'s dtype is "float32" or "float16". Received: {dtype!r}'
        )
    _check_finite(gan.inference_generator)
    folder = Path(directory)
    with unharmed(folder):
        config, weights = _saved(gan, folder)
    for key in ("build_config", "compile_config"):
        config.pop(key, None)
    config, words = take_out(config)
    left_out = ("optimizer", *gan.only_for_training)
    files = {
        CONFIG: _json(config),
        WEIGHTS: _repack(weights, dtype, left_out),
    }
    if words is not None:
        files[VOCABULARY] = _json(words)
    networks = [n for p in gan.players for n in gan.networks_of(p)]
    about = {
        "keras_version": keras.__version__,
        "keras_gans_version": __version__,
        "parameter_count": count_parameters(networks),
        "generator_parameter_count": gan.inference_generator.count_params(),
        "date_saved": time.strftime("%Y-%m-%d@%H:%M:%S"),
        "dtype": dtype,
        "sha256": {name: sha256(data) for name, data in files.items()},
        "metadata": metadata or {},
    }
    write_files(folder, {**files, METADATA: _json(about)})


def _check_finite(network: keras.Model) -> None:
    for weight in network.weights:
        if not np.isfinite(keras.ops.convert_to_numpy(weight)).all():
            raise ValueError(
                "A preset's generator must have finite weights. This one's "
                "training diverged: load an earlier backup. Received: NaN or "
                f"infinite numbers in {weight.path!r}"
            )


def count_parameters(networks: Iterable[keras.Model]) -> int:
    """Returns the number of weights of networks, shared ones once."""
    weights = {id(w): w for network in networks for w in network.weights}
    return sum(math.prod(w.shape) for w in weights.values())


def note_scores(
    directory: str | os.PathLike,
    records: Iterable[Any],
    baselines: Iterable[Any] = (),
) -> None:
    """Adds scores to a preset's metadata.

    Args:
        directory: The preset's folder.
        records: `MetricRecord`s; one of the same name, reference, split,
            and number of images takes the place of an older one.
        baselines: The records of methods that learn nothing, by the names of
            their samples.

    Raises:
        FileNotFoundError: If it is no preset's folder.
        ValueError: If the preset is damaged.
        OSError: If the file cannot be written.
    """
    folder = Path(directory)
    check_folder(folder, folder)
    about = read_json(folder / METADATA)
    notes = about.setdefault("metadata", {})
    scores = [
        *notes.get("metrics", []),
        *(json.loads(record.to_json()) for record in records),
    ]
    names = ("name", "real", "split", "num_real", "num_fake")
    kept = {tuple(s.get(name) for name in names): s for s in scores}
    notes["metrics"] = list(kept.values())
    if baselines:
        notes["baselines"] = [json.loads(r.to_json()) for r in baselines]
    write_files(folder, {METADATA: _json(about)})


def _saved(gan: AdversarialModel, folder: Path) -> tuple[dict, bytes]:
    # HDF5 crashes the process when the disk fills up under an open file. Keras
    # builds the one inside of a `.keras` file in memory.
    with draft_folder(folder, "preset") as draft:
        path = draft / "model.keras"
        gan.save(path)
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read(CONFIG)), archive.read(WEIGHTS)


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=2) + "\n").encode()


def _repack(weights: bytes, dtype: str, left_out: tuple[str, ...]) -> bytes:
    """Returns a Keras weights file without some groups, rounded."""
    packed = io.BytesIO()
    with (
        h5py.File(io.BytesIO(weights)) as source,
        h5py.File(packed, "w") as target,
    ):
        for name in source:
            if name not in left_out:
                _copy(source[name], target.create_group(name), dtype)
    return packed.getvalue()


def _copy(source: h5py.Group, target: h5py.Group, dtype: str) -> None:
    target.attrs.update(source.attrs)
    for name, item in source.items():
        if isinstance(item, h5py.Group):
            _copy(item, target.create_group(name), dtype)
        else:
            value = _rounded(item[()], dtype)
            # It saves about a twentieth of a file of float16.
            is_large = dtype == "float16" and value.ndim > 1
            packing = PACKING if is_large else {}
            dataset = target.create_dataset(name, data=value, **packing)
            dataset.attrs.update(item.attrs)


def _rounded(value: np.ndarray, dtype: str) -> np.ndarray:
    # Vectors are a hundredth of the bytes, and the variances in batch norm
    # can leave float16's range.
    if value.ndim < 2 or value.dtype != "float32":
        return value
    with np.errstate(over="ignore"):
        rounded = value.astype(dtype)
    return rounded if np.isfinite(rounded).all() else value
