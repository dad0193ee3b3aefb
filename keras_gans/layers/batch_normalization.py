from typing import Any

import keras
from keras import ops

from keras_gans import backend


@keras.saving.register_keras_serializable("keras_gans")
class BatchNormalization(keras.layers.BatchNormalization):
    """Batch norm with statistics of each replica's share, or of the batch.

    On one device the results are those of `keras.layers.BatchNormalization`.
    On TensorFlow it calls the fused kernel, where Keras's layer runs a dozen
    operations in float32. The kernel reads bfloat16 maps directly, still
    computes in float32, and takes a sixth of the time on a CPU.

    The moving averages are means over all replicas, so every replica holds
    the same ones.

    Args:
        synchronized: True to normalise with the statistics of the whole
            batch, which costs two messages between replicas for each layer
            and pass; False to normalise each replica's share with its own
            statistics.
        **kwargs: As in `keras.layers.BatchNormalization`. The axis is always
            the last one.
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
        # The kernel returns the variance times n / (n - 1). Keras averages
        # the variance itself, and every backend must average the same.
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
