"""Trains the Fashion-MNIST feature network; see README.md beside this file.

python zoo/fashion_mnist_classifier/recipe.py --out classifier.weights.h5
"""

import argparse
import gzip
import pathlib

import keras
import numpy as np

from keras_gans.metrics.features.shipped_classifiers import build_classifier
from keras_gans.modalities.image import to_float

parser = argparse.ArgumentParser()
parser.add_argument("--out", default="fashion_mnist_classifier.weights.h5")
parser.add_argument("--data", help="folder of train-*.gz; default: download")
parser.add_argument("--epochs", type=int, default=10)
args = parser.parse_args()


def read(name, header):
    data = gzip.decompress(pathlib.Path(args.data, name).read_bytes())
    return np.frombuffer(data, np.uint8, offset=header)


if args.data:
    images = read("train-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28, 1)
    labels = read("train-labels-idx1-ubyte.gz", 8)
else:
    (images, labels), _ = keras.datasets.fashion_mnist.load_data()
    images = images[..., None]

keras.utils.set_random_seed(0)
images = to_float(images)
held_out = images[50_000:60_000], labels[50_000:60_000]
batch_size = 125
steps = 50_000 // batch_size * args.epochs
classifier = build_classifier()
augmented = keras.Sequential([keras.layers.RandomFlip("horizontal")])
augmented.add(classifier)
augmented.compile(
    keras.optimizers.AdamW(
        keras.optimizers.schedules.CosineDecay(
            0.0, steps, warmup_target=3e-3, warmup_steps=steps // 10
        ),
        weight_decay=0.02,
    ),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
    jit_compile=False,
)
fit = {"batch_size": batch_size, "epochs": args.epochs, "verbose": 2}
augmented.fit(images[:50_000], labels[:50_000], **fit)
loss, accuracy = augmented.evaluate(*held_out, verbose=2)
classifier.save_weights(args.out)
print(f"accuracy on the 10,000 images held out: {accuracy:.4f}")
