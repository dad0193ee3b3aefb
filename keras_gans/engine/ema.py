"""The moving average of a network's weights."""

from typing import Any

import keras
from keras import ops

from keras_gans.engine.building import building

STATISTICS = ("moving_mean", "moving_variance")


def average_of(network: keras.Model) -> keras.Model:
    """Returns a copy of a network, to hold the average of its weights."""
    # Seeded, though the weights are set at once: on JAX the processes that
    # train together compare each weight that is made.
    with building(seed=0):
        average = keras.models.clone_model(network)
    average.set_weights(network.get_weights())
    average.trainable = False
    return average


def update_average(
    average: keras.Model, network: keras.Model, decay: float, step: Any
) -> None:
    """Moves `average` towards `network`, exponentially.

    Args:
        average: What `average_of(network)` returned.
        network: The network being trained.
        decay: The weight that the old average keeps, in [0, 1). It ramps up
            as (1 + step) / (10 + step), so that the start is soon forgotten.
        step: Steps taken before this one, a scalar tensor.
    """
    step = ops.cast(step, "float32")
    decay = ops.minimum(decay, (1.0 + step) / (10.0 + step))
    for mean, weight in zip(average.weights, network.weights, strict=True):
        value = weight.value
        # Batch norm's statistics too: the live ones are of the last few steps.
        if weight.trainable or weight.name in STATISTICS:
            value = value + ops.cast(decay, value.dtype) * (mean.value - value)
        mean.assign(value)
