"""Trains DCGAN here and in plain PyTorch, and compares their FID.

python tests/benchmarks/fid_vs_pytorch.py --epochs 5 --seeds 0 1 2

Both get the same layers and initialisation, the same batches in the same
order, the same optimizers and number of steps, in float32 and without a moving
average of the weights. Each then generates 10,000 images in inference mode,
which are compared with the training images through the same feature network.
Every run adds one JSON line to `results/fid_vs_pytorch.jsonl`.
"""

import argparse
import json
import pathlib
import statistics

import keras
import numpy as np
import torch
from pytorch_dcgan import Trainer

import keras_gans
from keras_gans.batches import Batches
from keras_gans.images import to_uint8

BATCH_SIZE = 64
NUM_IMAGES = 10_000
RESULTS = pathlib.Path(__file__).parent / "results" / "fid_vs_pytorch.jsonl"


def batches(images, epochs, seed):
    """The feed of both frameworks: whole batches, shuffled in every epoch."""
    feed = Batches(images, batch_size=BATCH_SIZE, seed=seed)
    feed.start(step=0, num_batches=epochs * feed.steps_per_pass)
    return feed


def train_keras(images, epochs, seed):
    keras.utils.set_random_seed(seed)
    gan = keras_gans.DCGAN(image_shape=images.image_shape, seed=seed)
    gan.compile()
    gan.fit(batches(images, epochs, seed), verbose=0)
    return gan.generate(NUM_IMAGES, seed=seed, batch_size=500)


def train_pytorch(images, epochs, seed):
    torch.manual_seed(seed)
    size, _, channels = images.image_shape
    trainer = Trainer(size, channels)
    feed = batches(images, epochs, seed)
    for i in range(feed.num_batches):
        (batch,) = feed[i]
        trainer.step(torch.from_numpy(batch).permute(0, 3, 1, 2))
    return trainer.generate(NUM_IMAGES, seed)


TRAIN = {"keras_gans": train_keras, "pytorch": train_pytorch}


def run(framework, images, args, seed):
    """Trains and scores once; returns what is to be known about it."""
    kept = args.keep and args.keep / f"{framework}_{args.epochs}_{seed}.npy"
    if kept and kept.exists():
        fakes = np.load(kept)
    else:
        fakes = to_uint8(TRAIN[framework](images, args.epochs, seed))
        if kept:
            np.save(kept, fakes)
    score = keras_gans.metrics.fid(images, fakes)
    steps = args.epochs * (len(images) // BATCH_SIZE)
    return {
        "framework": framework,
        "backend": keras.backend.backend(),
        "seed": seed,
        "fid": score.value,
        "feature_network": score.feature_network,
        "data": args.data,
        "num_real": score.num_real,
        "num_fake": score.num_fake,
        "images_seen": steps * BATCH_SIZE,
        "steps": steps,
        "batch_size": BATCH_SIZE,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="fashion_mnist_10k")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument(
        "--keep",
        type=pathlib.Path,
        help="folder of the generated images; what is there is not made anew",
    )
    args = parser.parse_args()
    if args.keep:
        args.keep.mkdir(parents=True, exist_ok=True)
    RESULTS.parent.mkdir(exist_ok=True)
    images = keras_gans.data.load(args.data)
    scores = {framework: [] for framework in TRAIN}
    for seed in args.seeds:
        for framework in TRAIN:
            result = run(framework, images, args, seed)
            with RESULTS.open("a") as file:
                file.write(json.dumps(result) + "\n")
            scores[framework].append(result["fid"])
            print(f"seed {seed}  {framework:10}  FID {result['fid']:.3f}")
    for framework, values in scores.items():
        deviation = statistics.stdev(values) if len(values) > 1 else 0.0
        print(
            f"{framework:10}  FID {statistics.mean(values):.3f} "
            f"± {deviation:.3f} ({len(values)} seeds)"
        )


if __name__ == "__main__":
    main()
