"""The presets that commands are given."""

from pathlib import Path
from typing import Any

from keras_gans.cli.quiet import import_keras
from keras_gans.cli.runs import RUN

PRESET = "preset"
"""Where a run's preset lies in the run's folder."""


def load_preset(preset: str) -> Any:
    """Loads the GAN of a preset, or of the folder of a run.

    Args:
        preset: What `from_preset` takes, or what `train` had as `--out`.

    Returns:
        The GAN, whichever variant it is.

    Raises:
        ValueError: For a run that has not come to its end.
    """
    import_keras()
    from keras_gans import AdversarialModel

    run = Path(preset).expanduser()
    if not (run / RUN).is_file():
        return AdversarialModel.from_preset(preset)
    if not (run / PRESET).is_dir():
        raise ValueError(
            "This run has no preset yet: it is saved at the run's end. "
            f"Received: {preset!r}"
        )
    return AdversarialModel.from_preset(run / PRESET)
