"""Trains, scores and saves the preset dcgan_fashion_mnist.

    python zoo/dcgan_fashion_mnist/recipe.py [DATA] [OUT]

DATA is a folder with Fashion-MNIST's files, or `fashion_mnist` (the default),
which Keras downloads. A run that was stopped goes on by itself.
"""

import dataclasses
import json
import sys
from pathlib import Path

import keras
from keras.callbacks import BackupAndRestore

import keras_gans
from keras_gans.callbacks import SampleGrid, save_grid
from keras_gans.metrics import feature_statistics, fid

EPOCHS, BATCH_SIZE = 16, 64
DATA = sys.argv[1] if len(sys.argv) > 1 else "fashion_mnist"
OUT = Path(sys.argv[2] if len(sys.argv) > 2 else "runs/dcgan_fashion_mnist")
OUT.mkdir(parents=True, exist_ok=True)

images = keras_gans.data.load(DATA)
gan = keras_gans.DCGAN((28, 28, 1), latent_dim=128, ema_decay=0.999, seed=0)
gan.compile()
gan.fit(
    images,
    batch_size=BATCH_SIZE,
    epochs=EPOCHS,
    verbose=2,
    callbacks=[
        SampleGrid(OUT / "samples", seed=0),
        keras.callbacks.CSVLogger(OUT / "log.csv", append=True),
        BackupAndRestore(OUT / "backup", delete_checkpoint=False),
    ],
)


def score(gan):
    record = fid(real, gan.generate(10_000, seed=0))
    return dataclasses.replace(record, fake="generate(10000)", seed=0)


real = feature_statistics(images)
full = score(gan)
about = {
    "description": "DCGAN, 28x28 grey, trained on Fashion-MNIST",
    "dataset": "Fashion-MNIST, 60,000 training images",
    "license": "MIT",
    "images_seen": int(gan.steps) * BATCH_SIZE,
    "metrics": [json.loads(full.to_json())],
}
gan.save_to_preset(OUT / "preset", dtype="float16", metadata=about)
preset = keras_gans.DCGAN.from_preset(OUT / "preset")
print(f"float32: {full.to_json()}\nfloat16: {score(preset).to_json()}")
save_grid(OUT / "preset" / "samples.png", preset.generate(100, seed=0), scale=2)
