"""Trains, scores and saves the preset r3gan_fashion_mnist.

    python zoo/r3gan_fashion_mnist/recipe.py [DATA] [OUT]

DATA is a folder with Fashion-MNIST's files, or `fashion_mnist` (the default),
which Keras downloads. A run that was stopped goes on by itself.
"""

import sys
from pathlib import Path

from keras.callbacks import BackupAndRestore, CSVLogger

import keras_gans
from keras_gans.callbacks import SampleGrid
from keras_gans.presets.publishing import publish
from keras_gans.schedules import CosineAdam

NAME = Path(__file__).parent.name
DATA = sys.argv[1] if len(sys.argv) > 1 else "fashion_mnist"
OUT = Path(sys.argv[2] if len(sys.argv) > 2 else f"runs/{NAME}")
OUT.mkdir(parents=True, exist_ok=True)

images = keras_gans.data.load(DATA)
gan = keras_gans.R3GAN(
    image_shape=(28, 28, 1),
    width=32,
    blocks=1,
    gamma=0.05,
    burn_in=5400,
    ema_decay=0.999,
    seed=0,
    dtype="mixed_bfloat16",
)
adam = [CosineAdam((1e-3, 2e-4), 0.0, (0.9, 0.99), 5400) for _ in range(2)]
gan.compile(generator_optimizer=adam[0], discriminator_optimizer=adam[1])
gan.fit(
    images,
    batch_size=32,
    epochs=18,
    steps_per_epoch=300,
    verbose=2,
    callbacks=[
        SampleGrid(OUT / "samples", seed=0),
        CSVLogger(OUT / "log.csv", append=True),
        BackupAndRestore(OUT / "backup", delete_checkpoint=False),
    ],
)
records = publish(
    gan,
    OUT / NAME,
    images,
    description="R3GAN, 28x28 grey, trained on Fashion-MNIST",
    dataset="Fashion-MNIST, 60,000 training images",
    license="MIT",
    images_seen=int(gan.steps) * 32,
    feature_networks=("fashion_mnist_classifier",),
)
print(*records, sep="\n")
