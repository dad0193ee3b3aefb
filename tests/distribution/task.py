"""One process of a training: see processes.py, which starts it."""

import json
import os
import signal
import sys
import time

task = json.loads(sys.argv[1])
devices = task.get("devices", 1)
backend = os.environ.get("KERAS_BACKEND", "tensorflow")
if devices > 1 and backend == "jax":
    os.environ["XLA_FLAGS"] = (
        f"--xla_force_host_platform_device_count={devices}"
    )
if devices > 1 and backend == "tensorflow":
    import tensorflow as tf

    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0],
        [tf.config.LogicalDeviceConfiguration()] * devices,
    )

import keras  # noqa: E402
import numpy as np  # noqa: E402
from variants import make  # noqa: E402

from keras_gans import callbacks, distribution  # noqa: E402


class Kill(keras.callbacks.Callback):
    """Ends its process, at once, after so many batches."""

    def on_train_batch_end(self, batch, logs=None):
        self.seen = getattr(self, "seen", 0) + 1
        if self.seen == training["kill_at"]:
            os.kill(os.getpid(), signal.SIGKILL)


def draws(gan):
    """Returns the latents and dropout of every local replica, in order."""

    # One program draws for all devices on JAX.
    num = 8 if backend == "jax" else 8 // distribution.num_replicas()

    def draw():
        latents = gan.random_latents(num)
        ones = keras.ops.ones((num, 32))
        return latents, gan.noisy(ones, training=True)

    if backend == "jax":
        from jax.experimental import multihost_utils

        values = (draw(),)
        # Each device must generate its own share, and no other.
        split = not values[0][0].sharding.is_fully_replicated
        assert split == (distribution.num_replicas() > 1)
        values = multihost_utils.process_allgather(values, tiled=True)
    elif backend == "torch" or num == 8:
        values = (draw(),)
    else:
        strategy = gan.distribute_strategy
        values = zip(
            *(
                strategy.experimental_local_results(v)
                for v in strategy.run(draw)
            ),
            strict=True,
        )
    return [
        np.concatenate([keras.ops.convert_to_numpy(v) for v in part])
        for part in zip(*values, strict=True)
    ]


def callbacks_of(training, images):
    """Returns the callbacks that a training asks for."""
    chosen = []
    if "fid" in training:
        network = make("features")
        chosen.append(
            callbacks.FID(images, num_samples=64, feature_network=network)
        )
    if "samples" in training:
        chosen.append(callbacks.SampleGrid(training["samples"], 4))
    if "log" in training:
        chosen.append(keras.callbacks.CSVLogger(training["log"]))
    if "backup" in training:
        chosen.append(
            keras.callbacks.BackupAndRestore(
                training["backup"], 2, delete_checkpoint=False
            )
        )
    if "kill_at" in training:
        chosen.append(Kill())
    return chosen


def run(training):
    """Trains, and returns all that the process then holds."""
    with distribution.start(
        timeout=task.get("timeout", 60),
        model_shards=task.get("model_shards", 1),
    ):
        gan = make(**training["model"])
    gan.run_eagerly = task.get("eagerly", False)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (training["images"], 16, 16, 1), "uint8")
    labels = rng.integers(0, 3, len(images))
    history = gan.fit(
        images,
        labels if training["model"]["variant"] == "Conditional" else None,
        batch_size=training.get("batch", 64),
        epochs=training.get("epochs", 1),
        verbose=0,
        callbacks=callbacks_of(training, images),
    )
    groups = {player: getattr(gan, player).weights for player in gan.players}
    if gan.ema_generator is not None:
        groups["generator"] = [
            *groups["generator"],
            *gan.ema_generator.weights,
        ]
    grouped = {id(v) for group in groups.values() for v in group}
    groups[""] = [v for v in gan.variables if id(v) not in grouped]
    variables = {
        f"{name}_variable_{i}": v
        for name, group in groups.items()
        for i, v in enumerate(group)
    }
    for player in gan.players:
        slots = enumerate(gan.optimizer[player].variables)
        variables |= {f"{player}_slot_{i}": v for i, v in slots}
    arrays = {k: keras.ops.convert_to_numpy(v) for k, v in variables.items()}
    arrays |= {k: np.array(v) for k, v in history.history.items()}
    if hasattr(gan, "noisy"):
        arrays["latents"], arrays["dropped"] = draws(gan)
    return arrays


time.sleep(task.get("sleep", 0))
for name, training in task["trainings"].items():
    arrays = run(training)
    np.savez(f"{task['out']}_{name}.{distribution.process()[0]}.npz", **arrays)
