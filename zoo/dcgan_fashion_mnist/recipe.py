"""Trains, scores and saves the preset dcgan_fashion_mnist.

    python zoo/dcgan_fashion_mnist/recipe.py [DATA] [OUT]

DATA is a folder with Fashion-MNIST's files, or `fashion_mnist` (the default),
which Keras downloads. A run that was stopped goes on by itself.
"""

import sys
from pathlib import Path

import keras

import keras_gans
from keras_gans.callbacks import SampleGrid
from keras_gans.presets.publishing import publish

NAME = Path(__file__).parent.name
DATA = sys.argv[1] if len(sys.argv) > 1 else "fashion_mnist"
OUT = Path(sys.argv[2] if len(sys.argv) > 2 else f"runs/{NAME}")
OUT.mkdir(parents=True, exist_ok=True)

images = keras_gans.data.load(DATA)
gan = keras_gans.DCGAN(
    image_shape=(28, 28, 1),
    latent_dim=128,
    ema_decay=0.999,
    seed=0,
)
gan.compile()
gan.fit(
    images,
    batch_size=64,
    epochs=16,
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
    description="DCGAN, 28x28 grey, trained on Fashion-MNIST",
    dataset="Fashion-MNIST, 60,000 training images",
    license="MIT",
    images_seen=int(gan.steps) * 64,
    feature_networks=("fashion_mnist_classifier",),
)
print(*records, sep="\n")
