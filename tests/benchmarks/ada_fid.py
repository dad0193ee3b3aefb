r"""Whether ADA helps on 1,000 training images, by FID.

This trains the same StyleGAN2 on the same 1,000 faces with ADA and without it,
for the same number of steps, and compares its samples with all 8,000 faces of
the set, several times in a run.

    python tests/benchmarks/ada_fid.py \
        ../shared/data/celeba_faces_8000.tar.gz --seeds 0 1 2

It writes a line of JSON for each run to `--out`, which holds the FID after each
part of the run, and the last epoch's losses and probability of changes.
"""

import argparse
import json
import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from advice_fid import read_faces

import keras_gans
from keras_gans import callbacks, stabilizers

ARMS = {
    "without": lambda options: [],
    "ADA": lambda options: [stabilizers.ADA(images=options.rise)],
}


def train(arm, seed, faces, options):
    """Trains one GAN and returns what became of it."""
    gan = keras_gans.StyleGAN2(
        (options.size, options.size, 3),
        latent_dim=64,
        width=options.width,
        mapping_layers=2,
        path_weight=0.0,
        mixing=0.0,
        stabilizers=ARMS[arm](options),
        seed=seed,
        dtype=options.dtype,
    )
    gan.compile()
    every = max(1, options.epochs // options.scores)
    fid = callbacks.FID(faces, every, options.samples, "colour_classifier")
    start = time.perf_counter()
    history = gan.fit(
        faces[: options.images],
        epochs=options.epochs,
        batch_size=32,
        verbose=2,
        callbacks=[fid],
    )
    last = {name: values[-1] for name, values in history.history.items()}
    return {
        "arm": arm,
        **vars(options),
        "seed": seed,
        "fid": {epoch: record.value for epoch, record in fid.records},
        "last": {k: v for k, v in last.items() if not k.startswith("fid")},
        "minutes": (time.perf_counter() - start) / 60,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive")
    parser.add_argument("--arms", nargs="+", default=list(ARMS), choices=ARMS)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--size", type=int, default=32)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--rise", type=int, default=100_000)
    parser.add_argument("--epochs", type=int, default=160)
    parser.add_argument("--scores", type=int, default=4, help="FIDs of a run")
    parser.add_argument("--samples", type=int, default=5000)
    parser.add_argument("--dtype", default="mixed_bfloat16")
    parser.add_argument("--out", default="ada_fid.jsonl")
    options = parser.parse_args()
    faces = read_faces(options.archive, options.size)
    for seed in options.seeds:
        for arm in options.arms:
            result = train(arm, seed, faces, options)
            with open(options.out, "a") as file:
                file.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
