"""Arguments and options that commands share, with their help."""

from pathlib import Path
from typing import Annotated

import typer

Preset = Annotated[
    str | None,
    typer.Argument(
        help="A preset's name, folder or URL, or a run's --out; or give --fake"
    ),
]
Data = Annotated[
    str | None,
    typer.Option(
        help="Real images, as for `train`; resized to those of the preset"
    ),
]
Real = Annotated[
    str | None,
    typer.Option(
        help="Real images of a size of their own, or a statistics file"
    ),
]
Fake = Annotated[
    str | None, typer.Option(help="Generated images, for instance a folder")
]
Metrics = Annotated[
    str,
    typer.Option(
        "--metrics",
        help="fid, kid, is, prdc, conditional_accuracy, ..., separated by "
        "commas",
    ),
]
DefaultNetwork = Annotated[
    str | None,
    typer.Option(
        help="The network whose features are compared, e.g. inception_768; if "
        "not given, what the images are decides: the classifier that ships "
        "for MNIST and Fashion-MNIST, else Inception"
    ),
]
Network = Annotated[
    str | None,
    typer.Option(
        help="The network whose features are taken; if not given, what the "
        "images are decides, as in evaluate"
    ),
]
Resize = Annotated[
    str,
    typer.Option(
        help="How images are resized for the network: clean, legacy_pytorch "
        "or legacy_tensorflow"
    ),
]
ImageSize = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Side in pixels to which images of folders are resized and "
        "cropped; needed where their sizes differ",
    ),
]
NumSamples = Annotated[
    int | None,
    typer.Option(
        min=2,
        help="Number of images to generate (10,000 by default), or to choose "
        "from each side",
    ),
]
NumChosen = Annotated[
    int | None,
    typer.Option(min=2, help="Number of images to choose; all by default"),
]
Seed = Annotated[
    int, typer.Option(min=0, help="Seed of the images, or of the choice")
]
Split = Annotated[
    str | None, typer.Option(help="Which part of the real images")
]
Corrupt = Annotated[str, typer.Option(help="Unreadable files: error or skip")]
Records = Annotated[
    Path | None, typer.Option(help="Add the records to this .jsonl file")
]
Note = Annotated[
    bool,
    typer.Option(
        "--note", help="Add the scores to the metadata of PRESET, a folder"
    ),
]
NearestPairs = Annotated[
    Path | None,
    typer.Option(
        help="Picture to draw, .png: the generated images whose features are "
        "closest to those of a real image, each to the left of that image"
    ),
]
StatisticsData = Annotated[
    str,
    typer.Argument(
        help="A folder of images, or whatever `train` takes as --data"
    ),
]
StatisticsFile = Annotated[
    Path,
    typer.Option(
        help="The file: .npz (pytorch-fid, clean-fid) or .pt (torch-fidelity)"
    ),
]
AnyPreset = Annotated[
    str,
    typer.Argument(help="A preset's name, folder or URL, or a run's --out"),
]
Variant = Annotated[
    str, typer.Argument(help="The kind of GAN: GAN, DCGAN, ...")
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="A further argument of the variant, e.g. width=96",
    ),
]
Dtype = Annotated[
    str | None, typer.Option(help="float32, mixed_bfloat16, mixed_float16")
]
ShowChannels = Annotated[
    str | None,
    typer.Option(
        help="Channels to show in pictures: 0,1,2 or 0; all, or the first "
        "three, if not given"
    ),
]
Num = Annotated[
    int | None,
    typer.Option(
        min=1, help="How many; 64 if not given, or one for each of --inputs"
    ),
]
GenerateSeed = Annotated[
    int, typer.Option(min=0, help="The same seed gives the same results")
]
GenerateOut = Annotated[
    Path, typer.Option(help="A folder, or one picture's file (.png)")
]
Prompts = Annotated[
    list[str] | None,
    typer.Argument(help="Sentences that say what to draw"),
]
PromptsFile = Annotated[
    Path | None,
    typer.Option(help="A text file with a sentence on each line", exists=True),
]
NumEach = Annotated[
    int,
    typer.Option("--num", "-n", min=1, help="How many of each sentence"),
]
Table = Annotated[
    bool,
    typer.Option(
        "--table",
        help="One picture for a sentence with two gaps: a row for each "
        "filling of the first, a column for each of the second",
    ),
]
Seen = Annotated[
    Path | None,
    typer.Option(
        help="With --table, a text file with the sentences that the GAN "
        "learned from, one on each line; pictures of others are framed",
        exists=True,
    ),
]
Between = Annotated[
    int | None,
    typer.Option(
        min=2,
        metavar="FRAMES",
        help="An animation from one sentence to the next, of so many "
        "pictures; --out is a file that ends in .gif, .webp, .mp4 or .png",
    ),
]
Reverse = Annotated[
    bool,
    typer.Option(
        "--reverse", help="The other direction, from B to A (CycleGAN)"
    ),
]
Grid = Annotated[bool, typer.Option("--grid", help="All in one picture")]
Labels = Annotated[
    str | None,
    typer.Option(
        help="Classes, by name or number, separated by commas, in turn; all "
        "if not given"
    ),
]
Truncation = Annotated[
    float | None,
    typer.Option(
        help="Draws latents below this size: the smaller, the more alike"
    ),
]
Inputs = Annotated[
    list[str] | None,
    typer.Option(
        metavar="[NAME=]FOLDER",
        help="Files of what the generator takes, for instance photographs; or "
        "a .npy file",
    ),
]
Rows = Annotated[
    str | None,
    typer.Option(
        "--data",
        help="Data as for `train`, from whose rows the generator takes what "
        "it needs",
    ),
]
Photographs = Annotated[
    Path,
    typer.Argument(
        metavar="IN",
        help="An image file, or a folder of images and folders; an array "
        "(H, W, C) in a .npy file for other numbers of channels",
    ),
]
PhotographsOut = Annotated[
    Path,
    typer.Argument(
        metavar="OUT", help="The file to write; of a folder, a folder"
    ),
]
PhotographsPreset = Annotated[
    str,
    typer.Option(
        "--preset",
        help="A preset's name, folder or URL, or a run's --out",
    ),
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace files that are there")
]
Format = Annotated[
    str | None,
    typer.Option(
        help="Format of what is written, e.g. png; if not given, "
        "that of each file"
    ),
]
Tile = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Side in pixels of the tiles of large photographs; if not given, "
        "what takes about 1 GB of memory",
    ),
]
Overlap = Annotated[
    int | None,
    typer.Option(
        min=0,
        help="Overlap of tiles in pixels; if not given, as far as the network "
        "looks",
    ),
]
Masks = Annotated[
    Path,
    typer.Option(
        help="White where to fill in, black elsewhere: one image for all, or "
        "a folder with the names of the photographs"
    ),
]
Dilate = Annotated[
    int, typer.Option(min=0, help="Pixels by which masks grow on all sides")
]
Host = Annotated[
    str,
    typer.Option(
        help="The address to listen on; 0.0.0.0 lets other machines in"
    ),
]
