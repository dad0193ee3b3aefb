"""DRAGAN's gradient penalty: Kodali et al. 2017, arXiv:1705.07215."""

from typing import Any

import keras
from keras import ops

from keras_gans import backend
from keras_gans.penalties import norm_penalty
from keras_gans.stabilizers.weighted import WeightedStabilizer


@keras.saving.register_keras_serializable("keras_gans")
class DRAGAN(WeightedStabilizer):
    """Adds weight E[(|dD(x + d) / dx| - 1)^2] at real x to D's loss.

    Kodali et al. 2017: the gradient is to have the norm 1 near the data, for
    there D's sharp slopes go with collapse. The noise d is that of the
    authors' code, u * scale * std(x) * U(0, 1) for each number, with a u of
    U(0, 1) for each row, where the paper has N(0, c); the standard deviation
    is that of all numbers of the batch. Batch norm in D is not refused: the
    authors leave the architecture to the user ("pick your favorite", as their
    code's README says). The gradient of a row is then through the statistics
    of its batch.

    Args:
        weight: The paper's lambda, at least 0, or a Keras schedule.
        scale: Size of the noise, above 0.
        every: Steps from one term to the next.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For a `scale` that is not above 0.
    """

    logged = ("dragan",)

    def __init__(
        self,
        weight: Any = 10.0,
        scale: float = 0.5,
        every: int = 1,
        **kwargs: Any,
    ):
        super().__init__(weight, every, **kwargs)
        if not scale > 0:
            raise ValueError(
                f"`scale` must be above zero. Received: scale={scale}"
            )
        self.scale = scale

    def add_to_judge(self, gan: Any, look: Any) -> Any:
        """Returns the term of D's loss."""
        near = {}
        for name in look.names:
            x = ops.stop_gradient(look.real[name])
            num, ones = ops.shape(x)[0], [1] * (len(x.shape) - 1)
            noise = gan.draw(keras.random.uniform, num, *x.shape[1:])
            share = gan.draw(keras.random.uniform, num, *ones)
            noise = share * self.scale * _deviation(x) * noise
            near[name] = x + ops.cast(noise, x.dtype)
        return self.term(
            gan,
            lambda: norm_penalty(look.gradient_of({**look.real, **near})),
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {**super().get_config(), "scale": self.scale}


def _deviation(x: Any) -> Any:
    """Returns the standard deviation over the whole batch, float32."""
    x = ops.cast(x, "float32")
    mean = backend.mean_over_replicas(ops.mean(x))
    variance = backend.mean_over_replicas(ops.mean(ops.square(x - mean)))
    return ops.sqrt(variance)
