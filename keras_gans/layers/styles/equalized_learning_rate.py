"""The equalised learning rate: kernels that are scaled when they are used."""

import math
from typing import Any

import keras
from keras import ops


class EqualizedLearningRate:
    """Equalised learning rate, to be the first base class of a linear layer.

    Karras et al. 2018, section 4.1: weights are drawn from N(0, 1), and
    multiplied by the constant gain / sqrt(fan-in) of He's initialisation
    whenever they are used. Adam's steps do not depend on the scale of a
    parameter; with this constant all weights have the same range, and so the
    same speed of learning. Biases start at zero and have no such constant.

    Args:
        gain: The gain of the initialisation: sqrt(2) before a leaky ReLU
            (Karras et al. 2018 and 2019), 1 for a linear layer (and for all
            layers of Karras et al. 2020).
        lr_multiplier: The learning rate of this layer as a multiple of the
            optimizer's, above zero. Kernel and bias are multiplied by it when
            they are used, and the kernel is drawn from
            N(0, 1 / lr_multiplier^2), so that the layer starts alike. It is
            0.01 for the mapping network of Karras et al. 2019.

    Raises:
        ValueError: For a gain or a multiplier that is not above zero.
    """

    def __init__(
        self,
        *args: Any,
        gain: float = math.sqrt(2.0),
        lr_multiplier: float = 1.0,
        **kwargs: Any,
    ):
        if not (gain > 0 and lr_multiplier > 0):
            raise ValueError(
                "`gain` and `lr_multiplier` must be above zero. "
                f"Received: gain={gain}, lr_multiplier={lr_multiplier}"
            )
        normal = keras.initializers.RandomNormal(stddev=1.0 / lr_multiplier)
        super().__init__(*args, **{**kwargs, "kernel_initializer": normal})
        self.gain = gain
        self.lr_multiplier = lr_multiplier

    def scaled_kernel(self) -> Any:
        """Returns the kernel as it is used."""
        kernel = self.kernel  # type: ignore[attr-defined]
        fan_in = math.prod(kernel.shape[:-1])
        scale = self.gain * self.lr_multiplier / math.sqrt(fan_in)
        return ops.convert_to_tensor(kernel) * scale

    def finished(self, y: Any) -> Any:
        """Returns outputs with the bias and the activation."""
        if self.use_bias:  # type: ignore[attr-defined]
            bias = ops.cast(self.bias, y.dtype)  # type: ignore[attr-defined]
            y = y + self.lr_multiplier * bias
        return self.activation(y)  # type: ignore[attr-defined]

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        config = super().get_config()  # type: ignore[misc]
        own = {"gain": self.gain, "lr_multiplier": self.lr_multiplier}
        return {**config, **own}
