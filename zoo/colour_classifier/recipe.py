"""Trains the feature network of colour images; see README.md beside this file.

python zoo/colour_classifier/recipe.py CIFAR10 FLOWERS --out runs/colour

CIFAR10 and FLOWERS are folders with one folder of images for each class. A
run that was stopped goes on from its last epoch.
"""

import argparse
import pathlib

import keras
import numpy as np
from keras import ops

from keras_gans import data
from keras_gans.metrics.features.colour_network import (
    NAME,
    build_colour_classifier,
)
from keras_gans.metrics.features.resizing import resize
from keras_gans.modalities.image import to_float

SEED = 0
BATCH_SIZE = 128
CLASSES = 10  # of CIFAR-10; the labels of flowers come after them


def read(folder):
    """Reads images as 32x32, and the classes; every tenth is held out."""
    source = data.load(folder)
    parts = []
    for start in range(0, len(source), 500):
        rows = np.arange(start, min(start + 500, len(source)))
        resized = ops.convert_to_numpy(resize(source[rows], (32, 32)))
        parts.append(resized.round().astype("uint8"))
    held_out = np.arange(len(source)) % 10 == 9
    return np.concatenate(parts), source.labels, held_out


class Batches(keras.utils.PyDataset):
    """Batches of an epoch, flipped, shifted, and one in ten made grey."""

    epoch = 0

    def __init__(self, images, labels):
        super().__init__()
        self.images, self.labels = images, labels

    def __len__(self):
        return len(self.images) // BATCH_SIZE

    def __getitem__(self, index):
        order = np.random.default_rng((SEED, self.epoch))
        rows = order.permutation(len(self.images))
        rows = rows[index * BATCH_SIZE : (index + 1) * BATCH_SIZE]
        rng = np.random.default_rng((SEED, self.epoch, index))
        x = self.images[rows]
        flipped = rng.random(len(x)) < 0.5
        x[flipped] = x[flipped, :, ::-1]
        x = np.pad(x, ((0, 0), (4, 4), (4, 4), (0, 0)), "reflect")
        windows = np.lib.stride_tricks.sliding_window_view(
            x, (32, 32), axis=(1, 2)
        )
        top, left = rng.integers(0, 9, (2, len(x)))
        x = windows[np.arange(len(x)), top, left].transpose(0, 2, 3, 1)
        x = to_float(np.ascontiguousarray(x))
        grey = rng.random(len(x)) < 0.1
        x[grey] = x[grey].mean(axis=-1, keepdims=True)
        return x, self.labels[rows]


def own_task(labels):
    """Returns which logits belong to the task of each label, (n, 15)."""
    return (labels < CLASSES) == (ops.arange(15) < CLASSES)


def loss(labels, logits):
    """Cross-entropy among the classes of the own task, smoothed by 0.05."""
    labels = ops.reshape(ops.cast(labels, "int32"), (-1, 1))
    own = own_task(labels)
    share = ops.cast(own, "float32")
    share = 0.05 * share / ops.sum(share, axis=-1, keepdims=True)
    target = 0.95 * ops.one_hot(labels[:, 0], 15) + share
    log = ops.log_softmax(ops.where(own, logits, -1e9))
    return -ops.sum(ops.where(own, target * log, 0.0), axis=-1)


def accuracy(labels, logits):
    """Share of images whose class has the largest logit of the own task."""
    labels = ops.reshape(ops.cast(labels, "int32"), (-1, 1))
    found = ops.argmax(ops.where(own_task(labels), logits, -1e9), axis=-1)
    return ops.cast(found == ops.cast(labels[:, 0], found.dtype), "float32")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cifar10")
    parser.add_argument("flowers")
    parser.add_argument("--out", default=f"runs/{NAME}")
    parser.add_argument("--epochs", type=int, default=7)
    args = parser.parse_args()
    out = pathlib.Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(SEED)
    sets = [read(args.cifar10), read(args.flowers)]
    images = np.concatenate([images[~held] for images, _, held in sets])
    labels = np.concatenate(
        [own[~held] + i * CLASSES for i, (_, own, held) in enumerate(sets)]
    )
    batches = Batches(images, labels)
    steps = len(batches) * args.epochs
    classifier = build_colour_classifier()
    classifier.compile(
        keras.optimizers.AdamW(
            keras.optimizers.schedules.CosineDecay(
                0.0, steps, warmup_target=4e-3, warmup_steps=steps // 8
            ),
            weight_decay=0.05,
        ),
        loss,
        metrics=[accuracy],
        jit_compile=False,
    )
    classifier.fit(
        batches,
        epochs=args.epochs,
        verbose=2,
        callbacks=[
            keras.callbacks.BackupAndRestore(
                out / "backup", delete_checkpoint=False
            ),
            keras.callbacks.LambdaCallback(
                on_epoch_begin=lambda epoch, _: setattr(batches, "epoch", epoch)
            ),
        ],
    )
    trained = classifier.get_weights()
    classifier = build_colour_classifier()  # without the optimizer's state
    classifier.set_weights(trained)
    classifier.save_weights(out / f"{NAME}.weights.h5")
    for i, name in enumerate(("CIFAR-10", "flowers")):
        images, own, held = sets[i]
        logits = classifier.predict(to_float(images[held]), 256, verbose=0)
        right = accuracy(own[held] + i * CLASSES, logits)
        share = float(ops.mean(right))
        print(f"accuracy on {held.sum():,} {name} held out: {share:.4f}")


if __name__ == "__main__":
    main()
