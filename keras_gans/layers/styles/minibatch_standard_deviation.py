from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class MinibatchStandardDeviation(keras.layers.Layer):
    """Adds maps that say how much the images of a batch differ.

    Karras et al. 2018, section 3: the standard deviation of each feature at
    each place over a group of images, averaged over features and places, is
    one number for each group. It is added as a constant map, with which the
    discriminator sees a lack of variety. With several `num_features` the
    channels are split into as many parts, each with a number of its own.

    Images i, i + M, i + 2M and so on are a group, where M is the number of
    groups. A batch that `group_size` does not divide is split into groups of
    the largest size below it that divides the batch: groups of 3 for a batch
    of 9 and a `group_size` of 4. In groups of one image, as of a batch of 7,
    nothing differs, and the map holds sqrt(1e-8).

    Args:
        group_size: Images in a group, at least 1.
        num_features: Number of maps; it must divide the channels.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For numbers below 1, and for channels that
            `num_features` does not divide.
    """

    def __init__(
        self, group_size: int = 4, num_features: int = 1, **kwargs: Any
    ):
        super().__init__(**kwargs)
        if group_size < 1 or num_features < 1:
            raise ValueError(
                "`group_size` and `num_features` must be at least 1. Received: "
                f"group_size={group_size}, num_features={num_features}"
            )
        self.group_size = group_size
        self.num_features = num_features

    def build(self, input_shape: Any) -> None:
        """Checks the number of channels."""
        if input_shape[-1] % self.num_features:
            raise ValueError(
                "`num_features` must divide the number of channels. Received: "
                f"num_features={self.num_features}, {input_shape[-1]} channels"
            )

    def call(self, x: Any) -> Any:
        """Maps (N, H, W, C) to (N, H, W, C + num_features)."""
        parts = (self.num_features, x.shape[-1] // self.num_features)
        size = _largest_divisor(ops.shape(x)[0], self.group_size)
        groups = ops.cast(x, "float32")
        groups = ops.reshape(groups, (size, -1, *x.shape[1:3], *parts))
        apart = groups - ops.mean(groups, axis=0, keepdims=True)
        variance = ops.mean(ops.square(apart), axis=0, keepdims=True)
        deviation = ops.sqrt(variance + 1e-8)
        number = ops.mean(deviation, axis=(2, 3, 5))  # (1, groups, features)
        maps = number[:, :, None, None] + ops.zeros_like(groups[..., 0])
        maps = ops.reshape(maps, (-1, *x.shape[1:3], self.num_features))
        return ops.concatenate([x, ops.cast(maps, x.dtype)], axis=-1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns (N, H, W, C + num_features)."""
        return (*input_shape[:-1], input_shape[-1] + self.num_features)

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        own = {
            "group_size": self.group_size,
            "num_features": self.num_features,
        }
        return {**super().get_config(), **own}


def _largest_divisor(num: Any, limit: int) -> Any:
    """Returns the largest divisor of `num`, a number or a tensor."""
    if isinstance(num, int):
        return max(k for k in range(1, limit + 1) if num % k == 0)
    sizes = ops.arange(1, limit + 1, dtype=num.dtype)  # TensorFlow, open batch
    return ops.max(ops.where(num % sizes == 0, sizes, 1))
