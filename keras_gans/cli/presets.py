"""The presets, and the folders of runs, that commands are given."""

from pathlib import Path
from typing import Any

from keras_gans.cli.building import variant_class
from keras_gans.cli.quiet import import_keras
from keras_gans.runs import RUN, read_run


def load_preset(preset: str, reverse: bool = False) -> Any:
    """Loads the GAN of a preset, or of the folder of a run.

    Args:
        preset: What `from_preset` takes: a preset, or what `train` had as
            `--out`.
        reverse: Whether to return the GAN of the other direction.

    Returns:
        The GAN, whichever variant it is.

    Raises:
        ValueError: For a run of a variant of one's own that is not imported,
            for what `from_preset` refuses, and for a GAN that has one
            direction only.
    """
    import_keras()
    from keras_gans import AdversarialModel

    run = Path(preset).expanduser()
    if (run / RUN).is_file():
        variant_class(read_run(run)["variant"])  # names the option --import
    gan = AdversarialModel.from_preset(preset)
    if not reverse:
        return gan
    if not hasattr(gan, "reversed"):
        raise ValueError(
            "--reverse is for GANs of two directions, such as CycleGAN. "
            f"Received: {type(gan).__name__}"
        )
    return gan.reversed()
