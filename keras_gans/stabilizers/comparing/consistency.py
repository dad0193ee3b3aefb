"""Consistency regularisation: Zhang et al. 2020, Zhao et al. 2021."""

from typing import Any

import keras
from keras import ops

from keras_gans.modalities import Image, Mask
from keras_gans.stabilizers.diff_augment import translation
from keras_gans.stabilizers.stabilizer import check_images
from keras_gans.stabilizers.weighted import WeightedStabilizer


@keras.saving.register_keras_serializable("keras_gans")
class ConsistencyRegularisation(WeightedStabilizer):
    """Adds weight E[(D(x) - D(T(x)))^2] at real x to D's loss.

    CR, Zhang et al. 2020, arXiv:1910.12027: D is to say the same
    of an image and of that image changed, on the output of its last layer. T
    mirrors half of the images and shifts each by up to `shift` of its sides,
    with zeros where nothing comes in. What has a left and a right, such as
    digits, should not be mirrored: D would take its mirror image for real.
    Images of one row are changed alike, and masks move with them.

    `balanced=True` is bCR, Zhao et al. 2021, arXiv:2002.04724, algorithm 1:
    the same at generated images too, with the same weight, and no gradient
    goes to G. Each side takes a pass of its own through D.

    Args:
        weight: The papers' lambda, at least 0, or a Keras schedule.
        balanced: Whether generated images count too.
        mirror: Whether to mirror half of the images.
        shift: The largest shift, as a share of a side, in [0, 0.5].
        every: Steps from one term to the next.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For a `shift` out of range, and for a GAN without images.
    """

    logged = ("consistency",)

    def __init__(
        self,
        weight: Any = 10.0,
        balanced: bool = False,
        mirror: bool = True,
        shift: float = 0.125,
        every: int = 1,
        **kwargs: Any,
    ):
        super().__init__(weight, every, **kwargs)
        if not 0 <= shift <= 0.5:
            raise ValueError(
                f"`shift` must be in [0, 0.5]. Received: shift={shift}"
            )
        self.balanced = balanced
        self.mirror = mirror
        self.shift = shift

    def check(self, gan: Any) -> None:
        """Raises a ValueError where the discriminator sees no images."""
        check_images(self, gan)

    def add_to_judge(self, gan: Any, look: Any) -> Any:
        """Returns the term of D's loss."""
        sides = ("real", "fake") if self.balanced else ("real",)
        changed = {side: self.changed(gan, look.seen(side)) for side in sides}

        def penalty() -> Any:
            total: Any = 0.0
            for side in sides:
                said = keras.tree.flatten(look.judge(changed[side]))[0]
                total += mean_square(look.logits[side], said)
            return total

        return self.term(gan, penalty)

    def changed(self, gan: Any, seen: dict[str, Any]) -> dict[str, Any]:
        """Returns T of what D sees."""
        names = [
            name
            for name in seen
            if isinstance(gan.modality_of(name), Image | Mask)
        ]
        num = ops.shape(seen[names[0]])[0]
        numbers = gan.draw(keras.random.uniform, num, 3)
        mirrors = numbers[:, :1, None, None] < (0.5 if self.mirror else 0.0)
        changed = {}
        for name in names:
            x = ops.stop_gradient(seen[name])
            x = ops.where(mirrors, ops.flip(x, axis=2), x)
            moved = translation(
                x, ops.cast(numbers[:, 1:], "float32"), self.shift
            )
            changed[name] = ops.cast(moved, x.dtype)
        return {**seen, **changed}

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        own = {
            "balanced": self.balanced,
            "mirror": self.mirror,
            "shift": self.shift,
        }
        return {**super().get_config(), **own}


def mean_square(one: Any, other: Any) -> Any:
    """Returns the mean of (one - other)^2, float32."""
    apart = ops.cast(one, "float32") - ops.cast(other, "float32")
    return ops.mean(ops.square(apart))
