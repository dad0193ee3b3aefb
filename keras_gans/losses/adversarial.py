"""Adversarial losses: pure functions of logits, in pairs.

A pair is a discriminator's loss of `(real_logits, fake_logits)` and a
generator's loss of `(fake_logits)`. Logits have any shape, and a loss is the
mean over all of them. For D(x) = sigmoid(logits) the losses use
log D(x) = -softplus(-logits) and log(1 - D(x)) = -softplus(logits), which do
not overflow.
"""

import difflib
import inspect
from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from keras_gans.losses.matching import matching_cross_entropy, matching_hinge


@keras.saving.register_keras_serializable("keras_gans")
def cross_entropy_discriminator(real_logits: Any, fake_logits: Any) -> Any:
    """-E[log D(x)] - E[log(1 - D(G(z)))], Goodfellow 2014, equation 1."""
    return ops.mean(ops.softplus(-real_logits)) + ops.mean(
        ops.softplus(fake_logits)
    )


def smoothed(label: float) -> Callable:
    """Returns the cross-entropy with one-sided label smoothing, for D.

    Salimans et al. 2016, section 3.4, arXiv:1606.03498: the target of real
    images is `label` instead of 1, that of generated ones stays 0.

    Args:
        label: The target, in (0, 1]; the usual one is 0.9.

    Returns:
        The function -label E[log D(x)] - (1 - label) E[log(1 - D(x))]
        - E[log(1 - D(G(z)))] of the real and the fake logits.

    Raises:
        ValueError: For a label out of range.
    """
    if not 0 < label <= 1:
        raise ValueError(f"`label` must be in (0, 1]. Received: label={label}")

    def smoothed_discriminator(real_logits: Any, fake_logits: Any) -> Any:
        refused = (1.0 - label) * ops.mean(ops.softplus(real_logits))
        taken = label * ops.mean(ops.softplus(-real_logits))
        return taken + refused + ops.mean(ops.softplus(fake_logits))

    return smoothed_discriminator


smoothed_discriminator = smoothed(0.9)
"""The cross-entropy of D with a target of 0.9 for real images."""


@keras.saving.register_keras_serializable("keras_gans")
def minimax_generator(fake_logits: Any) -> Any:
    """E[log(1 - D(G(z)))], Goodfellow 2014, equation 1.

    Its gradient vanishes where the discriminator is confident.
    """
    return -ops.mean(ops.softplus(fake_logits))


@keras.saving.register_keras_serializable("keras_gans")
def non_saturating_generator(fake_logits: Any) -> Any:
    """-E[log D(G(z))], Goodfellow 2014, section 3."""
    return ops.mean(ops.softplus(-fake_logits))


@keras.saving.register_keras_serializable("keras_gans")
def wasserstein_critic(real_logits: Any, fake_logits: Any) -> Any:
    """E[f(G(z))] - E[f(x)], minus the distance of Arjovsky 2017, equation 2."""
    return ops.mean(fake_logits) - ops.mean(real_logits)


@keras.saving.register_keras_serializable("keras_gans")
def wasserstein_generator(fake_logits: Any) -> Any:
    """-E[f(G(z))], Arjovsky 2017, equation 3."""
    return -ops.mean(fake_logits)


@keras.saving.register_keras_serializable("keras_gans")
def hinge_discriminator(real_logits: Any, fake_logits: Any) -> Any:
    """E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))], Miyato 2018, equation 16.

    The generator's loss is `wasserstein_generator` (equation 17).
    """
    return ops.mean(ops.relu(1.0 - real_logits)) + ops.mean(
        ops.relu(1.0 + fake_logits)
    )


def least_squares(a: float, b: float, c: float) -> tuple[Callable, Callable]:
    """Returns the pair of losses of Mao 2017, equation 2, for three labels.

    Args:
        a: The discriminator's target for generated images.
        b: The discriminator's target for real images.
        c: The generator's target for what D outputs of its images.

    Returns:
        Two functions: E[(D(x) - b)^2] / 2 + E[(D(G(z)) - a)^2] / 2 of the real
        and the fake logits, and E[(D(G(z)) - c)^2] / 2 of the fake logits.
    """

    def discriminator(real_logits: Any, fake_logits: Any) -> Any:
        real = ops.mean(ops.square(real_logits - b))
        return 0.5 * real + 0.5 * ops.mean(ops.square(fake_logits - a))

    def generator(fake_logits: Any) -> Any:
        return 0.5 * ops.mean(ops.square(fake_logits - c))

    return discriminator, generator


@keras.saving.register_keras_serializable("keras_gans")
def sum_of_squares_discriminator(real_logits: Any, fake_logits: Any) -> Any:
    """E[(D(x) - 1)^2] + E[D(G(z))^2], Zhu 2017, section 4, for D."""
    return ops.mean(ops.square(real_logits - 1.0)) + ops.mean(
        ops.square(fake_logits)
    )


