"""The command line, `keras-gans`.

The commands import Keras when they run, so that `--help` is fast.
"""

import os
from typing import Annotated

import typer

import keras_gans
from keras_gans.cli.building import import_own
from keras_gans.cli.commands.advise import advise
from keras_gans.cli.commands.convert import convert
from keras_gans.cli.commands.demo import demo
from keras_gans.cli.commands.drawing.draw import draw
from keras_gans.cli.commands.evaluate import evaluate
from keras_gans.cli.commands.export import export
from keras_gans.cli.commands.generate import generate
from keras_gans.cli.commands.latents import edit, mix, project, walk
from keras_gans.cli.commands.pack import pack
from keras_gans.cli.commands.photographs import inpaint, translate, upscale
from keras_gans.cli.commands.planning.plan import plan
from keras_gans.cli.commands.report import report
from keras_gans.cli.commands.showing.app import show_app
from keras_gans.cli.commands.showing.serve import serve
from keras_gans.cli.commands.stats import stats
from keras_gans.cli.commands.train import train
from keras_gans.cli.commands.zoo import zoo
from keras_gans.cli.errors import Commands
from keras_gans.cli.output import examples
from keras_gans.cli.quiet import LEVEL

__all__ = ["app"]

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        "demo",
        "train DCGAN --data photos/ --image-size 64 --epochs 50 --out runs/a",
        "generate runs/a --num 64 --out samples.png",
    ),
)


def show_version(wanted: bool) -> None:
    """Prints the version and ends."""
    if wanted:
        typer.echo(f"keras-gans {keras_gans.__version__}")
        raise typer.Exit


@app.callback()
def main(
    debug: Annotated[
        bool,
        typer.Option(
            "--debug",
            envvar="KERAS_GANS_DEBUG",
            help="Show where an error comes from, and what TensorFlow says.",
        ),
    ] = False,
    modules: Annotated[
        list[str] | None,
        typer.Option(
            "--import",
            metavar="MODULE",
            help="Import a module that registers variants of your own.",
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=show_version,
            is_eager=True,
            help="Show the version.",
        ),
    ] = False,
) -> None:
    """Trains, scores and exports generative adversarial networks.

    KERAS_BACKEND=tensorflow, jax or torch chooses what Keras computes with.
    """
    if debug:
        os.environ.setdefault(LEVEL, "0")
    for module in modules or []:
        import_own(module)


