"""A run's folder: what it is a run of, and how it goes on."""

import contextlib
import json
from pathlib import Path
from typing import Any

from keras_gans import files
from keras_gans.files import atomic_path
from keras_gans.runs import BACKUP, RUN, read_run
from keras_gans.runs import PRESET as PRESET

SCORES = "fid.jsonl"
LOCK = ".run.lock"
BEST = "best"
"""What a run's folder holds besides the files that `keras_gans.runs` names."""


def locked(out: Path) -> contextlib.AbstractContextManager[None]:
    """Keeps a run's folder to one process.

    Args:
        out: The run's folder, which is made where it is missing.

    Raises:
        OSError: Where another process has the folder.
    """
    return files.locked(
        out / LOCK,
        lambda process: (
            f"The process {process} trains in this folder: wait for it, end "
            f"it, or give another --out. Received: --out {out}"
        ),
    )


def check_run(out: Path, facts: dict[str, Any]) -> None:
    """Refuses to go on with another run.

    Args:
        out: The run's folder, which need not exist.
        facts: What decides the run's results, from `facts_of_run`.

    Raises:
        ValueError: If the folder holds another run; it names what differs.
    """
    from keras_gans.engine.training.run_facts import differences

    if not (out / BACKUP).is_file():
        return  # Nothing was trained, so nothing would be lost.
    if not (out / RUN).is_file():
        raise ValueError(
            f"--out holds a backup, and no {RUN} that says of what: give "
            f"another --out. Received: --out {out}"
        )
    unlike = differences(read_run(out)["facts"], _as_json(facts))
    if unlike:
        raise ValueError(
            "--out holds another run. To go on with it, train the same "
            "variant on the same data with the same arguments (--epochs, "
            "--backup-every, --distribute, --tensorboard and where the data "
            "lie may change); else give another --out. "
            f"Received: --out {out}, in which {'; '.join(unlike)}"
        )


def record_run(out: Path, gan: Any, data: str, facts: dict[str, Any]) -> None:
    """Notes what the folder is a run of.

    Args:
        out: The run's folder, made where it is missing.
        gan: The GAN, compiled. Its configuration builds it again from the
            folder's backup.
        data: What it is trained on, in words.
        facts: What `check_run` will compare.
    """
    import keras

    serialized = keras.saving.serialize_keras_object(gan)
    record = {
        "variant": type(gan).__name__,
        "registered_name": serialized["registered_name"],
        "config": serialized["config"],
        "compile": serialized.get("compile_config"),
        "data": data,
        "facts": facts,
    }
    with atomic_path(out / RUN) as draft:
        draft.write_text(json.dumps(record, indent=2) + "\n", "utf-8")


def read_scores(out: Path) -> list[dict[str, Any]]:
    """Returns the run's scores; a last line that a kill has torn is none."""
    path = out / SCORES
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    scores = []
    for i, line in enumerate(lines):
        try:
            scores.append(json.loads(line))
        except ValueError as error:
            if i < len(lines) - 1:
                raise ValueError(
                    f"Line {i + 1} of the scores is damaged: remove it. "
                    f"Received: {path}"
                ) from error
    return scores


def last_score(out: Path, epoch: int) -> dict[str, Any] | None:
    """Returns the run's score after an epoch, if it has one."""
    scores = read_scores(out)
    return next((s for s in scores[::-1] if s["epoch"] == epoch), None)


def _as_json(value: Any) -> Any:
    return json.loads(json.dumps(value))
