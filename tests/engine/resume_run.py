"""Trains under BackupAndRestore and may kill itself: see test_resume.py."""

import os
import signal

import keras
import numpy as np
from contract import state, tiny


class Kill(keras.callbacks.Callback):
    def __init__(self, at):
        super().__init__()
        self.at, self.seen = at, 0

    def on_train_batch_end(self, batch, logs=None):
        self.seen += 1
        if self.seen == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def train(backup, out, save_freq, kill_at):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (100, 16, 16, 1), dtype="uint8")
    gan = tiny("DCGAN", ema_decay=0.9, width=8)
    gan.fit(
        images,
        batch_size=16,
        epochs=4,
        verbose=0,
        callbacks=[
            keras.callbacks.BackupAndRestore(backup, save_freq),
            Kill(kill_at),
        ],
    )
    np.savez(out, *state(gan))
