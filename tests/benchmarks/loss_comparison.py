"""Trains a variant with each of several losses, and prints their FIDs.

    python tests/benchmarks/loss_comparison.py GAN minimax non_saturating
    python tests/benchmarks/loss_comparison.py LSGAN \\
        least_squares_0_1_1 least_squares_-1_1_0 least_squares_-1_1_1

All start from the same weights and see the same batches. A line of JSON is
printed for each, and what is done stays in `--out`: a killed run goes on.
"""

import argparse
import json
import pathlib

import keras

import keras_gans
from keras_gans.pictures import save_grid


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("variant")
    parser.add_argument("losses", nargs="+")
    parser.add_argument("--data", default="fashion_mnist")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--num-samples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=pathlib.Path, default="runs/losses")
    args = parser.parse_args()
    images = keras_gans.data.load(args.data)
    real = keras_gans.metrics.feature_statistics(images)
    for loss in args.losses:
        out = args.out / f"{args.variant}_{loss}"
        gan = getattr(keras_gans, args.variant)(
            images.image_shape,
            loss=loss,
            ema_decay=0.999,
            seed=args.seed,
            dtype="mixed_bfloat16",
        )
        gan.compile()
        backup = keras.callbacks.BackupAndRestore(
            out / "backup", delete_checkpoint=False
        )
        history = gan.fit(
            images,
            batch_size=args.batch,
            epochs=args.epochs,
            callbacks=[backup],
            verbose=2,
        ).history
        made = gan.generate(args.num_samples, seed=args.seed)
        save_grid(out / "samples.png", made[:100], scale=2)
        result = {
            "variant": args.variant,
            "loss": loss,
            "fid": keras_gans.metrics.fid(real, made).value,
            "feature_network": "fashion_mnist_classifier",
            "num_real": len(images),
            "num_fake": args.num_samples,
            "images_seen": int(gan.steps) * args.batch,
            "seed": args.seed,
            "last_epoch": {k: round(v[-1], 4) for k, v in history.items()},
        }
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
