"""Runs: the newest GAN in the folder of a training run."""

import os
from pathlib import Path
from typing import Any

import h5py

from keras_gans.presets.limits import Limits
from keras_gans.runs import BACKUP, PRESET, RUN, read_run

LIMITS = Limits(bytes=2**50, parameters=2**50)
"""What a backup may cost: anything, since training made it here."""


def folder_of(preset: str | os.PathLike) -> Path | None:
    """Returns the folder of a run; None for presets.

    Args:
        preset: What `from_preset` was given.
    """
    folder = os.path.expanduser(preset)
    return Path(folder) if os.path.isfile(os.path.join(folder, RUN)) else None


def backup_of(run: Path) -> tuple[dict[str, Any], Path] | None:
    """Returns the configuration and the weights of a run's newest backup.

    A backup is at least as new as the run's preset.

    Args:
        run: The run's folder.

    Returns:
        The configuration as in a preset's `config.json`, and the file of the
        weights; None for a run without a backup.

    Raises:
        ValueError: Where the run's files are damaged.
    """
    weights = run / BACKUP
    if not weights.is_file():
        return None
    record = read_run(run)
    try:
        h5py.File(weights).close()
    except OSError as error:
        raise ValueError(
            f"The run's backup cannot be read: {error}. Received: {weights}"
        ) from error
    name = f"keras_gans>{record.get('variant')}"
    return {"registered_name": name, **record}, weights


def preset_of(run: Path) -> Path:
    """Returns the folder of a finished run's preset.

    Args:
        run: The run's folder.

    Raises:
        ValueError: For a run that has saved nothing yet.
    """
    if not (run / PRESET).is_dir():
        raise ValueError(
            "This run has saved nothing yet: its first backup comes after an "
            f"epoch. Received: {str(run)!r}"
        )
    return run / PRESET
