"""Adaptive augmentation: Karras et al. 2020b, arXiv:2006.06676."""

import warnings
from typing import Any

import keras
from keras import ops

from keras_gans import backend
from keras_gans.losses import BOUNDARIES, LOSSES
from keras_gans.modalities import Image, Mask
from keras_gans.stabilizers.augmentation import colour, corruption, geometry
from keras_gans.stabilizers.augmentation.numbers import (
    NORMAL,
    UNIFORM,
    Numbers,
)
from keras_gans.stabilizers.stabilizer import Stabilizer, check_images

CHANGES = ("blit", "geometry", "colour", "filter", "noise", "cutout")
"""The groups of changes, in the order in which they are applied."""


@keras.saving.register_keras_serializable("keras_gans")
class ADA(Stabilizer):
    """Changes all images that D sees, each change with a probability p.

    The generator learns through the changes. While p is well below 1 they do
    not leak into what is generated. The probability follows how far D overfits
    (section 3): r = E[sign(D(x))] of the real images x tells the share that D
    takes for real. Every `interval` steps of D, p rises by the number of images
    since then over `images` where r is above `target`, and else falls by as
    much; it stays in [0, 1]. p and the running sum of signs are saved, and a
    run that resumes goes on with them.

    The changes (appendix B) are, in the order in which they are applied:

    - "blit": mirroring, rotations by 90 degrees, integer translations;
    - "geometry": isotropic scale, rotation, anisotropic scale, rotation,
      fractional translation. With "blit" it is one transformation of an image
      that is mirrored at its sides, doubled by the wavelet filter sym6 and
      halved again, against aliasing;
    - "colour": brightness, contrast, luma flip, hue rotation, saturation. Grey
      images keep the latter two;
    - "filter": amplifies four bands of frequencies;
    - "noise": adds noise of a random deviation;
    - "cutout": sets a rectangle of half of each side to zero.

    Images of one row (an input and its output, say) are changed alike, and
    masks move with them. The sign is that of D(x) less the boundary of its
    loss (`keras_gans.losses.BOUNDARIES`): 0 for cross-entropy and hinge, and
    between the two labels for least squares. Relativistic and Wasserstein
    losses have none: a warning says so, and `target=None` keeps p as it is.

    Args:
        target: The r to aim at, in (-1, 1); None to leave p at `p`.
        policy: The groups of changes, with commas between. The default is the
            paper's.
        p: The probability at the start, in [0, 1].
        images: Number of images in which p can go from 0 to 1.
        interval: Number of D's steps from one adjustment to the next.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For numbers out of range, for unknown changes, and for a
            GAN without images, or with colours that it cannot change.
    """

    logged = ("augment_p", "real_sign")

    def __init__(
        self,
        target: float | None = 0.6,
        policy: str = "blit,geometry,colour",
        p: float = 0.0,
        images: int = 500_000,
        interval: int = 4,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        names = [name.strip() for name in policy.split(",")]
        unknown = [name for name in names if name not in CHANGES]
        if unknown:
            raise ValueError(
                f"`policy` takes {', '.join(CHANGES)}, with commas between. "
                f"Received: policy={policy!r}"
            )
        if not (target is None or -1 < target < 1) or not 0 <= p <= 1:
            raise ValueError(
                "`target` must be in (-1, 1) or None, and `p` in [0, 1]. "
                f"Received: target={target}, p={p}"
            )
        self.target = target
        self.policy = policy
        self.names = names
        self.start = p
        self.images = images
        self.interval = interval
        self.p = self._number("p", p)
        self.signs, self.looks, self.seen_images, self.judge_steps = (
            self._number(name, 0.0)
            for name in ("signs", "looks", "seen_images", "judge_steps")
        )

    def _number(self, name: str, start: float) -> Any:
        return self.add_weight(
            name=name,
            shape=(),
            dtype="float32",
            initializer=keras.initializers.Constant(start),
            trainable=False,
            aggregation="only_first_replica",
        )

    def check(self, gan: Any) -> None:
        """Raises a ValueError where D sees no images that can be changed."""
        channels = [image.shape[-1] for image in check_images(self, gan)]
        if "colour" in self.names and not {1, 3}.issuperset(channels):
            raise ValueError(
                "The changes of colour are for images of 1 or 3 channels: "
                "leave `colour` out of `policy`. "
                f"Received: images of {channels} channels"
            )

    def check_loss(self, loss: Any) -> None:
        """Warns where the sign of D(x) does not tell what it takes for real."""
        known = [of_judge for of_judge, _ in LOSSES.values()]
        if self.target is None or loss in BOUNDARIES or loss not in known:
            return
        warnings.warn(
            "ADA follows how often D takes real images for real, which this "
            "loss does not tell: p may rise to 1 without need. "
            "ADA(target=None, p=0.2) keeps it. Received: "
            f"target={self.target} with a loss of differences",
            stacklevel=4,
        )

    def change(
        self, gan: Any, seen: dict[str, Any], kinds: dict[str, Any]
    ) -> dict[str, Any]:
        """Changes the images and masks among `seen`."""
        images = [n for n, kind in kinds.items() if isinstance(kind, Image)]
        masks = [n for n, kind in kinds.items() if isinstance(kind, Mask)]
        num = ops.shape(seen[images[0]])[0]
        numbers = Numbers(
            gan.draw(keras.random.uniform, num, UNIFORM),
            gan.draw(keras.random.normal, num, NORMAL),
            ops.convert_to_tensor(self.p),
        )
        changed = {}
        for name in images:
            noise = None
            if "noise" in self.names:
                shape = seen[name].shape[1:]
                noise = gan.draw(keras.random.normal, num, *shape)
            changed[name] = augment(seen[name], numbers, self.names, noise)
        moves = [n for n in self.names if n in ("blit", "geometry", "cutout")]
        for name in masks:
            mask = augment(seen[name], numbers, moves)
            changed[name] = ops.round(ops.clip(mask, 0.0, 1.0))
        return {**seen, **changed}

    def add_to_judge(self, gan: Any, look: Any) -> Any:
        """Counts the signs of D's logits of real images."""
        logits = ops.stop_gradient(look.logits["real"])
        loss: Any = getattr(gan, "of_discriminator", None)
        beyond = ops.cast(logits, "float32") - BOUNDARIES.get(loss, 0.0)
        sign = ops.mean(ops.sign(beyond))
        sign = backend.mean_over_replicas(sign)
        num = ops.shape(logits)[0] * gan.together * backend.replica()[1]
        num = ops.cast(num, "float32")
        self.signs.assign_add(sign)
        self.seen_images.assign_add(num)
        self.looks.assign_add(1.0)
        gan.log("augment_p", self.p)
        gan.log("real_sign", sign)
        return 0.0

    def after_step(self, gan: Any, player: str) -> None:
        """Adjusts p after every `interval` steps of D."""
        if player not in gan.judges or self.target is None:
            return
        steps = self.judge_steps + 1.0
        looks = ops.maximum(self.looks, 1.0)
        is_due = ops.cast(steps >= self.interval, "float32")
        direction = ops.sign(self.signs / looks - self.target)
        images = self.seen_images / looks * steps
        p = self.p + is_due * direction * images / self.images
        self.p.assign(ops.clip(p, 0.0, 1.0))
        for number in (self.signs, self.looks, self.seen_images):
            number.assign((1.0 - is_due) * number)
        self.judge_steps.assign((1.0 - is_due) * steps)

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {
            **super().get_config(),
            "target": self.target,
            "policy": self.policy,
            "p": self.start,
            "images": self.images,
            "interval": self.interval,
        }


def augment(
    images: Any, numbers: Numbers, names: Any = CHANGES, noise: Any = None
) -> Any:
    """Applies changes; the same images and numbers give the same result.

    Args:
        images: (N, H, W, C) in [-1, 1].
        numbers: The random numbers, of which p = 0 changes nothing.
        names: The changes to apply.
        noise: (N, H, W, C), of N(0, 1); None to add none.

    Returns:
        Images of that shape.
    """
    height, width, channels = images.shape[1:]
    x = ops.cast(images, "float32")
    moves = {"blit": geometry.blit, "geometry": geometry.geometric}
    matrices = [
        move(numbers, height, width)
        for name, move in moves.items()
        if name in names
    ]
    if matrices:
        x = geometry.warp(x, geometry.product(*matrices))
    if "colour" in names:
        x = colour.recolour(x, colour.colour_matrices(numbers, channels))
    if "filter" in names:
        x = corruption.amplify(x, corruption.band_gains(numbers))
    if noise is not None:
        x = corruption.add_noise(x, noise, numbers)
    if "cutout" in names:
        x = corruption.cutout(x, numbers)
    # The filters give back an image but for rounding.
    return ops.where(numbers.p > 0.0, ops.cast(x, images.dtype), images)
