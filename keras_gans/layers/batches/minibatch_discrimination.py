from typing import Any

import keras
from keras import ops

from keras_gans.arguments import whole_number


@keras.saving.register_keras_serializable("keras_gans")
class MinibatchDiscrimination(keras.layers.Layer):
    """Tells a discriminator how near each row is to the others of its batch.

    Salimans et al. 2016, section 3.2, arXiv:1606.03498: features f of a row
    are multiplied by a tensor T, M = f T of `kernels` rows of `dims` numbers.
    Of row i and kernel b o(i, b) = sum over j of exp(-|M(i, b) - M(j, b)|_1),
    which is added to the features. Without variety the sums are large. As in
    the paper j = i counts too: it is 1 in every sum.

    It compares all pairs of a batch: N^2 * kernels * dims numbers. Real and
    generated rows must go through D apart, as they do here.

    Args:
        kernels: The paper's B, the number of sums, at least 1.
        dims: The paper's C, numbers that a distance is over, at least 1.
        kernel_initializer: Initializer of T.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For numbers below 1, and for inputs that are not (N, A).
    """

    def __init__(
        self,
        kernels: int = 100,
        dims: int = 5,
        kernel_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.kernels = whole_number("kernels", kernels)
        self.dims = whole_number("dims", dims)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape: Any) -> None:
        """Creates T, for features (N, A)."""
        if len(input_shape) != 2:
            raise ValueError(
                "Minibatch discrimination takes features (N, A): flatten maps "
                f"first. Received: {tuple(input_shape)}"
            )
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], self.kernels * self.dims),
            initializer=self.kernel_initializer,
        )

    def call(self, x: Any) -> Any:
        """Maps (N, A) to (N, A + kernels)."""
        rows = ops.matmul(x, ops.cast(self.kernel, x.dtype))
        rows = ops.reshape(rows, (-1, self.kernels, self.dims))
        rows = ops.cast(rows, "float32")
        distances = ops.sum(ops.abs(rows[:, None] - rows[None]), axis=-1)
        sums = ops.sum(ops.exp(-distances), axis=1)
        return ops.concatenate([x, ops.cast(sums, x.dtype)], axis=-1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns (N, A + kernels)."""
        return (*input_shape[:-1], input_shape[-1] + self.kernels)

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        return {
            **super().get_config(),
            "kernels": self.kernels,
            "dims": self.dims,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }
