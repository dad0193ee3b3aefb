"""Models of different shapes in turn: see test_two_strategies.py."""

import sys

import tensorflow as tf

tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0],
    [tf.config.LogicalDeviceConfiguration()] * 2,
)

import numpy as np  # noqa: E402

from keras_gans import GAN, distribution  # noqa: E402


def train(scope, side):
    """Trains a model of images of that side for a step on both devices."""
    with scope:
        gan = GAN((side, side, 1), latent_dim=2, units=4, seed=0)
        gan.compile()
    assert gan.distribute_strategy.num_replicas_in_sync == 2
    images = np.zeros((4, side, side, 1), "uint8")
    gan.fit(images, batch_size=4, verbose=0)
    return gan.distribute_strategy


if sys.argv[1] == "start":
    strategies = [train(distribution.start(), side) for side in (4, 6)]
    assert strategies[0] is strategies[1]
else:
    for side in (4, 6):
        train(tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope(), side)
print("trained")
