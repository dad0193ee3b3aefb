"""The precision and the kind of the device that networks run on."""

import contextlib
from collections.abc import Iterator

import keras


@contextlib.contextmanager
def full_float32() -> Iterator[None]:
    """Context in which float32 products and convolutions stay in float32.

    By default GPUs since Ampere round their inputs to TF32, which has 10
    bits: a network's outputs are then right to 1e-3 only. On a CPU nothing
    changes.
    """
    backend = keras.backend.backend()
    if backend == "jax":
        import jax

        with jax.default_matmul_precision("highest"):
            yield
    elif backend == "torch":
        import torch

        cudnn, cuda = torch.backends.cudnn, torch.backends.cuda.matmul
        before = cudnn.allow_tf32, cuda.allow_tf32
        cudnn.allow_tf32 = cuda.allow_tf32 = False
        try:
            yield
        finally:
            cudnn.allow_tf32, cuda.allow_tf32 = before
    else:
        import tensorflow as tf

        config = tf.config.experimental
        before = config.tensor_float_32_execution_enabled()
        config.enable_tensor_float_32_execution(False)
        try:
            yield
        finally:
            config.enable_tensor_float_32_execution(before)


def accelerated() -> bool:
    """Returns whether networks run on a GPU or TPU."""
    backend = keras.backend.backend()
    if backend == "jax":
        import jax

        return jax.default_backend() != "cpu"
    if backend == "torch":
        import torch

        return torch.cuda.is_available()
    import tensorflow as tf

    return bool(tf.config.list_physical_devices("GPU"))
