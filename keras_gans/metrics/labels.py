"""The classes of generated images, in a comparison with real ones."""

import warnings
from typing import Any

import numpy as np

from keras_gans.modalities import ClassLabel, Condition

AS_REFERENCE, IN_TURN, GIVEN = "as the reference set", "in turn", "given"


def labels_like(labels: Any, num: int, seed: int = 0) -> np.ndarray:
    """Draws labels in the proportions of a reference set.

    A generator that draws its classes in turn makes as many images of each.
    Where the classes of the real images are uneven, even a perfect generator
    then differs from them. With these labels it does not.

    Every class gets its share of `num`, rounded up or down; the seed decides
    where to round, and the order.

    Args:
        labels: The labels of the reference set, an array (N, ...): whole
            numbers, or rows of several labels each.
        num: Number of labels to draw.
        seed: The same seed draws the same labels.

    Returns:
        An array (num, ...) of the type of `labels`.

    Raises:
        ValueError: Where there are no labels.
    """
    labels = np.asarray(labels)
    if len(labels) == 0:
        raise ValueError(
            "`labels` must hold at least 1 label of the reference set. "
            "Received: none"
        )
    rng = np.random.default_rng(seed)
    _, classes = np.unique(labels, axis=0, return_inverse=True)
    by_class = np.argsort(classes.ravel(), kind="stable")
    # Evenly spaced places in the sorted labels (systematic sampling).
    places = (np.arange(num) + rng.uniform()) * (len(labels) / num)
    rows = by_class[np.minimum(places.astype("int64"), len(labels) - 1)]
    return labels[rng.permutation(rows)]


def labels_for(
    gan: Any, real: Any, num: int, seed: int = 0
) -> np.ndarray | None:
    """Draws the labels for a GAN's samples, as the real images have them.

    Args:
        gan: A GAN, whose `takes` says whether it takes labels.
        real: The real images: an image source, with labels or without; or
            anything else, which has none.
        num: Number of samples.
        seed: Seed of `labels_like`.

    Returns:
        Labels (num, ...) for `generate(labels=...)`; vectors of several labels
        or attributes are rows of the real ones. None where the GAN takes no
        labels, the real images have none, or their classes are not those of
        the GAN (then with a warning); the GAN then draws for itself.
    """
    own = getattr(gan, "takes", {}).get("labels")
    if isinstance(own, Condition):
        labels = np.asarray(getattr(real, "labels", None))
        fits = labels.shape[1:] == own.shape
        return labels_like(labels, num, seed) if fits else None
    theirs = getattr(real, "modalities", {}).get("labels")
    if not isinstance(own, ClassLabel) or not isinstance(theirs, ClassLabel):
        return None
    if not _same_classes(own, theirs):
        warnings.warn(
            "The real images have other classes than the GAN, so its samples "
            "go through the GAN's classes in turn. Received: "
            f"{theirs} for the real images, {own} for the GAN",
            stacklevel=2,
        )
        return None
    return labels_like(real.labels, num, seed)


def _same_classes(own: ClassLabel, theirs: ClassLabel) -> bool:
    if own.names and theirs.names:
        return own.names == theirs.names
    if theirs.names:
        return own.num_classes == theirs.num_classes
    # Without names the number is that of the largest label.
    return theirs.num_classes <= own.num_classes


def how_drawn(real: Any, fake: Any) -> str | None:
    """Says how the labels of generated images were drawn, for a record.

    Args:
        real: The labels of the reference set (N, ...), or None.
        fake: The labels of the generated images (M, ...), or None.

    Returns:
        "as the reference set" where every class has the share of `fake` that
        it has of `real`, "in turn" for 0, 1, 2 and so on, "given" for other
        labels, None where there are none.
    """
    if fake is None:
        return None
    fake = np.asarray(fake)
    if real is not None and _same_shares(np.asarray(real), fake):
        return AS_REFERENCE
    turns = np.arange(len(fake)) % (fake.max(initial=0) + 1)
    return IN_TURN if np.array_equal(fake, turns) else GIVEN


def warn_of_turns(real: Any, fake: Any) -> None:
    """Warns where samples take turns and the real classes are uneven.

    Even real images, drawn so, would differ from the reference set.

    Args:
        real: The labels of real images (N, ...), or None.
        fake: The labels of the samples (M, ...), or None.
    """
    if real is not None and how_drawn(real, fake) == IN_TURN:
        warnings.warn(
            "The samples go through the classes in turn, and the classes of "
            "the real images are uneven: that alone is a difference. Draw "
            "`labels=keras_gans.metrics.labels_for(gan, real, num)`; the "
            "callback FID does so for a reference set with labels, such as "
            "`(images, labels)`. Received: real images of classes in shares "
            f"of {_shares(real)}",
            stacklevel=3,
        )


def _shares(labels: Any) -> str:
    _, counts = np.unique(np.asarray(labels), axis=0, return_counts=True)
    shares = counts / counts.sum()
    return f"{shares.min():.1%} to {shares.max():.1%}"


def _same_shares(real: np.ndarray, fake: np.ndarray) -> bool:
    if real.shape[1:] != fake.shape[1:]:
        return False
    both = np.concatenate([real, fake])
    _, classes = np.unique(both, axis=0, return_inverse=True)
    of_real, of_fake = np.split(classes.ravel(), [len(real)])
    num = classes.max(initial=0) + 1
    shares = np.bincount(of_real, minlength=num) * (len(fake) / len(real))
    return bool((abs(np.bincount(of_fake, minlength=num) - shares) < 1).all())
