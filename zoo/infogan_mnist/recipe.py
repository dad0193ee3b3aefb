"""Trains, scores and saves the preset infogan_mnist.

    python zoo/infogan_mnist/recipe.py [DATA] [OUT]

DATA is a folder with MNIST's files, or `mnist` (the default),
which Keras downloads. A run that was stopped goes on by itself.
"""

import sys
from pathlib import Path

import keras

import keras_gans
from keras_gans.callbacks import SampleGrid
from keras_gans.presets.publishing import publish

NAME = Path(__file__).parent.name
DATA = sys.argv[1] if len(sys.argv) > 1 else "mnist"
OUT = Path(sys.argv[2] if len(sys.argv) > 2 else f"runs/{NAME}")
OUT.mkdir(parents=True, exist_ok=True)

images = keras_gans.data.load(DATA)
gan = keras_gans.InfoGAN(
    image_shape=(28, 28, 1),
    width=32,
    ema_decay=0.999,
    seed=3,
    dtype="mixed_bfloat16",
)
gan.compile()
gan.fit(
    images,
    batch_size=64,
    epochs=8,
    verbose=2,
    callbacks=[
        SampleGrid(OUT / "samples", seed=0),
        keras.callbacks.CSVLogger(OUT / "log.csv", append=True),
        keras.callbacks.BackupAndRestore(
            OUT / "backup", delete_checkpoint=False
        ),
    ],
)
records = publish(
    gan,
    OUT / NAME,
    images,
    description="InfoGAN, 28x28 grey, trained on MNIST",
    dataset="MNIST, 60,000 training images",
    license="CC BY-SA 3.0",
    images_seen=int(gan.steps) * 64,
    feature_networks=("mnist_classifier",),
)
print(*records, sep="\n")
