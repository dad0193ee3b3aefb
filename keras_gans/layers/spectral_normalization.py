"""Spectral normalisation: layers divided by their largest singular value."""

from typing import Any

import keras
import numpy as np
from keras import ops


class SpectralNormalization:
    """Spectral normalisation, to be the first base class of a linear layer.

    Miyato et al. 2018, equations 8 and 9, Algorithm 1. The kernel W as a
    matrix (inputs, outputs) is divided by sigma = v^T W u, its largest
    singular value. Steps of the power method in each training pass give u and
    v. The gradient treats u and v as constants, and flows through sigma
    (equation 12). `keras.layers.SpectralNormalization` overwrites the weights
    with the normalised kernel instead, so no gradient flows through sigma.

    The vector u starts as the leading singular vector of the initial kernel:
    sigma is exact at first, and the power method follows its changes.

    Args:
        power_iterations: Steps of the power method in each training pass. The
            paper takes 1; with more, sigma follows fast changes of the
            weights more closely.
    """

    def __init__(self, *args: Any, power_iterations: int = 1, **kwargs: Any):
        if power_iterations < 1:
            raise ValueError(
                "`power_iterations` must be at least 1. "
                f"Received: power_iterations={power_iterations}"
            )
        super().__init__(*args, **kwargs)
        self.power_iterations = power_iterations

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        config = super().get_config()  # type: ignore[misc]
        return {**config, "power_iterations": self.power_iterations}

    def make_u(self, kernel: Any) -> None:
        """Creates u, one number for each output, for the initial kernel."""
        matrix = ops.convert_to_numpy(kernel).astype("float64")
        matrix = matrix.reshape(-1, matrix.shape[-1])
        # The smaller one of W W^T and W^T W: the larger one, with thousands
        # of rows, would take a minute.
        if matrix.shape[0] < matrix.shape[1]:
            _, vectors = np.linalg.eigh(matrix @ matrix.T)
            u = vectors[:, -1] @ matrix
            u = u / np.linalg.norm(u)
        else:
            _, vectors = np.linalg.eigh(matrix.T @ matrix)
            u = vectors[:, -1]
        self.u = self.add_weight(  # type: ignore[attr-defined]
            name="u",
            shape=(kernel.shape[-1],),
            initializer=lambda shape, dtype: ops.cast(u, dtype),
            trainable=False,
            autocast=False,
            # All replicas hold the same kernel and so compute the same u.
            aggregation="only_first_replica",
        )

    def normalised(self, kernel: Any, training: bool) -> Any:
        """Returns kernel / sigma; in training u is updated first."""
        kernel = ops.convert_to_tensor(kernel)
        matrix = ops.cast(kernel, "float32")
        matrix = ops.reshape(matrix, (-1, kernel.shape[-1]))
        fixed = ops.stop_gradient(matrix)
        u = ops.convert_to_tensor(self.u)
        v = _unit(ops.matmul(fixed, u))
        if training:

            def iterate(_: Any, vectors: tuple[Any, Any]) -> tuple[Any, Any]:
                u = _unit(ops.matmul(vectors[1], fixed))
                return u, _unit(ops.matmul(fixed, u))

            if self.power_iterations == 1:  # quicker to trace than a loop
                u, v = iterate(0, (u, v))
            else:
                u, v = ops.fori_loop(0, self.power_iterations, iterate, (u, v))
            self.u.assign(u)
        sigma = ops.sum(ops.matmul(v, matrix) * u)
        return kernel / ops.cast(sigma, kernel.dtype)

    # Keras's linear layers save a fixed list of weights, without u.

    def save_own_variables(self, store: Any) -> None:
        """Saves all weights, u included."""
        keras.layers.Layer.save_own_variables(self, store)

    def load_own_variables(self, store: Any) -> None:
        """Loads what `save_own_variables` saved."""
        keras.layers.Layer.load_own_variables(self, store)


def _unit(x: Any) -> Any:
    return ops.stop_gradient(x / (ops.norm(x) + 1e-12))


@keras.saving.register_keras_serializable("keras_gans")
class SpectralConv2D(SpectralNormalization, keras.layers.Conv2D):
    """`keras.layers.Conv2D` with spectral normalisation.

    sigma is that of the kernel as a matrix (height * width * channels,
    filters), as in the paper's section 2.1, and not that of the convolution
    as a linear map of images.
    """

    def build(self, input_shape: Any) -> None:
        """Creates the weights."""
        super().build(input_shape)
        self.make_u(self.kernel)

    def call(self, x: Any, training: bool = False) -> Any:
        """Maps (N, H, W, channels) to (N, H', W', filters)."""
        y = self.convolution_op(x, self.normalised(self.kernel, training))
        if self.use_bias:
            y = y + ops.cast(self.bias, y.dtype)
        return self.activation(y)


@keras.saving.register_keras_serializable("keras_gans")
class SpectralDense(SpectralNormalization, keras.layers.Dense):
    """`keras.layers.Dense` with spectral normalisation."""

    def build(self, input_shape: Any) -> None:
        """Creates the weights."""
        super().build(input_shape)
        self.make_u(self.kernel)

    def call(self, x: Any, training: bool = False) -> Any:
        """Maps (..., features) to (..., units)."""
        y = ops.matmul(x, self.normalised(self.kernel, training))
        if self.use_bias:
            y = y + ops.cast(self.bias, y.dtype)
        return self.activation(y)


@keras.saving.register_keras_serializable("keras_gans")
class SpectralEmbedding(SpectralNormalization, keras.layers.Embedding):
    """`keras.layers.Embedding` with spectral normalisation."""

    def build(self, input_shape: Any = None) -> None:
        """Creates the weights."""
        super().build(input_shape)
        self.make_u(self.embeddings)

    def call(self, labels: Any, training: bool = False) -> Any:
        """Maps whole numbers (...) to vectors (..., output_dim)."""
        table = self.normalised(self.embeddings, training)
        return ops.take(table, ops.cast(labels, "int32"), axis=0)

    def compute_output_spec(self, labels: Any, training: bool = False) -> Any:
        """Returns the output's spec; Keras's own method takes no `training`."""
        return super().compute_output_spec(labels)
