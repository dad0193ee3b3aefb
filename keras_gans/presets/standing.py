"""Batch norm's statistics for the weights that a generator ends with."""

from typing import Any

import keras
import numpy as np

from keras_gans.engine.building import building
from keras_gans.networks.copying import float32_copy


def standing_statistics(
    gan: Any, num_batches: int = 50, batch_size: int = 200, seed: int = 0
) -> None:
    """Measures the statistics of the inference generator's batch norm anew.

    Training's own are of the last few steps, and those of the moving average
    of the weights are averages too: neither is of the weights that are used.
    Brock et al. 2019 (appendix C.1) call these standing statistics. A
    generator without batch norm stays as it is.

    Args:
        gan: The GAN; its `inference_generator` is changed.
        num_batches: Batches to average over.
        batch_size: Images in each. A conditional GAN's classes take turns.
        seed: Seed of the latents.
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
    num = num_batches * batch_size
    inputs = gan.generator_inputs(gan.sample_latents(num, seed))
    seen = []
    for start in range(0, num, batch_size):
        rows = slice(start, start + batch_size)
        batch = keras.tree.map_structure(lambda x, r=rows: x[r], inputs)
        copy(batch, training=True)
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
