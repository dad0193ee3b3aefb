from typing import Any

import keras
from keras import ops

from keras_gans import backend


@keras.saving.register_keras_serializable("keras_gans")
class BatchNormalization(keras.layers.BatchNormalization):
    """Batch norm of each replica's share of a batch, or of all of it.

    On one device it gives the numbers of Keras's own layer. TensorFlow has
    one kernel for it, where Keras writes a dozen operations in float32: the
    kernel reads bfloat16 as it is, computes in float32 all the same, and
    takes a sixth of the time on a CPU.

    The moving averages are those of all replicas' statistics, so every
    replica holds the same.

    Args:
        synchronized: Whether replicas normalise by the statistics of the
            whole batch, at the price of two messages a layer and pass, or
            each by those of its own share.
        **kwargs: As in `keras.layers.BatchNormalization`, over the last axis
            of maps or vectors.
    """

    def __init__(self, synchronized: bool = False, **kwargs: Any):
        super().__init__(**kwargs)
        self.synchronized = synchronized

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {**super().get_config(), "synchronized": self.synchronized}

    def call(self, x: Any, training: bool | None = None) -> Any:
        """Normalises maps (N, H, W, C), or vectors (N, C)."""
        if not (training and self.trainable):
            return super().call(x, training=False)
        on_tensorflow = keras.backend.backend() == "tensorflow"
        if on_tensorflow and len(x.shape) == 4 and not self.synchronized:
            y, mean, variance = self._fused(x)
        else:
            y, mean, variance = self._normalised(x)
        for average, value in (
            (self.moving_mean, mean),
            (self.moving_variance, variance),
        ):
            value = ops.cast(backend.mean_over_replicas(value), average.dtype)
            average.assign(
                average * self.momentum + value * (1.0 - self.momentum)
            )
        return y

    def _fused(self, x: Any) -> tuple[Any, Any, Any]:
        import tensorflow as tf

        gamma = self.gamma if self.scale else tf.ones(x.shape[-1])
        beta = self.beta if self.center else tf.zeros(x.shape[-1])
        y, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            x, gamma, beta, epsilon=self.epsilon
        )
        # The kernel gives n / (n - 1) of the variance; Keras keeps the plain
        # one, and so must the moving average be the same on every backend.
        n = tf.cast(tf.reduce_prod(tf.shape(x)[:-1]), variance.dtype)
        return y, mean, variance * (n - 1.0) / n

    def _normalised(self, x: Any) -> tuple[Any, Any, Any]:
        shares = 1 if self.synchronized else backend.replicas_in_batch()
        maps = ops.cast(x, "float32")
        maps = ops.reshape(maps, (shares, -1, *x.shape[1:]))
        axes = tuple(range(1, len(maps.shape) - 1))
        if self.synchronized:
            mean = backend.mean_over_replicas(ops.mean(maps, axes, True))
            variance = backend.mean_over_replicas(
                ops.mean(ops.square(maps - mean), axes, True)
            )
        else:
            mean, variance = ops.moments(maps, axes, keepdims=True)
        scale = ops.rsqrt(variance + self.epsilon)
        if self.scale:
            scale = scale * ops.cast(self.gamma, "float32")
        y = (maps - mean) * scale
        if self.center:
            y = y + ops.cast(self.beta, "float32")
        y = ops.cast(ops.reshape(y, ops.shape(x)), self.compute_dtype)
        flat = (shares, x.shape[-1])
        return (
            y,
            ops.mean(ops.reshape(mean, flat), 0),
            ops.mean(ops.reshape(variance, flat), 0),
        )
