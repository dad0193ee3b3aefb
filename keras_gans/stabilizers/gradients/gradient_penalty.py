"""The gradient penalty of WGAN-GP, Gulrajani et al. 2017."""

from typing import Any

import keras
from keras import ops

from keras_gans.penalties import norm_penalty
from keras_gans.stabilizers.weighted import WeightedStabilizer


@keras.saving.register_keras_serializable("keras_gans")
class GradientPenalty(WeightedStabilizer):
    """Adds weight E[(|dD(x) / dx| - 1)^2] between real and generated x.

    Gulrajani et al. 2017, equation 3, arXiv:1704.00028: x is a point on the
    line between a real and a generated value, uniformly drawn for each pair.
    It needs a pass of its own through D. D should have no batch norm, which
    makes the gradient of one image depend on the others.

    Args:
        weight: The paper's lambda, at least 0, or a Keras schedule.
        one_sided: Whether norms below 1 are free (the paper's section 4):
            E[max(0, |dD(x) / dx| - 1)^2].
        every: Steps from one term to the next.
        **kwargs: As in `keras.layers.Layer`.
    """

    logged = ("penalty",)

    def __init__(
        self,
        weight: Any = 10.0,
        one_sided: bool = False,
        every: int = 1,
        **kwargs: Any,
    ):
        super().__init__(weight, every, **kwargs)
        self.one_sided = one_sided

    def add_to_judge(self, gan: Any, look: Any) -> Any:
        """Returns the term of D's loss."""
        num = ops.shape(look.real[look.names[0]])[0]
        share = gan.draw(keras.random.uniform, num, 1)

        def penalty() -> Any:
            between = {
                name: _between(look.real[name], look.fake[name], share)
                for name in look.names
            }
            gradient = look.gradient_of({**look.real, **between})
            return norm_penalty(gradient, self.one_sided)

        return self.term(gan, penalty)

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {**super().get_config(), "one_sided": self.one_sided}


def _between(real: Any, fake: Any, share: Any) -> Any:
    share = ops.reshape(share, (-1, *[1] * (len(real.shape) - 1)))
    return fake + share * (real - fake)
