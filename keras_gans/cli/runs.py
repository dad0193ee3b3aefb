"""A run's folder: what it is a run of, and how it goes on."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from keras_gans.files import atomic_path

RUN = "run.json"
SCORES = "fid.jsonl"
BACKUP = Path("backup", "latest.weights.h5")
"""What a run's folder holds."""


def check_run(out: Path, arguments: Mapping[str, Any]) -> None:
    """Refuses to go on with a run of other arguments.

    Args:
        out: The run's folder, which need not exist.
        arguments: What decides the run's results, as JSON.

    Raises:
        ValueError: If the folder holds such a run; it says what differs.
    """
    path = out / RUN
    if not (path.is_file() and (out / BACKUP).is_file()):
        return  # Nothing was trained, so nothing would be lost.
    try:
        old = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ValueError(
            f"{RUN} of this run is damaged: give another --out. "
            f"Received: {path}"
        ) from error
    # An argument that an older version did not have has its default.
    differences = [
        f"{name} is {old[name]!r} there, not {value!r}"
        for name, value in json.loads(json.dumps(arguments)).items()
        if old.get(name, value) != value
    ]
    if differences:
        raise ValueError(
            "--out holds a run of other arguments: "
            f"{'; '.join(differences)}. Give the same ones to go on with it, "
            f"or another --out. Received: --out {out}"
        )


def record_run(out: Path, arguments: Mapping[str, Any]) -> None:
    """Notes what the folder is a run of.

    Args:
        out: The run's folder, made where it is missing.
        arguments: What `check_run` will compare.
    """
    with atomic_path(out / RUN) as draft:
        draft.write_text(json.dumps(arguments, indent=2) + "\n", "utf-8")


def last_score(out: Path, epoch: int) -> dict[str, Any] | None:
    """Returns the run's score after an epoch, if it has one."""
    path = out / SCORES
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    scores = [json.loads(line) for line in lines]
    return next((s for s in scores[::-1] if s["epoch"] == epoch), None)
