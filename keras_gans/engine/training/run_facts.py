"""What a run is a run of, kept with its backups and compared at resume."""

import hashlib
import json
import re
from typing import Any

import keras
import numpy as np

SAMPLE = 16
"""Rows whose values are compared."""


def facts_of_run(
    model: Any, batches: Any = None, data: Any = None
) -> dict[str, Any]:
    """Returns what decides a run's results, as JSON has it.

    What may change when a run goes on is not among it: the number of epochs,
    callbacks, `verbose`, held-out data.

    Args:
        model: The GAN, compiled.
        batches: Its feed; None for data whose order is theirs.
        data: Such data, of which the number of batches is known at most.
    """
    config = json.loads(json.dumps(model.get_config(), default=_plain))
    config.pop("name")
    compiled = json.loads(json.dumps(model.compiled_as, default=str))
    return {
        "class": type(model).__name__,
        "backend": keras.backend.backend(),
        **{f"argument {name}": value for name, value in config.items()},
        **_facts_of_optimizers(compiled),
        **(_facts_of_feed(batches) if batches else {}),
        **_number_of_batches(data),
    }


def _number_of_batches(data: Any) -> dict[str, Any]:
    try:
        return {"number of batches": len(data)}
    except TypeError:  # not known, or no end
        return {}


def _facts_of_feed(batches: Any) -> dict[str, Any]:
    return {
        "number of rows": [len(side) for side in batches.source.sides],
        "rows (a sample of them)": _sample(batches),
        "batch_size": batches.batch_size,
        "steps_per_epoch": batches.steps_per_epoch,
        "shuffle": bool(batches.shuffle),
    }


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Returns a few words on everything in which two runs differ.

    Arguments that a call leaves out are no facts, and count as None.
    """
    return [
        f"{name} was {old.get(name)!r} and is {new.get(name)!r}"
        for name in {**new, **old}
        if old.get(name) != new.get(name)
    ]


def _plain(value: Any) -> Any:
    text = json.dumps(keras.saving.serialize_keras_object(value))
    # Keras numbers the names of layers through the process: "dense_17".
    return json.loads(re.sub(r'_\d+"', '"', text))


def _facts_of_optimizers(compiled: dict[str, Any]) -> dict[str, Any]:
    facts = {}
    for player, optimizer in compiled.items():
        if player.endswith("_optimizer"):
            facts[player] = optimizer["class_name"]
            for name, value in optimizer["config"].items():
                if name != "name":  # which Keras numbers in each process
                    facts[f"{name} of {player}"] = value
    return facts


def _sample(batches: Any) -> str:
    digest = hashlib.sha256()
    for side in batches.source.sides:
        rows = np.unique(np.linspace(0, len(side) - 1, SAMPLE).astype(int))
        names = [name for name in side.modalities if name in batches.names]
        for name, values in side.rows(rows, names).items():
            digest.update(
                name.encode() + np.ascontiguousarray(values).tobytes()
            )
    return digest.hexdigest()[:12]
