"""R2: the gradient penalty at generated values, Mescheder et al. 2018."""

from typing import Any

import keras

from keras_gans.stabilizers.gradients.r1 import ZeroCentredPenalty


@keras.saving.register_keras_serializable("keras_gans")
class R2(ZeroCentredPenalty):
    """R2: adds weight / 2 E[|dD(G(z)) / dG(z)|^2] to D's loss.

    Mescheder et al. 2018, equation 10, arXiv:1801.04406; as `R1`, at
    generated values.

    Args:
        weight: The paper's gamma, at least 0, or a Keras schedule.
        every: Steps from one term to the next.
        **kwargs: As in `keras.layers.Layer`.
    """

    side = "fake"
    logged = ("r2",)

    def __init__(self, weight: Any = 10.0, every: int = 1, **kwargs: Any):
        super().__init__(weight, every, **kwargs)
