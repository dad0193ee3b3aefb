"""Trains under BackupAndRestore and may kill itself: see test_resume.py."""

import os
import signal
import sys

import keras
import numpy as np
from contract import state, tiny

backup, out, save_freq, kill_at = sys.argv[1:]
rng = np.random.default_rng(0)
images = rng.integers(0, 256, (100, 16, 16, 1), dtype="uint8")
gan = tiny("DCGAN", ema_decay=0.9, width=8)


class Kill(keras.callbacks.Callback):
    seen = 0

    def on_train_batch_end(self, batch, logs=None):
        self.seen += 1
        if self.seen == int(kill_at):
            os.kill(os.getpid(), signal.SIGKILL)


gan.fit(
    images,
    batch_size=16,
    epochs=4,
    verbose=0,
    callbacks=[
        keras.callbacks.BackupAndRestore(
            backup, save_freq if save_freq == "epoch" else int(save_freq)
        ),
        Kill(),
    ],
)
np.savez(out, *state(gan))
