"""Scores BigGAN at several truncations: FID against precision and recall.

    python tests/benchmarks/truncation_sweep.py biggan_fashion_mnist

Brock et al. 2019, section 3.1 and figure 2b: less truncation, more variety and
less fidelity. A line of JSON for each value, and a row of the picture.
"""

import argparse
import json
import pathlib

import numpy as np

import keras_gans
from keras_gans import metrics
from keras_gans.pictures import save_grid


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("preset")
    parser.add_argument("--data", default="fashion_mnist_10k")
    parser.add_argument("--feature-network", default="fashion_mnist_classifier")
    parser.add_argument(
        "--truncations",
        type=float,
        nargs="+",
        default=[0.05, 0.25, 0.5, 1.0, 2.0],
    )
    parser.add_argument("--num-samples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--picture", type=pathlib.Path)
    args = parser.parse_args()
    gan = keras_gans.BigGAN.from_preset(args.preset)
    real = metrics.compute_features(
        keras_gans.data.load(args.data), args.feature_network
    )
    rows = []
    for truncation in [*args.truncations, None]:
        made = gan.generate(
            args.num_samples, seed=args.seed, truncation=truncation
        )
        rows.append(made[: gan.num_classes])
        fake = metrics.compute_features(made, args.feature_network)
        precision, recall = metrics.precision_recall(real, fake)
        result = {
            "truncation": truncation,
            "fid": metrics.fid(real, fake).value,
            "precision": precision.value,
            "recall": recall.value,
            "feature_network": args.feature_network,
            "num_real": len(real),
            "num_fake": args.num_samples,
            "seed": args.seed,
        }
        print(json.dumps(result), flush=True)
    if args.picture:
        save_grid(
            args.picture, np.concatenate(rows), columns=gan.num_classes, scale=2
        )


if __name__ == "__main__":
    main()
