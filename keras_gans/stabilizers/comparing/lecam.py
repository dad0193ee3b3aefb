"""LeCam regularisation: Tseng et al. 2021, arXiv:2104.03310."""

from typing import Any

import keras
from keras import ops

from keras_gans import backend
from keras_gans.stabilizers.weighted import WeightedStabilizer


@keras.saving.register_keras_serializable("keras_gans")
class LeCam(WeightedStabilizer):
    """Adds weight (E[(D(x) - a_fake)^2] + E[(D(G(z)) - a_real)^2]) to D's loss.

    Tseng et al. 2021, the paper's R_LC: a_real and a_fake are exponential
    moving averages of what D says of real and of generated values. D is to
    hold the two less far apart, which helps where there are few images. (The
    authors' code takes D(x) - a_fake and a_real - D(G(z)) only where they are
    positive.)

    The averages start with the first batch, follow every step of D, include
    the present batch, and are saved. Several discriminators share them.

    Args:
        weight: The paper's lambda, at least 0, or a Keras schedule.
        decay: Share of the old averages that each step keeps, in [0, 1).
        every: Steps from one term to the next.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For a `decay` out of range.
    """

    logged = ("lecam",)

    def __init__(
        self,
        weight: Any = 0.3,
        decay: float = 0.99,
        every: int = 1,
        **kwargs: Any,
    ):
        super().__init__(weight, every, **kwargs)
        if not 0 <= decay < 1:
            raise ValueError(
                f"`decay` must be in [0, 1). Received: decay={decay}"
            )
        self.decay = decay
        self.real_mean, self.fake_mean, self.started = (
            self.add_weight(
                name=name,
                shape=(),
                dtype="float32",
                initializer="zeros",
                trainable=False,
                aggregation="only_first_replica",
            )
            for name in ("real_mean", "fake_mean", "started")
        )

    def add_to_judge(self, gan: Any, look: Any) -> Any:
        """Moves the averages, and returns the term of D's loss."""
        real, fake = (
            ops.cast(look.logits[side], "float32") for side in ("real", "fake")
        )
        kept = self.decay * self.started
        means = []
        for mean, logits in ((self.real_mean, real), (self.fake_mean, fake)):
            now = ops.stop_gradient(ops.mean(logits))
            now = backend.mean_over_replicas(now)
            means.append(kept * mean + (1.0 - kept) * now)
            mean.assign(means[-1])
        self.started.assign(1.0)
        real_mean, fake_mean = means
        return self.term(
            gan,
            lambda: (
                ops.mean(ops.square(real - fake_mean))
                + ops.mean(ops.square(fake - real_mean))
            ),
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {**super().get_config(), "decay": self.decay}
