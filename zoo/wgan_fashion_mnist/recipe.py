"""Trains, scores and saves the preset wgan_fashion_mnist.

    python zoo/wgan_fashion_mnist/recipe.py [DATA] [OUT]

DATA is a folder with Fashion-MNIST's files, or `fashion_mnist` (the default),
which Keras downloads. A run that was stopped goes on by itself.
"""

import sys
from pathlib import Path

import keras
from keras.callbacks import BackupAndRestore, CSVLogger

import keras_gans
from keras_gans.callbacks import FID, SampleGrid
from keras_gans.presets.publishing import publish

NAME = Path(__file__).parent.name
DATA = sys.argv[1] if len(sys.argv) > 1 else "fashion_mnist"
OUT = Path(sys.argv[2] if len(sys.argv) > 2 else f"runs/{NAME}")
OUT.mkdir(parents=True, exist_ok=True)

images = keras_gans.data.load(DATA)
images_10k = keras_gans.data.load("fashion_mnist_10k")
gan = keras_gans.WGAN(
    image_shape=(28, 28, 1),
    latent_dim=128,
    width=32,
    ema_decay=0.999,
    seed=0,
    dtype="mixed_bfloat16",
)
rms = [keras.optimizers.RMSprop(2e-4) for _ in gan.players]
gan.compile(generator_optimizer=rms[0], discriminator_optimizer=rms[1])
gan.fit(
    images,
    batch_size=64,
    epochs=24,
    steps_per_epoch=300,
    verbose=2,
    callbacks=[
        SampleGrid(OUT / "samples", seed=0),
        FID(images_10k, num_samples=2000),
        CSVLogger(OUT / "log.csv", append=True),
        BackupAndRestore(OUT / "backup", delete_checkpoint=False),
    ],
)
records = publish(
    gan,
    OUT / NAME,
    images,
    description="WGAN, 28x28 grey, trained on Fashion-MNIST",
    dataset="Fashion-MNIST, 60,000 training images",
    license="MIT",
    images_seen=int(gan.steps) * 64,
    feature_networks=("fashion_mnist_classifier",),
)
print(*records, sep="\n")