app.command(epilog=examples("demo", "demo --epochs 5 --out runs/short_demo"))(
    demo
)
app.command(
    epilog=examples(
        "advise photos/",
        "advise photos/ --image-size 32 --hours 3",
    )
)(advise)
app.command(
    epilog=examples(
        "train DCGAN --data fashion_mnist --epochs 25 --fid-every 5 "
        "--out runs/fashion",
        "train DCGAN --data photos/ --image-size 64 --corrupt skip "
        "--epochs 50 --out runs/photos",
        "train DCGAN --data tfds:cifar10 "
        "--ema-decay 0.999 --set width=96 --epochs 50 --out runs/cifar",
        "train ACGAN --data flowers/ --image-size 64 --flip "
        "--stabilizer DiffAugment --epochs 50 --out runs/flowers",
        "train GAN --data mnist --learning-rate generator=1e-4 "
        "--learning-rate discriminator=4e-4 --epochs 20 --out runs/mnist",
        "train DCGAN --data photos/ --image-size 48x64 "
        "--stabilizer DiffAugment:policy=colour,translation "
        "--stabilizer R1:weight=5,every=16 --epochs 50 --out runs/stable",
        "train DCGAN --init dcgan_fashion_mnist --data photos/ "
        "--image-size 32 --epochs 20 --out runs/tuned",
        "train DFGAN --data faces/ --captions tags.csv --image-size 64 --flip "
        "--epochs 100 --out runs/anime",
        "--import my_variants train MyGAN --data pairs/ --validation held_out/ "
        "--epochs 50 --out runs/mine",
    )
)(train)
app.command(
    epilog=examples(
        "generate dcgan_fashion_mnist --num 64 --out samples.png",
        "generate runs/photos --num 1000 --seed 1 --out generated/",
        "generate acgan_mnist --labels 3,7 --num 20 --out digits.png",
        "generate runs/fashion --labels bag,coat --num 20 --out clothes/",
        "--import my_variants generate runs/mine --inputs photos/ --out made/",
        "generate biggan_fashion_mnist --truncation 0.5 --out clothes.png",
    )
)(generate)
app.command(
    epilog=examples(
        'draw "red hair and blue eyes" --preset runs/anime -n 8 --out red.png',
        'draw "red hair" "blue hair" --preset runs/anime --seed 3 --out drawn/',
        'draw "red hair" "blue hair" --preset runs/anime --between 24 '
        "--out way.gif",
        'draw "{red,blue} hair {green,brown} eyes" --table --preset runs/anime '
        "--out table.png",
    )
)(draw)
app.command(
    epilog=examples(
        "walk dcgan_faces walk.gif --scale 3",
        "walk runs/stylegan2 walk.webp --truncation 0.7 --num 9 --frames 240",
        "walk runs/stylegan2 walk.mp4 --truncation 0.7 --num 9 --seconds 20",
    )
)(walk)
app.command(
    epilog=examples(
        "mix runs/stylegan2 mixed.png --truncation 0.7",
        "mix runs/stylegan2 colours.png --layers 6-9 --rows 3",
    )
)(mix)
app.command(
    epilog=examples(
        "edit runs/stylegan2 edited.png --direction 2 --layers 0-3",
        "edit runs/stylegan2 me.png --styles projected.npz --method ganspace",
        "edit runs/stylegan2 smiles.png --method labels --labels smiles.txt",
    )
)(edit)
app.command(
    epilog=examples(
        "project runs/stylegan2 me.jpg you.jpg --out projected.png",
        "project runs/stylegan2 me.jpg --space w+ --distance pixels",
    )
)(project)
app.command(
    epilog=examples(
        "upscale photo.jpg large.png --preset esrgan_x4",
        "upscale holiday/ holiday_x4/ --preset runs/esrgan --format png",
    )
)(upscale)
app.command(
    epilog=examples(
        "translate sketch.png photo.png --preset pix2pix_facades",
        "translate maps/ aerial/ --preset runs/cyclegan --reverse",
    )
)(translate)
app.command(
    epilog=examples(
        "inpaint photo.jpg clean.jpg --masks mask.png --preset runs/inpainting",
        "inpaint photos/ clean/ --masks masks/ --dilate 3 "
        "--preset runs/inpainting",
    )
)(inpaint)
app.command(
    epilog=examples(
        "evaluate dcgan_fashion_mnist --data fashion_mnist",
        "evaluate runs/fashion --data fashion_mnist --split test "
        "--num-samples 5000 --seed 1 --out scores.jsonl",
        "evaluate --real photos/ --fake generated/ --metrics fid,kid,prdc",
        "evaluate --real photos.npz --fake generated/",
    )
)(evaluate)
app.command(
    epilog=examples(
        "stats photos/ --out photos.npz",
        "stats cifar10 --feature-network inception_768 "
        "--resize legacy_pytorch --out cifar10_768.npz",
    )
)(stats)
app.command(
    epilog=examples(
        "report runs/photos",
        "report runs/photos --out photos.png",
    )
)(report)
app.command(
    epilog=examples(
        "export dcgan_fashion_mnist serving/dcgan/1",
        "export runs/photos photos.tflite --quantize float16",
        "export runs/photos photos.onnx --batch-size 1",
    )
)(export)
app.command(
    epilog=examples(
        "serve conditional_gan_mnist",
        "serve stylegan2_cifar10 --port 9000 --grpc-port 9001 --batch 16",
    )
)(serve)
app.command(
    "app",
    epilog=examples(
        "app stylegan2_faces",
        "app gated_inpainting_faces --port 8000",
    ),
)(show_app)
app.command(
    epilog=examples(
        "convert RealESRGAN_x4plus.pth presets/realesrgan_x4plus",
        "convert realesrgan-x4plus-anime.param presets/anime --dtype float16",
        "convert stylegan2_ffhq.pth presets/ffhq",
    )
)(convert)
app.command(
    epilog=examples("zoo", "zoo dcgan_fashion_mnist", "zoo --index zoo/")
)(zoo)
app.command(
    epilog=examples(
        "pack photos/ packed/ --image-size 64 --corrupt skip",
        "pack tfds:celeb_a packed/ --encoding original --image-size 64",
        "pack packed/ --verify",
    )
)(pack)
app.command(
    epilog=examples(
        "plan DCGAN --image-size 64",
        "plan DCGAN --image-size 128 --devices 1..64 --link-gbps 100 "
        "--set width=96",
        "plan DCGAN --image-size 64 --step-ms 12 --json",
    )
)(plan)
