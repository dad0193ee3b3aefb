"""A training run's folder: its files, and what it is a run of."""

import json
from pathlib import Path
from typing import Any

RUN = "run.json"
PRESET = "preset"
BACKUP = Path("backup", "latest.weights.h5")
"""What `keras-gans train` writes to a run's folder."""


def read_run(folder: Path) -> dict[str, Any]:
    """Returns what a folder is a run of.

    Args:
        folder: The run's folder.

    Returns:
        The "variant" with its "config" and "registered_name", the "facts"
        that decide the run's results, and more.

    Raises:
        ValueError: Where the file is damaged.
    """
    path = folder / RUN
    try:
        record = json.loads(path.read_text("utf-8"))
    except ValueError:
        record = None
    if not isinstance(record, dict) or not isinstance(
        record.get("facts"), dict
    ):
        raise ValueError(
            f"{RUN} of this run is damaged: give another --out. "
            f"Received: {path}"
        )
    return record
