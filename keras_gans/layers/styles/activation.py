import math
from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
def scaled_leaky_relu(x: Any) -> Any:
    """Returns sqrt(2) * leaky ReLU with a slope of 0.2.

    Karras et al. 2020, appendix B: the gain keeps the variance, in place of
    the gain of the layer before it, so that the bias has it too.

    Args:
        x: A tensor of any shape.
    """
    return math.sqrt(2.0) * ops.leaky_relu(x, 0.2)
