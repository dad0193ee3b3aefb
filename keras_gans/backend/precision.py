"""What the networks of metrics ask of a device."""

import contextlib
from collections.abc import Iterator

import keras


@contextlib.contextmanager
def full_float32() -> Iterator[None]:
    """Keeps products and convolutions of float32 tensors in float32.

    GPUs since Ampere round them to TF32, 10 bits, where nobody objects: what
    a network computes is then right to 1e-3 only. On a CPU nothing changes.
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
    """Says whether networks run on something faster than a CPU."""
    backend = keras.backend.backend()
    if backend == "jax":
        import jax

        return jax.default_backend() != "cpu"
    if backend == "torch":
        import torch

        return torch.cuda.is_available()
    import tensorflow as tf

    return bool(tf.config.list_physical_devices("GPU"))
