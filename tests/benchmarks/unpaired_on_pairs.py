"""Scores a GAN that learned without pairs on pairs that were held out.

    python tests/benchmarks/unpaired_on_pairs.py zoo/cyclegan_maps MAPS

MAPS holds train/ and val/, pictures with an aerial photograph on the left and
its map on the right. It prints a row for both directions, beside those of
methods that learn nothing.
"""

import argparse
from pathlib import Path

import numpy as np

import keras_gans
from keras_gans import data
from keras_gans.engine.training.validation import mean_scores
from keras_gans.metrics.pairs.scores import scores_at_hand
from keras_gans.presets.publication.baselines import baselines


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("preset")
    parser.add_argument("pairs")
    options = parser.parse_args()
    gan = keras_gans.load(Path(options.preset))
    scores = scores_at_hand(gan.image_shape)
    print("| direction | method |", " | ".join(scores), "|")
    print("|---|---" + "|---" * len(scores) + "|")
    for way, swap, of in (
        ("A to B", False, gan),
        ("B to A", True, gan.reversed()),
    ):
        known, held_out = (
            data.pairs(options.pairs, gan.image_shape[0], split=s, swap=swap)
            for s in ("train", "val")
        )
        known, rows = (s.rows(np.arange(len(s))) for s in (known, held_out))
        made = {"the GAN": of.generate(inputs=rows["inputs"], seed=0)}
        made |= baselines(known["inputs"], known["images"], rows["inputs"])
        real = rows["images"] / np.float32(127.5) - 1.0
        for method, images in made.items():
            means = mean_scores(scores, real, images, {})
            figures = " | ".join(f"{value:.4f}" for value in means.values())
            print(f"| {way} | {method} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
