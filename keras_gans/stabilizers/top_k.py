"""Top-k training: Sinha et al. 2020, arXiv:2002.06224."""

from typing import Any

import keras
from keras import ops

from keras_gans.stabilizers.stabilizer import Stabilizer


@keras.saving.register_keras_serializable("keras_gans")
class TopK(Stabilizer):
    """Lets the generator learn from the k fakes that D gives the most to.

    Sinha et al. 2020, algorithm 1: the gradient of G's loss is the mean over
    the k fakes of a batch with the highest logits; the others, whose gradients
    lead away from the data, give none. In step t of the GAN k is the batch
    times fraction^(t / steps), and from `steps` on the batch times `fraction`:
    the paper's decay, by steps where it has epochs.

    The logged loss of G stays that of the whole batch; only the gradient that
    passes through D's logits is of the k fakes. So it fits all losses that
    are means over a batch, and terms beside them are as they were. Where D
    gives several logits of a fake, their mean counts. On TensorFlow and
    PyTorch each replica takes the k of its own share.

    Args:
        fraction: The share of a batch that is left at last, in (0, 1].
        steps: Steps of the GAN until then, at least 1.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For numbers out of range.
    """

    logged = ("top_k",)

    def __init__(
        self, fraction: float = 0.5, steps: int = 10_000, **kwargs: Any
    ):
        super().__init__(**kwargs)
        if not 0 < fraction <= 1:
            raise ValueError(
                f"`fraction` must be in (0, 1]. Received: fraction={fraction}"
            )
        self.fraction = fraction
        self.steps = steps

    def hear(self, gan: Any, look: Any, player: str) -> Any:
        """Stops the gradient of all fakes but k, in the generator's phase."""
        if player in gan.judges or look.fake is None:
            return 0.0
        logits = look.logits["fake"]
        scores = ops.reshape(logits, (ops.shape(logits)[0], -1))
        scores = ops.mean(ops.cast(scores, "float32"), axis=1)
        num = ops.cast(ops.shape(scores)[0], "float32")
        k = self.number(num, gan.steps)
        ranks = ops.argsort(ops.argsort(-ops.stop_gradient(scores)))
        # A loss is a mean over the batch: the k count for all of it.
        gains = ops.where(ops.cast(ranks, "float32") < k, num / k, 0.0)
        gains = ops.reshape(gains, (-1, *[1] * (len(logits.shape) - 1)))
        # Zero but for its gradient, which is `gains`.
        passed = logits - ops.stop_gradient(logits)
        passed = ops.cast(gains, logits.dtype) * passed
        look.answer("fake", ops.stop_gradient(logits) + passed)
        gan.log("top_k", k)
        return 0.0

    def number(self, num: Any, step: Any) -> Any:
        """Returns k, float32, for a batch of `num` in a step."""
        done = ops.minimum(ops.cast(step, "float32") / self.steps, 1.0)
        k = ops.floor(num * ops.power(self.fraction, done) + 0.5)
        return ops.maximum(k, 1.0)

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        own = {"fraction": self.fraction, "steps": self.steps}
        return {**super().get_config(), **own}
