import math
from typing import Any

import keras
from keras import ops

from keras_gans.layers.styles.fir_conv import conv, conv_up


@keras.saving.register_keras_serializable("keras_gans")
class ModulatedConv2D(keras.layers.Layer):
    """A convolution whose kernel is scaled anew for each image.

    Karras et al. 2020, equations 1 and 3: image n has the kernel

        w'[k, i, o] = s[n, i] w[k, i, o] / sqrt(sum_ki (s[n, i] w[k, i, o])^2)

    for the place k in the kernel, the input channel i and the output channel
    o. Scales of channels can be moved through the convolution: multiplying
    the inputs by s, convolving all images by the same w, and dividing the
    outputs by the root gives exactly that, without a kernel for each image.
    The root needs sum_k w^2 only, a product of matrices.

    Args:
        filters: Number of output channels.
        kernel_size: Side of the kernel, 3 or 1.
        up: Whether to double height and width, by a transposed 3x3
            convolution smoothed by the filter (1, 3, 3, 1).
        demodulate: Whether to divide by the root.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For doubling with another kernel than 3x3.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int = 3,
        up: bool = False,
        demodulate: bool = True,
        **kwargs: Any,
    ):
        # Scales and kernels stay in float32 until the root is taken: squares
        # of small numbers are lost in half precision.
        super().__init__(autocast=False, **kwargs)
        if up and kernel_size != 3:
            raise ValueError(
                "`up` needs a kernel of 3x3. "
                f"Received: kernel_size={kernel_size}"
            )
        self.filters = filters
        self.kernel_size = kernel_size
        self.up = up
        self.demodulate = demodulate

    def build(self, input_shape: Any) -> None:
        """Adds the kernel, drawn from N(0, 1)."""
        channels = input_shape[0][-1]
        self.kernel = self.add_weight(
            (self.kernel_size, self.kernel_size, channels, self.filters),
            initializer=keras.initializers.RandomNormal(stddev=1.0),
            name="kernel",
        )

    def call(self, inputs: Any) -> Any:
        """Convolves.

        Args:
            inputs: Maps (N, H, W, channels) and scales (N, channels).

        Returns:
            Maps (N, H, W, filters) or (N, 2H, 2W, filters).
        """
        x, scales = inputs
        kernel = ops.convert_to_tensor(self.kernel)
        # The equalised learning rate, Karras et al. 2018, section 4.1.
        kernel = kernel / math.sqrt(math.prod(kernel.shape[:-1]))
        y = ops.cast(x, self.compute_dtype)
        y = y * _of_each_pixel(scales, y.dtype)
        convolve = conv_up if self.up else conv
        y = convolve(y, ops.cast(kernel, y.dtype))
        if self.demodulate:
            power = ops.sum(ops.square(kernel), axis=(0, 1))
            scales = ops.square(ops.cast(scales, kernel.dtype))
            root = ops.rsqrt(ops.matmul(scales, power) + 1e-8)
            y = y * _of_each_pixel(root, y.dtype)
        return y

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns (N, H, W, filters) or (N, 2H, 2W, filters)."""
        n, height, width, _ = input_shape[0]
        factor = 2 if self.up else 1
        return n, factor * height, factor * width, self.filters

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        own = {
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "up": self.up,
            "demodulate": self.demodulate,
        }
        return {**super().get_config(), **own}


def _of_each_pixel(scales: Any, dtype: Any) -> Any:
    """Returns scales (N, C) as (N, 1, 1, C)."""
    # Not by an index, which LiteRT does not know in four dimensions.
    return ops.cast(ops.reshape(scales, (-1, 1, 1, scales.shape[-1])), dtype)
