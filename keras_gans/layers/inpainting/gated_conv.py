"""Gated convolution: Yu et al. 2019, arXiv:1806.03589, section 3.1."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class GatedConv2D(keras.layers.Conv2D):
    """A convolution whose features pass a gate that the layer learns too.

    Equation 4: activation(F) * sigmoid(G), where F and G are convolutions of
    the same maps with kernels of their own. At every place and in every
    channel the gate says how far a feature counts, so that the layers learn
    by themselves what is a hole and what is a photograph.

    Args:
        filters: Number of output channels. The kernel has twice as many: it
            makes the features first, and then their gates.
        kernel_size: Side of the kernel.
        activation: The activation of the features.
        **kwargs: As in `keras.layers.Conv2D`, for instance `strides` and
            `dilation_rate`.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: Any = 3,
        activation: Any = "elu",
        **kwargs: Any,
    ):
        kwargs = {"padding": "same", **kwargs, "data_format": "channels_last"}
        super().__init__(
            2 * filters, kernel_size, activation=activation, **kwargs
        )

    def call(self, x: Any) -> Any:
        """Maps (N, H, W, channels) to (N, H', W', filters)."""
        y = self.convolution_op(x, self.kernel)
        if self.use_bias:
            y = y + ops.cast(self.bias, y.dtype)
        features, gates = ops.split(y, 2, axis=-1)
        return self.activation(features) * ops.sigmoid(gates)

    def compute_output_shape(self, input_shape: Any) -> tuple[Any, ...]:
        """Returns the shape of the gated features."""
        *shape, channels = super().compute_output_shape(input_shape)
        return (*shape, channels // 2)

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        return {**super().get_config(), "filters": self.filters // 2}
