"""Which augmentation helps a GAN that has few images, by FID.

    KERAS_BACKEND=jax python tests/benchmarks/little_data.py CIFAR10/train \\
        --dtype mixed_bfloat16 --part 0 3
    python tests/benchmarks/little_data.py --table

The same DCGAN of 32x32 colour images learns from 1,000 and from 5,000 of them,
with nothing, with each augmentation, with LeCam and with mirrored images, and
three seeds each: for an accelerator, since a run is `--steps` steps. The images
are drawn by the seed, the same for each arm. The FID is of 10,000 samples
against all images of the folder, `fid[colour_classifier]`, `--scores` times in
a run: with few images it rises again, and the table has the last and the
lowest.

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
    "none": lambda: [],
    "flips": lambda: [],  # mirrored images among the data
    "DiffAugment": lambda: [stabilizers.DiffAugment()],
    "ADA": lambda: [stabilizers.ADA()],
    "consistency": lambda: [
        stabilizers.ConsistencyRegularisation(balanced=True)
    ],
    "LeCam": lambda: [stabilizers.LeCam()],
}
SIZES = 1000, 5000


def run(arm, num, seed, images, real, args):
    """Trains one GAN, and returns a line of the results."""
    begun = time.time()
    rows = np.random.default_rng(seed).permutation(len(images))[:num]
    chosen = images[np.sort(rows)]
    if arm == "flips":
        chosen = np.concatenate([chosen, chosen[:, :, ::-1]])
    gan = keras_gans.DCGAN(
        images.shape[1:],
        width=args.width,
        ema_decay=0.999,
        stabilizers=ARMS[arm](),
        seed=seed,
        dtype=args.dtype,
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
        steps_per_epoch=args.steps // args.scores,
        epochs=args.scores,
        callbacks=[fid],
        verbose=0,
    )
    return {
        "arm": arm,
        "images": num,
        "seed": seed,
        "steps": args.steps,
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
    for arm in ARMS:
        cells = []
        for num, name in columns:
            fids = [
                ends[name](r["fid"])
                for r in rows
                if (r["arm"], r["images"]) == (arm, num)
            ]
            text = f"{statistics.mean(fids):.3f}" if fids else ""
            if len(fids) > 1:
                text += f" ({statistics.stdev(fids):.3f})"
            cells.append(text)
        lines.append([arm, *cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", nargs="?", help="a folder of CIFAR-10's images")
    parser.add_argument("--arms", nargs="+", choices=ARMS, default=list(ARMS))
    parser.add_argument("--images", nargs="+", type=int, default=SIZES)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--scores", type=int, default=5, help="FIDs of a run")
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--dtype", default="float32")
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
        (arm, num, seed)
        for seed in args.seeds
        for num in args.images
        for arm in args.arms
    ]
    run_missing(
        args.out,
        ("arm", "images", "seed"),
        wanted,
        args.part,
        lambda *key: run(*key, images, real, args),
    )


if __name__ == "__main__":
    main()
