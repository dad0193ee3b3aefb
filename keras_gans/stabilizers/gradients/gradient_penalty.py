"""The gradient penalty of WGAN-GP, Gulrajani et al. 2017."""

from typing import Any

import keras
from keras import ops

from keras_gans.layers import ConditionalBatchNormalization
from keras_gans.penalties import norm_penalty
from keras_gans.stabilizers.weighted import WeightedStabilizer

BATCH_NORMS = (keras.layers.BatchNormalization, ConditionalBatchNormalization)
"""Layers by which a row depends on the other rows of its batch."""


@keras.saving.register_keras_serializable("keras_gans")
class GradientPenalty(WeightedStabilizer):
    """Adds weight E[(|dD(x) / dx| - 1)^2] between real and generated x.

    Gulrajani et al. 2017, equation 3, arXiv:1704.00028: x is a point on the
    line between a real and a generated value, uniformly drawn for each pair.
    It needs a pass of its own through D. D must have no batch norm (section
    4): with it D(x) depends on the other rows of the batch, and the gradient
    of one row is not defined.

    Args:
        weight: The paper's lambda, at least 0, or a Keras schedule.
        one_sided: Whether norms below 1 are free (the paper's section 4):
            E[max(0, |dD(x) / dx| - 1)^2].
        every: Steps from one term to the next.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For a GAN whose discriminator has batch norm.
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

    def check(self, gan: Any) -> None:
        """Raises a ValueError where D has batch norm."""
        for judge in gan.judges:
            for network in gan.networks_of(judge):
                for layer in network._flatten_layers():
                    if isinstance(layer, BATCH_NORMS):
                        raise ValueError(
                            "GradientPenalty is of the gradient of each row, "
                            "and batch norm makes a row depend on the others: "
                            "give a discriminator without it, for instance "
                            "with layer norm. Received: "
                            f"{type(gan).__name__}, whose {judge} has the "
                            f"layer {layer.name!r}"
                        )

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
