"""R1: the gradient penalty at real values, Mescheder et al. 2018."""

from typing import Any

import keras
from keras import ops

from keras_gans.penalties import squared_norms
from keras_gans.stabilizers.weighted import WeightedStabilizer


class ZeroCentredPenalty(WeightedStabilizer):
    """weight / 2 E[|dD(x) / dx|^2] at one side's values, `R1` or `R2`."""

    side = ""

    def wants_gradient(self, gan: Any, side: str) -> bool:
        """Returns True for its side, in the steps that have the term."""
        return side == self.side and gan.is_due(self.every)

    def add_to_judge(self, gan: Any, look: Any) -> Any:
        """Returns the term of the discriminator's loss."""

        def penalty() -> Any:
            gradient = look.gradient_at(self.side, look.names)
            return 0.5 * ops.mean(squared_norms(gradient))

        return self.term(gan, penalty)


@keras.saving.register_keras_serializable("keras_gans")
class R1(ZeroCentredPenalty):
    """R1: adds weight / 2 E[|dD(x) / dx|^2] at real x to D's loss.

    Mescheder et al. 2018, equation 9, arXiv:1801.04406. The gradient is with
    respect to what D sees, after other stabilizers' changes. With `every=1`
    it comes from the very pass that judges the real side. Batch norm in D
    makes each D(x) depend on all rows, and the penalty is then of their sum;
    right before the last layer it makes that sum constant, so that the penalty
    is zero: take a D without it there.

    Args:
        weight: The paper's gamma, at least 0, or a Keras schedule.
        every: Steps from one term to the next; StyleGAN2 takes 16.
        **kwargs: As in `keras.layers.Layer`.
    """

    side = "real"
    logged = ("r1",)

    def __init__(self, weight: Any = 10.0, every: int = 1, **kwargs: Any):
        super().__init__(weight, every, **kwargs)
