"""Which augmentation helps a GAN that has few images, by FID.

    KERAS_BACKEND=jax python tests/benchmarks/little_data.py FACES --part 0 3
    KERAS_BACKEND=jax python tests/benchmarks/little_data.py FACES \\
        --variant stylegan2 --images 1000 --arms none ADA
    python tests/benchmarks/little_data.py --table

One GAN of 32x32 colour images learns from 1,000 and from 5,000 of them, with
nothing, with each augmentation, with LeCam and with mirrored images, and three
seeds each: for an accelerator, since a run is `--steps` steps. The images are
drawn by the seed, the same for each arm. The FID is of `--samples` samples
against all images of the folder, `fid[colour_classifier]`, `--scores` times in
a run: with few images it rises again, and the table has the last and the
lowest.

`dcgan` is a DCGAN, and `stylegan2` a StyleGAN2 without its path length's term
and without mixed styles, as Karras et al. 2020b have it for images of this
size. ADA's p can go from 0 to 1 in `--ada-images` images.

A run is a line of `--out`, and one that has a line is not made again: a killed
benchmark goes on, and several processes share the runs by `--part K N`.
"""

import argparse
import os
import pathlib
import statistics
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from results_files import read, run_missing

import keras_gans
from keras_gans import callbacks, metrics, stabilizers

ARMS = {
    "none": lambda args: [],
    "flips": lambda args: [],  # mirrored images among the data
    "DiffAugment": lambda args: [stabilizers.DiffAugment()],
    "ADA": lambda args: [stabilizers.ADA(images=args.ada_images)],
    "consistency": lambda args: [
        stabilizers.ConsistencyRegularisation(balanced=True)
    ],
    "LeCam": lambda args: [stabilizers.LeCam()],
}
SIZES = 1000, 5000


def dcgan(width, **options):
    return keras_gans.DCGAN(
        (32, 32, 3), width=width, ema_decay=0.999, **options
    )


def stylegan2(width, **options):
    return keras_gans.StyleGAN2(
        (32, 32, 3),
        latent_dim=width,
        mapping_layers=2,
        width=width,
        channel_base=16 * width,
        r1_weight=0.01,
        path_weight=0.0,
        mixing=0.0,
        **options,
    )


VARIANTS = {"dcgan": dcgan, "stylegan2": stylegan2}


def run(arm, num, seed, images, real, args):
    """Trains one GAN, and returns a line of the results."""
    begun = time.time()
    rows = np.random.default_rng(seed).permutation(len(images))[:num]
    chosen = images[np.sort(rows)]
    if arm == "flips":
        chosen = np.concatenate([chosen, chosen[:, :, ::-1]])
    gan = VARIANTS[args.variant](
        args.width, stabilizers=ARMS[arm](args), seed=seed, dtype=args.dtype
    )
    gan.compile()
    fid = callbacks.FID(
        real,
        num_samples=args.samples,
        feature_network="colour_classifier",
        verbose=0,
    )
    gan.fit(
        chosen,
        batch_size=args.batch,
        steps_per_epoch=args.steps // args.scores,
        epochs=args.scores,
        callbacks=[fid],
        verbose=0,
    )
    return {
        "variant": args.variant,
        "arm": arm,
        "images": num,
        "seed": seed,
        "width": args.width,
        "steps": args.steps,
        "batch": args.batch,
        "samples": args.samples,
        "fid": [round(record.value, 4) for _, record in fid.records],
        "seconds": round(time.time() - begun, 1),
        "backend": keras.backend.backend(),
        "dtype": args.dtype,
    }


def table(rows):
    """Returns the results in Markdown: means, and in brackets deviations."""
    ends = {"last": lambda fids: fids[-1], "lowest": min}
    columns = [(num, name) for num in SIZES for name in ends]
    lines = [
        ["", *(f"{num:,} images, {name} FID" for num, name in columns)],
        ["---"] * (len(columns) + 1),
    ]
    kinds = [(variant, arm) for variant in VARIANTS for arm in ARMS]
    for variant, arm in kinds:
        if not any((r["variant"], r["arm"]) == (variant, arm) for r in rows):
            continue
        cells = []
        for num, name in columns:
            fids = [
                ends[name](r["fid"])
                for r in rows
                if (r["variant"], r["arm"], r["images"]) == (variant, arm, num)
            ]
            text = f"{statistics.mean(fids):.3f}" if fids else ""
            if len(fids) > 1:
                text += f" ({statistics.stdev(fids):.3f})"
            cells.append(text)
        lines.append([f"{variant}, {arm}", *cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", nargs="?", help="a folder of images")
    parser.add_argument("--variant", choices=VARIANTS, default="dcgan")
    parser.add_argument("--arms", nargs="+", choices=ARMS, default=list(ARMS))
    parser.add_argument("--images", nargs="+", type=int, default=SIZES)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--scores", type=int, default=5, help="FIDs of a run")
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--ada-images", type=int, default=500_000)
    parser.add_argument("--part", nargs=2, type=int, default=[0, 1])
    parser.add_argument("--table", action="store_true")
    here = pathlib.Path(__file__).parent / "results" / "little_data.jsonl"
    parser.add_argument("--out", type=pathlib.Path, default=here)
    args = parser.parse_args()
    if args.table:
        print(table(read(args.out)))
        return
    images = np.asarray(keras_gans.data.load(args.data, 32))
    real = metrics.feature_statistics(images, "colour_classifier")
    wanted = [
        (args.variant, arm, num, seed)
        for seed in args.seeds
        for num in args.images
        for arm in args.arms
    ]
    run_missing(
        args.out,
        ("variant", "arm", "images", "seed"),
        wanted,
        args.part,
        lambda _, *key: run(*key, images, real, args),
    )


if __name__ == "__main__":
    main()
