"""Connecting the processes and devices that train together."""

import contextlib
from typing import Any

import keras
import numpy as np

from keras_gans.distribution.cluster import find_cluster
from keras_gans.distribution.processes import _backend, gather, process

MODES = {
    "tensorflow": ("auto", "mirrored", "multiworker", "tpu"),
    "jax": ("auto", "jax"),
    "torch": ("auto", "torchrun"),
}


def start(
    mode: str = "auto", timeout: float = 600.0, model_shards: int = 1
) -> contextlib.AbstractContextManager[Any]:
    """Connects this process with the others, and uses all devices.

    Build and compile models inside of the context that it returns. `fit` may
    be called inside or outside. In one process every call returns the scope of
    the same strategy, so that one model can be trained after another, as in a
    notebook. On TensorFlow a second strategy object of your own cannot train
    a model of other shapes: build all models under one.

    | backend | mode | devices or processes that train |
    |---|---|---|
    | TensorFlow | mirrored | all devices of this machine |
    | TensorFlow | multiworker | the processes of `TF_CONFIG` or Slurm |
    | TensorFlow | tpu | the TPU of this machine (never run by its authors) |
    | JAX | jax | all devices, of all processes where there are several |
    | PyTorch | torchrun | the processes that torchrun or Slurm started |

    Args:
        mode: One of these, or "auto" to use all devices and processes that
            are found, which may be one device.
        timeout: Seconds that processes wait for each other at the start, and
            until one that does not answer counts as lost.
        model_shards: On JAX, the number of devices over which each model is
            split, for models that are too large for one. Every kernel is
            split by its output channels. It must divide the number of
            devices.

    Returns:
        A context manager, the strategy's scope on TensorFlow.

    Raises:
        ValueError: For a mode that the backend does not have, for a wrong
            description of the cluster, and for a mode of several processes
            where no cluster is described.
    """
    backend = keras.backend.backend()
    if mode not in MODES[backend]:
        raise ValueError(
            f"On the backend {backend!r} `mode` must be one of "
            f"{MODES[backend]}. Received: {mode!r}"
        )
    cluster = None if mode in ("mirrored", "tpu") else find_cluster()
    if cluster is None and mode in ("multiworker", "torchrun"):
        raise ValueError(
            f"The mode {mode!r} is for several processes: set TF_CONFIG, or "
            "start them with torchrun (WORLD_SIZE, RANK) or Slurm "
            f"(SLURM_NTASKS). Received: mode={mode!r} and one process"
        )
    if backend == "tensorflow" and cluster and not cluster.addresses:
        raise ValueError(
            "TensorFlow needs the address of every worker: set TF_CONFIG, or "
            f"start the processes with srun. Received: {cluster}"
        )
    if model_shards > 1 and backend != "jax":
        raise ValueError(
            "`model_shards` is for the backend 'jax'. Received: "
            f"model_shards={model_shards} on {backend!r}"
        )
    _backend.connect(mode, cluster, timeout, model_shards)
    if process()[1] > 1:
        # Models without a seed take the chief's.
        seeds = gather(np.array(np.random.randint(2**31)))
        keras.utils.set_random_seed(int(seeds[0]))
    return _backend.scope() or contextlib.nullcontext()
