"""Weight clipping, Arjovsky et al. 2017."""

from typing import Any

import keras
from keras import ops

from keras_gans.stabilizers.stabilizer import LazyStabilizer


@keras.saving.register_keras_serializable("keras_gans")
class WeightClipping(LazyStabilizer):
    """Clips the discriminator's weights to [-clip, clip] after each step.

    Arjovsky et al. 2017, Algorithm 1, arXiv:1701.07875.

    Args:
        clip: The paper's c, above 0.
        every: Steps of the GAN from one clipping to the next.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For a `clip` that is not above zero.
    """

    def __init__(self, clip: float = 0.01, every: int = 1, **kwargs: Any):
        super().__init__(every, **kwargs)
        if not clip > 0:
            raise ValueError(
                f"`clip` must be above zero. Received: clip={clip}"
            )
        self.clip = clip

    def after_step(self, gan: Any, player: str) -> None:
        """Clips, after a step of the discriminator."""
        if player not in gan.judges or not gan.is_due(self.every):
            return
        for weight in gan.variables_of(player):
            weight.assign(ops.clip(weight, -self.clip, self.clip))

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {**super().get_config(), "clip": self.clip}