@keras.saving.register_keras_serializable("keras_gans")
def sum_of_squares_generator(fake_logits: Any) -> Any:
    """E[(D(G(z)) - 1)^2], Zhu 2017, section 4, for G."""
    return ops.mean(ops.square(fake_logits - 1.0))


@keras.saving.register_keras_serializable("keras_gans")
def relativistic_discriminator(real_logits: Any, fake_logits: Any) -> Any:
    """E[softplus(D(G(z)) - D(x))], Huang 2024, equation 2, for D.

    Each generated image is compared with the real image of its row.
    """
    return ops.mean(ops.softplus(fake_logits - real_logits))


@keras.saving.register_keras_serializable("keras_gans")
def relativistic_generator(real_logits: Any, fake_logits: Any) -> Any:
    """E[softplus(D(x) - D(G(z)))], Huang 2024, equation 2, for G.

    Unlike the generator's losses of other pairs it needs real logits too.
    """
    return relativistic_discriminator(fake_logits, real_logits)


@keras.saving.register_keras_serializable("keras_gans")
def relativistic_average_discriminator(
    real_logits: Any, fake_logits: Any
) -> Any:
    """Each logit is compared with the other side's mean, Wang 2018, for D.

    With D_Ra(a, b) = sigmoid(D(a) - E[D(b)]) it is equation 1 of
    arXiv:1809.00219, -E[log D_Ra(x, G(z))] - E[log(1 - D_Ra(G(z), x))].
    """
    real = real_logits - ops.mean(fake_logits)
    fake = fake_logits - ops.mean(real_logits)
    return ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))


@keras.saving.register_keras_serializable("keras_gans")
def relativistic_average_generator(real_logits: Any, fake_logits: Any) -> Any:
    """The same with the sides exchanged, Wang 2018, equation 2, for G."""
    return relativistic_average_discriminator(fake_logits, real_logits)


LOSSES: dict[str, tuple[Callable, Callable]] = {
    "minimax": (cross_entropy_discriminator, minimax_generator),
    "non_saturating": (cross_entropy_discriminator, non_saturating_generator),
    "non_saturating_smoothed": (
        smoothed_discriminator,
        non_saturating_generator,
    ),
    "wasserstein": (wasserstein_critic, wasserstein_generator),
    "hinge": (hinge_discriminator, wasserstein_generator),
    "relativistic": (relativistic_discriminator, relativistic_generator),
    "relativistic_average": (
        relativistic_average_discriminator,
        relativistic_average_generator,
    ),
    # Twice `least_squares_0_1_1`, as CycleGAN weighs it.
    "least_squares": (sum_of_squares_discriminator, sum_of_squares_generator),
    # Mao 2017: equation 9, equation 8 (Pearson's chi squared), and the labels
    # a = -1 of equation 8 with b = c = 1, as in equation 9.
    "least_squares_0_1_1": least_squares(0.0, 1.0, 1.0),
    "least_squares_-1_1_0": least_squares(-1.0, 1.0, 0.0),
    "least_squares_-1_1_1": least_squares(-1.0, 1.0, 1.0),
}


CROSS_ENTROPIES = (cross_entropy_discriminator, smoothed_discriminator)
"""Losses under which sigmoid(logits) is D's probability of "real"."""

BOUNDARIES: dict[Callable, float] = {
    cross_entropy_discriminator: 0.0,
    smoothed_discriminator: 0.0,
    hinge_discriminator: 0.0,
    matching_cross_entropy: 0.0,
    matching_hinge: 0.0,
    sum_of_squares_discriminator: 0.5,
    LOSSES["least_squares_0_1_1"][0]: 0.5,
    LOSSES["least_squares_-1_1_0"][0]: 0.0,
    LOSSES["least_squares_-1_1_1"][0]: 0.0,
}
"""Logits above which D takes a row for real, by D's loss.

Critics of Wasserstein losses and relativistic discriminators only compare.
"""


def compares(generator_loss: Callable) -> bool:
    """Returns whether a generator's loss takes the real logits too."""
    return len(inspect.signature(generator_loss).parameters) == 2


def get(name: Any) -> tuple[Callable, Callable]:
    """Returns the pair (discriminator's loss, generator's loss) of a name.

    Args:
        name: A key of `LOSSES`; or a pair of functions, which is returned as
            it is. A generator's loss may take one argument, `fake_logits`, or
            two, `real_logits` and `fake_logits`.

    Raises:
        ValueError: For an unknown name; the message suggests similar ones.
    """
    if isinstance(name, (tuple, list)) and len(name) == 2:
        discriminator, generator = name
        if callable(discriminator) and callable(generator):
            return discriminator, generator
    if not isinstance(name, str) or name not in LOSSES:
        nearest = difflib.get_close_matches(str(name), LOSSES, cutoff=0.4)
        raise ValueError(
            "A loss must be a pair of functions, or a name such as "
            f"{nearest or sorted(LOSSES)}. Received: {name!r}"
        )
    return LOSSES[name]
