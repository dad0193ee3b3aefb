"""Trains, scores and saves the preset acgan_mnist.

    python zoo/acgan_mnist/recipe.py [DATA] [OUT]

DATA is a folder with MNIST's files, or `mnist` (the default),
which Keras downloads. A run that was stopped goes on by itself.
"""

import sys
from pathlib import Path

from keras.callbacks import BackupAndRestore, CSVLogger, LearningRateScheduler

import keras_gans
from keras_gans.callbacks import SampleGrid
from keras_gans.presets.publishing import publish

NAME = Path(__file__).parent.name
EPOCHS = 20
DATA = sys.argv[1] if len(sys.argv) > 1 else "mnist"
OUT = Path(sys.argv[2] if len(sys.argv) > 2 else f"runs/{NAME}")
OUT.mkdir(parents=True, exist_ok=True)

images = keras_gans.data.load(DATA)
gan = keras_gans.ACGAN(
    image_shape=(28, 28, 1),
    latent_dim=100,
    width=32,
    dropout=0.0,
    ema_decay=0.999,
    seed=0,
    dtype="mixed_bfloat16",
)
gan.compile()
gan.fit(
    images,
    batch_size=64,
    epochs=EPOCHS,
    verbose=2,
    callbacks=[
        SampleGrid(OUT / "samples", seed=0),
        LearningRateScheduler(  # to zero in the last half
            lambda epoch, _: 2e-4 * min(1.0, 2.0 * (1.0 - epoch / EPOCHS))
        ),
        CSVLogger(OUT / "log.csv", append=True),
        BackupAndRestore(OUT / "backup", delete_checkpoint=False),
    ],
)
records = publish(
    gan,
    OUT / NAME,
    images,
    description="ACGAN, 28x28 grey, trained on MNIST",
    dataset="MNIST, 60,000 training images",
    license="CC BY-SA 3.0",
    images_seen=int(gan.steps) * 64,
    feature_networks=("mnist_classifier",),
)
print(*records, sep="\n")
