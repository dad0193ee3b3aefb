"""The options of `train`, with their help."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    str,
    typer.Option(
        help="A folder of images, a .npy, .npz or IDX file, tfds:NAME, a name "
        "of keras.datasets, or fashion_mnist_10k; for other variants what "
        "their reader takes"
    ),
]
Validation = Annotated[
    str | None,
    typer.Option(
        help="Held-out data, as --data: what samples and scores are taken from"
    ),
]
ValidationSplit = Annotated[
    str | None, typer.Option(help="Which part of the held-out data")
]
ImageSize = Annotated[
    str | None,
    typer.Option(
        metavar="SIDE|HEIGHTxWIDTH",
        help="Size in pixels to resize and crop images to",
    ),
]
Channels = Annotated[
    int | None, typer.Option(help="1 (grey), 3 (RGB) or 4 (RGBA)")
]
Split = Annotated[
    str | None, typer.Option(help="Which part of the data; train if not given")
]
Captions = Annotated[
    str | None,
    typer.Option(
        help="The file of captions, CSV or JSON lines, of a variant that is "
        "told in words; if not given, the only one in --data"
    ),
]
Corrupt = Annotated[
    str | None, typer.Option(help="Unreadable files: error or skip")
]
Reading = Annotated[
    list[str] | None,
    typer.Option(
        "--read",
        metavar="KEY=VALUE",
        help="A further argument of the reader of data, e.g. flip=true",
    ),
]
Flip = Annotated[
    bool,
    typer.Option(
        "--flip",
        help="Change the data: flip half of the images left to right, anew in "
        "every pass",
    ),
]
Augment = Annotated[
    list[str] | None,
    typer.Option(
        "--augment",
        metavar="LAYER[:KEY=VALUE,...]",
        help="Change the data at random by one of Keras's layers: the "
        "generator learns to make what this makes. (--stabilizer DiffAugment "
        "leaves no trace in what it makes.)",
    ),
]
Out = Annotated[Path, typer.Option(help="Folder of the run")]
Epochs = Annotated[int, typer.Option(min=1, help="Epoch to end with")]
BatchSize = Annotated[int, typer.Option(min=1, help="Rows in a batch")]
LatentDim = Annotated[
    int | None, typer.Option(min=1, help="Dimensions of the latents")
]
EmaDecay = Annotated[
    float | None,
    typer.Option(help="Average the generator's weights, e.g. 0.999"),
]
LearningRate = Annotated[
    list[str] | None,
    typer.Option(
        metavar="RATE|PLAYER=RATE",
        help="For all players or one; the paper's if not given",
    ),
]
Init = Annotated[
    str | None,
    typer.Option(
        metavar="PRESET",
        help="Start from the weights of a preset, or of a run's --out, where "
        "they fit; the rest starts anew, as do averages and optimizers",
    ),
]
WarmUp = Annotated[
    int | None,
    typer.Option(
        min=0,
        help="Steps at the start in which the discriminator learns alone; 200 "
        "with --init, else 0",
    ),
]
Stabilizers = Annotated[
    list[str] | None,
    typer.Option(
        "--stabilizer",
        metavar="NAME[:KEY=VALUE,...]",
        help="Adds a stabilizer, or replaces the paper's of the same name: "
        "R1:weight=5,every=16",
    ),
]
Seed = Annotated[
    int,
    typer.Option(min=0, help="Seed of the weights and of all that is drawn"),
]
FidEvery = Annotated[
    int, typer.Option(min=0, help="Epochs from one FID to the next; 0: no FID")
]
FidSamples = Annotated[
    int, typer.Option(min=2, help="Images to generate for FID")
]
SamplesEvery = Annotated[
    int,
    typer.Option(min=1, help="Epochs from one picture of samples to the next"),
]
BackupEvery = Annotated[
    int | None,
    typer.Option(min=1, help="Batches between backups; an epoch if not given"),
]
Distribute = Annotated[
    str,
    typer.Option(
        help="auto (all devices, and the processes that TF_CONFIG, Slurm or "
        "torchrun speak of), mirrored, multiworker, tpu, jax, torchrun"
    ),
]
TensorBoard = Annotated[
    bool, typer.Option("--tensorboard", help="Write logs for TensorBoard")
]
Diagnose = Annotated[
    bool,
    typer.Option(
        "--diagnose/--no-diagnose",
        help="Say what goes wrong in training, and what to try first; takes "
        "3% of the time at most",
    ),
]
