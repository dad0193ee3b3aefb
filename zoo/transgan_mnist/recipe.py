"""Trains, scores and saves the preset transgan_mnist.

    python zoo/transgan_mnist/recipe.py [DATA] [OUT]

DATA is a folder with MNIST's files, or `mnist` (the default), which Keras
downloads. A run that was stopped goes on by itself.
"""

import sys
from pathlib import Path

import keras
from keras.callbacks import BackupAndRestore, CSVLogger

import keras_gans
from keras_gans.callbacks import SampleGrid
from keras_gans.presets.publishing import publish

NETWORK = "mnist_classifier/clean"
NAME = Path(__file__).parent.name
DATA = sys.argv[1] if len(sys.argv) > 1 else "mnist"
OUT = Path(sys.argv[2] if len(sys.argv) > 2 else f"runs/{NAME}")
OUT.mkdir(parents=True, exist_ok=True)

images = keras_gans.data.load(DATA, image_size=32)
gan = keras_gans.TransGAN(
    image_shape=(32, 32, 1),
    patch_size=2,
    augment=False,
    critic_steps=1,
    ema_decay=0.999,
    seed=0,
    dtype="mixed_bfloat16",
)
adam = [keras.optimizers.Adam(2e-4, 0.0, 0.99) for _ in gan.players]
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
    description="TransGAN, 32x32 grey, trained on MNIST",
    dataset="MNIST, 60,000 training images, as 32x32",
    license="CC BY-SA 3.0",
    images_seen=int(gan.steps) * 32,
    feature_networks=(NETWORK,),
)
print(*records, sep="\n")
