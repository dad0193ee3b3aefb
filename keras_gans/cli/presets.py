"""The presets, and the folders of runs, that commands are given."""

from pathlib import Path
from typing import Any

from keras_gans.cli.building import variant_class
from keras_gans.cli.quiet import import_keras
from keras_gans.cli.runs import BACKUP, PRESET, RUN, read_run


def load_preset(preset: str) -> Any:
    """Loads the GAN of a preset, or of the folder of a run.

    Args:
        preset: What `from_preset` takes, or what `train` had as `--out`.

    Returns:
        The GAN, whichever variant it is.

    Raises:
        ValueError: For a run that has saved nothing yet.
    """
    import_keras()
    from keras_gans import AdversarialModel

    run = Path(preset).expanduser()
    if not (run / RUN).is_file():
        return AdversarialModel.from_preset(preset)
    # A backup is at least as new as the preset.
    if (run / BACKUP).is_file():
        return load_backup(run)
    if not (run / PRESET).is_dir():
        raise ValueError(
            "This run has saved nothing yet: its first backup comes after an "
            f"epoch. Received: {preset!r}"
        )
    return AdversarialModel.from_preset(run / PRESET)


def load_backup(run: Path) -> Any:
    """Loads the GAN of a run's newest backup, stopped or still training.

    Args:
        run: The run's folder.

    Returns:
        The GAN, not compiled.

    Raises:
        ValueError: Where the run's files are damaged.
    """
    record = read_run(run)
    gan = variant_class(record["variant"]).from_config(record["config"])
    try:
        gan.load_weights(run / BACKUP)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError(
            f"The run's backup cannot be read: {error} Received: {run / BACKUP}"
        ) from error
    return gan
