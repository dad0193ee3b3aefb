"""The matching-aware gradient penalty of DF-GAN, Tao et al. 2022."""

from typing import Any

import keras
from keras import ops

from keras_gans.penalties import squared_norms
from keras_gans.stabilizers.weighted import WeightedStabilizer


@keras.saving.register_keras_serializable("keras_gans")
class MatchingAwarePenalty(WeightedStabilizer):
    """Adds weight E[|dD(x, s) / d(x, s)|^power] at real x to D's loss.

    Tao et al. 2022, equation 1, arXiv:2008.05865, "MA-GP": x are real images,
    s the sentences that go with them, and the norm is that of both gradients
    together. D is to be smooth around what matches, so that G gets there.
    Conditions that are whole numbers, such as classes, have no gradient and
    are left out. The gradient comes from the pass that judges the real side.

    Args:
        weight: The paper's k, at least 0, or a Keras schedule.
        power: The paper's p, at least 2.
        every: Steps from one term to the next.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For a power below 2, whose own gradient is infinite at 0.
    """

    logged = ("matching_penalty",)

    def __init__(
        self,
        weight: Any = 2.0,
        power: float = 6.0,
        every: int = 1,
        **kwargs: Any,
    ):
        super().__init__(weight, every, **kwargs)
        if not power >= 2:
            raise ValueError(
                f"`power` must be at least 2. Received: power={power!r}"
            )
        self.power = power

    def wants_gradient(self, gan: Any, side: str) -> bool:
        """Returns True for the real side, in the steps with the term."""
        return side == "real" and gan.is_due(self.every)

    def gradient_names(self, gan: Any) -> tuple[str, ...]:
        """Returns the names of all real numbers that D sees."""
        kinds = {name: gan.modality_of(name) for name in gan.sees}
        return tuple(n for n, kind in kinds.items() if kind.dtype == "float32")

    def add_to_judge(self, gan: Any, look: Any) -> Any:
        """Returns the term of D's loss."""

        def penalty() -> Any:
            seen = self.gradient_names(gan)
            names = [name for name in seen if name in look.real]
            gradient = look.gradient_at("real", names)
            return ops.mean(squared_norms(gradient) ** (self.power / 2.0))

        return self.term(gan, penalty)

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {**super().get_config(), "power": self.power}
