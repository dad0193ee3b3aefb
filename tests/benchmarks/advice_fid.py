r"""Whether `keras-gans advise` does better than the defaults, by FID.

This trains the same DCGAN on the same 1,600 faces with the defaults of `train`,
with an average of the generator's weights, and with what holds the
discriminator back besides, for the same number of steps, and compares its
samples with all 8,000 faces of the set.

    python tests/benchmarks/advice_fid.py \
        ../shared/data/celeba_faces_8000.tar.gz

It writes a line of JSON for each run to `--out`, which holds the FID after
each part of the run, and the scores and losses of the last epoch.
"""

import argparse
import json
import os
import tarfile
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

import keras_gans
from keras_gans import callbacks, data, stabilizers

AUGMENT = "colour,translation"
ARMS = {
    "defaults": ((), None),
    "average": ((), 0.999),
    "DiffAugment": ((lambda: stabilizers.DiffAugment(AUGMENT),), 0.999),
    "DiffAugment and R1": (
        (
            lambda: stabilizers.DiffAugment(AUGMENT),
            lambda: stabilizers.R1(0.0032, 16),
        ),
        0.999,
    ),
}
"""The stabilizers of each arm, and the decay of the average."""


def read_faces(archive, size):
    """All faces, uint8 (8000, size, size, 3)."""
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as file:
            file.extractall(folder)
        return np.asarray(data.load(folder, size))


def train(arm, faces, options):
    """Trains one GAN and returns what became of it."""
    chosen, decay = ARMS[arm]
    gan = keras_gans.DCGAN(
        (options.size, options.size, 3),
        width=options.width,
        ema_decay=decay,
        stabilizers=[make() for make in chosen],
        seed=options.seed,
        dtype=options.dtype,
    )
    gan.compile()
    fid = callbacks.FID(
        faces,
        max(1, options.epochs // options.scores),
        options.samples,
        options.feature_network,
    )
    start = time.perf_counter()
    history = gan.fit(
        faces[: options.images],
        epochs=options.epochs,
        verbose=2,
        callbacks=[fid],
    )
    last = {name: values[-1] for name, values in history.history.items()}
    return {
        "arm": arm,
        **vars(options),
        "fid": {epoch: record.value for epoch, record in fid.records},
        "network": fid.extractor.name,
        "last": {k: v for k, v in last.items() if not k.startswith("fid")},
        "minutes": (time.perf_counter() - start) / 60,
    }


def main():
    """Trains every arm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive")
    parser.add_argument("--arms", nargs="+", default=list(ARMS), choices=ARMS)
    parser.add_argument("--images", type=int, default=1600)
    parser.add_argument("--size", type=int, default=32)
    parser.add_argument("--width", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--scores", type=int, default=4, help="FIDs of a run")
    parser.add_argument("--samples", type=int, default=5000)
    parser.add_argument("--feature-network", default="colour_classifier")
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", default="advice_fid.jsonl")
    options = parser.parse_args()
    faces = read_faces(options.archive, options.size)
    for arm in options.arms:
        result = train(arm, faces, options)
        with open(options.out, "a") as file:
            file.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
