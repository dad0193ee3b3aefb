"""Standing statistics: batch norm's, of the weights that are used."""

from typing import Any

import keras
import numpy as np

from keras_gans.engine.building import building
from keras_gans.engine.generating import arrange
from keras_gans.engine.model import AdversarialModel
from keras_gans.networks.copying import float32_copy


def standing_statistics(
    gan: AdversarialModel,
    num_batches: int = 50,
    batch_size: int = 200,
    seed: int = 0,
    **given: Any,
) -> None:
    """Measures the statistics of the inference generator's batch norm anew.

    Training keeps statistics of its last few steps, and a moving average of
    the weights keeps an average of those: neither belongs to the weights that
    are used. Brock et al. 2019 (appendix C.1) measure them for these weights,
    and call them standing statistics. A generator without batch norm stays as
    it is.

    Args:
        gan: The GAN; its `inference_generator` is changed.
        num_batches: Number of batches to average over.
        batch_size: Rows in each. A conditional GAN's classes take turns.
        seed: Seed of what is drawn.
        **given: What the generator takes and cannot draw, (N, ...) each, by
            name; it takes the place of `num_batches`.
    """
    network = gan.inference_generator
    with building(seed=0):
        copy = float32_copy(network)
    norms = _norms(copy)
    if not norms:
        return
    for norm in norms:
        norm.trainable = True  # an average's are not, and ignore `training`
        norm.momentum = 0.0  # a batch leaves its own statistics
    num = None if given else num_batches * batch_size
    inputs = gan.inputs_for(num, seed, **given)
    seen = []
    for start in range(0, len(next(iter(inputs.values()))), batch_size):
        rows = slice(start, start + batch_size)
        batch = {name: values[rows] for name, values in inputs.items()}
        copy(arrange(copy, batch), training=True)
        seen.append([_statistics(norm) for norm in norms])
    for i, norm in enumerate(_norms(network)):
        means, variances = np.stack([batch[i] for batch in seen], axis=1)
        norm.moving_mean.assign(means.mean(0))
        norm.moving_variance.assign(variances.mean(0) + means.var(0))


def _norms(network: keras.Model) -> list[keras.layers.BatchNormalization]:
    kind = keras.layers.BatchNormalization
    return [n for n in network._flatten_layers() if isinstance(n, kind)]


def _statistics(norm: keras.layers.BatchNormalization) -> list[np.ndarray]:
    return [
        keras.ops.convert_to_numpy(v).astype("float64")
        for v in (norm.moving_mean, norm.moving_variance)
    ]
