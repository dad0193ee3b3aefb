"""Standing statistics: batch norm's, of the weights that are used."""

from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.engine.building import building
from keras_gans.engine.generating import arrange
from keras_gans.engine.model import AdversarialModel
from keras_gans.modalities import Modality
from keras_gans.networks.copying import float32_copy


def standing_statistics(
    gan: AdversarialModel,
    num_batches: int = 50,
    batch_size: int = 200,
    seed: int = 0,
    **given: Any,
) -> None:
    """Measures the statistics of the generators' batch norm anew.

    Training keeps statistics of its last few steps, and a moving average of
    the weights keeps an average of those: neither belongs to the weights that
    are used. Brock et al. 2019 (appendix C.1) measure them for these weights,
    and call them standing statistics. A generator without batch norm stays as
    it is.

    Args:
        gan: The GAN; its `inference_generators` are changed.
        num_batches: Number of batches to average over.
        batch_size: Rows in each. A conditional GAN's classes take turns.
        seed: Seed of what is drawn.
        **given: What the generators take (`gan.taken_by`) and cannot draw,
            (N, ...) each, by name; it takes the place of `num_batches`.

    Raises:
        ValueError: Where something is missing that cannot be drawn.
    """
    for i, network in enumerate(gan.inference_generators):
        if _norms(network):
            num = None if given else num_batches * batch_size
            inputs = _inputs(gan, gan.taken_by(i), num, seed, given)
            _measure(network, inputs, batch_size)


def _inputs(
    gan: AdversarialModel,
    takes: dict[str, Modality],
    num: int | None,
    seed: int,
    given: dict[str, Any],
) -> dict[str, np.ndarray]:
    rows = {name: given[name] for name in takes if name in given}
    if takes is gan.takes:
        return gan.inputs_for(num, seed, **rows)
    missing = [name for name in takes if name not in rows]
    if missing:
        raise ValueError(
            f"The generators of {type(gan).__name__} also take "
            f"{', '.join(missing)}. Received: {', '.join(given) or 'nothing'}"
        )
    return {
        name: ops.convert_to_numpy(
            takes[name].to_device(takes[name].check(values, name))
        )
        for name, values in rows.items()
    }


def _measure(
    network: keras.Model, inputs: dict[str, np.ndarray], batch_size: int
) -> None:
    with building(seed=0):
        copy = float32_copy(network)
    norms = _norms(copy)
    for norm in norms:
        norm.trainable = True  # an average's are not, and ignore `training`
        norm.momentum = 0.0  # a batch leaves its own statistics
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
        ops.convert_to_numpy(v).astype("float64")
        for v in (norm.moving_mean, norm.moving_variance)
    ]
