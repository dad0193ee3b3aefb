"""A `fit` that several devices and processes share."""

import hashlib
import json
from importlib import metadata
from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras_gans.distribution.processes import (
    _backend,
    gather,
    is_chief,
    num_replicas,
    process,
)


def share_out(model: Any, batches: Any, callbacks: list[Any]) -> Any:
    """Prepares a `fit` for all devices and processes that train together.

    Args:
        model: The GAN.
        batches: The feed of whole batches.
        callbacks: The callbacks of the `fit`, changed in place. Only the
            chief's callbacks write files. Where there are several processes,
            `Agreement` is added.

    Returns:
        What Keras's `fit` takes: this process's share of every batch.

    Raises:
        ValueError: For a batch size that does not divide by the number of
            devices, and for the wrong part of the data in this process.
    """
    _backend.remember(model)
    replicas = num_replicas()
    if batches.batch_size % replicas:
        raise ValueError(
            "`batch_size` is that of all devices together, and must divide "
            "by their number. Received: "
            f"batch_size={batches.batch_size} on {replicas} devices"
        )
    part = getattr(batches.source, "part", (0, 1))
    if part[1] > 1 and part != process():
        raise ValueError(
            "Each process must hold its own part of the images: "
            "`images.shard(*keras_gans.distribution.process())`. Received: "
            f"part {part[0]} of {part[1]} in process {process()[0]} of "
            f"{process()[1]}"
        )
    if process()[1] > 1:
        if not is_chief():
            callbacks[:] = [c for c in callbacks if _keep(c)]
        callbacks.append(Agreement(batches))
    return _backend.feed(model, batches)


WRITERS = (keras.callbacks.CSVLogger, keras.callbacks.TensorBoard)


def _keep(callback: Any) -> bool:
    """Returns whether a worker keeps a callback; a backup must not write."""
    if isinstance(callback, keras.callbacks.BackupAndRestore):
        # Every process restores the backup; the chief alone writes it.
        callback._save_model = lambda: None
        callback.delete_checkpoint = False
    return not isinstance(callback, WRITERS)


class Agreement(keras.callbacks.Callback):
    """Checks, before the first step, that all processes train the same.

    It runs after backups are restored.

    Args:
        batches: The feed of this `fit`.
    """

    def __init__(self, batches: Any):
        super().__init__()
        self.batches = batches

    def on_train_begin(self, logs: Any = None) -> None:
        """Raises a ValueError that lists what differs from the chief."""
        differences = disagreements(facts_of(self.model, self.batches))
        if differences:
            raise ValueError(
                "All processes must train the same. Received: "
                + "; ".join(differences)
            )


def facts_of(model: Any, batches: Any) -> dict[str, str]:
    """Returns what must be the same in every process, by name."""
    return {
        "code": _digest(
            [p.read_bytes() for p in sorted(_package().rglob("*.py"))]
        ),
        "version of Keras": metadata.version("keras"),
        "configuration": _digest(
            [_json(model.get_config()), _json(model.get_compile_config())]
        ),
        "data": _digest(
            [
                np.array([len(batches.source), batches.batch_size]),
                np.array([batches.steps_per_epoch, batches.shuffle]),
                *(_first_row(batches) if batches.parts == 1 else []),
            ]
        ),
        "step (is the backup's folder on storage that all share?)": str(
            int(model.steps.numpy())
        ),
        "weights (was the same `seed` given?)": _digest(
            [keras.ops.convert_to_numpy(v) for v in model.variables]
        ),
    }


def _first_row(batches: Any) -> list[np.ndarray]:
    return list(batches.source.rows(np.arange(1)).values())


def disagreements(facts: dict[str, str]) -> list[str]:
    """Compares facts with the chief's; every process must call this.

    Args:
        facts: This process's facts by name; the names are the same everywhere.

    Returns:
        A sentence for each process that differs.
    """
    own = [hashlib.sha256(str(v).encode()).digest() for v in facts.values()]
    all_of = gather(np.frombuffer(b"".join(own), "uint8").reshape(-1, 32))
    names = list(facts)
    sentences = []
    for i, theirs in enumerate(all_of):
        unlike = (theirs != all_of[0]).any(axis=1)
        if unlike.any():
            what = ", ".join(n for n, u in zip(names, unlike, strict=True) if u)
            sentences.append(f"process {i} differs from process 0 in: {what}")
    return sentences


def _package() -> Path:
    return Path(__file__).parents[1]


def _json(config: Any) -> bytes:
    return json.dumps(config, sort_keys=True, default=str).encode()


def _digest(parts: Any) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part if isinstance(part, bytes) else part.tobytes())
    return digest.hexdigest()
