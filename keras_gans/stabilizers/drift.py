"""The drift term of ProGAN, Karras et al. 2018."""

from typing import Any

import keras
from keras import ops

from keras_gans.stabilizers.weighted import WeightedStabilizer


@keras.saving.register_keras_serializable("keras_gans")
class Drift(WeightedStabilizer):
    """Adds weight E[D(x)^2] at real x to D's loss.

    Karras et al. 2018, appendix A.1, arXiv:1710.10196: it keeps the outputs of
    a Wasserstein critic, which only their differences matter to, near zero.

    Args:
        weight: The paper's epsilon, at least 0, or a Keras schedule.
        every: Steps from one term to the next.
        **kwargs: As in `keras.layers.Layer`.
    """

    logged = ("drift",)

    def __init__(self, weight: Any = 1e-3, every: int = 1, **kwargs: Any):
        super().__init__(weight, every, **kwargs)

    def add_to_judge(self, gan: Any, look: Any) -> Any:
        """Returns the term of D's loss."""
        logits = ops.cast(look.logits["real"], "float32")
        return self.term(gan, lambda: ops.mean(ops.square(logits)))
