"""Label flipping: Chintala et al. 2016, "How to train a GAN"."""

from typing import Any

import keras
from keras import ops

from keras_gans.stabilizers.stabilizer import Stabilizer


@keras.saving.register_keras_serializable("keras_gans")
class LabelFlipping(Stabilizer):
    """Tells D the wrong label of a row, with a probability p.

    Chintala et al. 2016 (github.com/soumith/ganhacks, 6): labels of the real
    and of the generated value of a row are swapped for D's loss, so that D
    cannot be sure. Any loss will do: D's two logits are swapped. The
    generator's loss stays as it is. The logged `real_score` and `fake_score`
    are of the swapped logits. One-sided label smoothing is a loss,
    "non_saturating_smoothed".

    Args:
        p: The probability, in [0, 0.5): from a half on D learns nothing, or
            the reverse.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For a `p` out of range.
    """

    def __init__(self, p: float = 0.05, **kwargs: Any):
        super().__init__(**kwargs)
        if not 0 <= p < 0.5:
            raise ValueError(f"`p` must be in [0, 0.5). Received: p={p}")
        self.p = p

    def hear(self, gan: Any, look: Any, player: str) -> Any:
        """Swaps logits of a row, in D's phase."""
        if player not in gan.judges or look.real is None or look.fake is None:
            return 0.0
        real, fake = look.logits["real"], look.logits["fake"]
        num = ops.shape(real)[0]
        number = gan.draw(keras.random.uniform, num, 1)
        number = ops.reshape(number, (-1, *[1] * (len(real.shape) - 1)))
        is_flipped = number < self.p
        look.answer("real", ops.where(is_flipped, fake, real))
        look.answer("fake", ops.where(is_flipped, real, fake))
        return 0.0

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {**super().get_config(), "p": self.p}
