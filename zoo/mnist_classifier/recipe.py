"""Trains the MNIST feature network; see README.md beside this file.

python zoo/mnist_classifier/recipe.py --out classifier.weights.h5
"""

import argparse

import keras
import numpy as np

import keras_gans
from keras_gans.metrics.features.shipped_classifiers import build_classifier
from keras_gans.modalities.image import to_float

parser = argparse.ArgumentParser()
parser.add_argument("--out", default="mnist_classifier.weights.h5")
parser.add_argument("--data", default="mnist", help="or a folder of its files")
parser.add_argument("--epochs", type=int, default=6)
args = parser.parse_args()

source = keras_gans.data.load(args.data)
images = to_float(source[np.arange(60_000)])
labels = np.asarray(source.labels)
held_out = images[50_000:60_000], labels[50_000:60_000]

keras.utils.set_random_seed(0)
batch_size = 125
steps = 50_000 // batch_size * args.epochs
classifier = build_classifier("mnist_classifier")
shifted = keras.Sequential(
    [keras.layers.RandomTranslation(0.07, 0.07, "constant", fill_value=-1.0)]
)
shifted.add(classifier)
shifted.compile(
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
shifted.fit(
    images[:50_000],
    labels[:50_000],
    batch_size=batch_size,
    epochs=args.epochs,
    verbose=2,
)
loss, accuracy = shifted.evaluate(*held_out, verbose=2)
classifier.save_weights(args.out)
print(f"accuracy on the 10,000 images held out: {accuracy:.4f}")
