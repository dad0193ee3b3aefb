"""Instance noise: Sonderby et al. 2017, Arjovsky and Bottou 2017."""

from typing import Any

import keras
from keras import ops

from keras_gans.stabilizers.stabilizer import Stabilizer


@keras.saving.register_keras_serializable("keras_gans")
class InstanceNoise(Stabilizer):
    """Adds noise to all that D sees, real and generated, less in each step.

    Sonderby et al. 2017, arXiv:1610.04490, and Arjovsky and
    Bottou 2017, arXiv:1701.04862, section 3: with noise of N(0, s^2) the two
    distributions overlap, so that D cannot be sure. In step t
    s = deviation * max(0, 1 - t / steps): it is a function of the GAN's step,
    and a run that resumes goes on with it. Conditions, such as Pix2Pix's
    inputs, stay as they are.

    Args:
        deviation: s at the start, above 0; values are in [-1, 1].
        steps: Steps of the GAN until there is no noise, at least 1.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For numbers out of range.
    """

    def __init__(
        self, deviation: float = 0.1, steps: int = 10_000, **kwargs: Any
    ):
        super().__init__(**kwargs)
        if deviation <= 0:
            raise ValueError(
                "`deviation` must be above zero. "
                f"Received: deviation={deviation}"
            )
        self.deviation = deviation
        self.steps = steps

    def change(
        self, gan: Any, seen: dict[str, Any], kinds: dict[str, Any]
    ) -> dict[str, Any]:
        """Adds noise to what a generator makes."""
        done = ops.cast(gan.steps, "float32") / self.steps
        deviation = self.deviation * ops.relu(1.0 - done)
        changed = {}
        for name in gan.makes:
            x = seen[name]
            num = ops.shape(x)[0]
            noise = gan.draw(keras.random.normal, num, *x.shape[1:])
            changed[name] = x + ops.cast(deviation * noise, x.dtype)
        return {**seen, **changed}

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        own = {"deviation": self.deviation, "steps": self.steps}
        return {**super().get_config(), **own}
