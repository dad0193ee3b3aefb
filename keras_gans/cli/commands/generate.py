"""keras-gans generate."""

from pathlib import Path

from keras_gans.cli import options
from keras_gans.cli.output import console
from keras_gans.cli.presets import load_preset


def generate(
    preset: options.AnyPreset,
    out: options.GenerateOut = Path("generated"),
    num: options.Num = None,
    seed: options.GenerateSeed = 0,
    grid: options.Grid = False,
    labels: options.Labels = None,
    truncation: options.Truncation = None,
    inputs: options.Inputs = None,
    data: options.Rows = None,
    reverse: options.Reverse = False,
    show_channels: options.ShowChannels = None,
) -> None:
    """Generates images, or what else the GAN makes: files, or one picture."""
    as_picture = is_picture(out)
    gan = load_preset(preset, reverse)
    from keras_gans.cli import generating
    from keras_gans.cli.reading.option_values import read_channels

    asked = generating.read_request(gan, num, seed, labels, inputs, data)
    taken = asked.inputs_for(gan, truncation)
    made = generating.batches(gan, taken, asked.num, preset)
    path = out
    if as_picture or grid:
        path = out if as_picture else out / f"seed{seed}_grid.png"
        channels = read_channels(show_channels)
        generating.write_sheet(path, gan, taken, made, asked.real, channels)
    else:
        generating.write_files(path, gan, made, asked.stems(gan, taken))
    console().print(f"{asked.num} of seed {seed}: {path}")


def is_picture(out: Path) -> bool:
    """Returns whether --out is the file of one picture.

    Raises:
        ValueError: For a file of another kind.
    """
    is_file = bool(out.suffix) and not out.is_dir()
    if is_file and out.suffix.lower() != ".png":
        raise ValueError(
            "--out is a folder or a file that ends in .png. "
            f"Received: {str(out)!r}"
        )
    return is_file
