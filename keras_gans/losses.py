"""Adversarial losses: pure functions of logits, a pair for each paper.

Logits have any shape; a loss is the mean over all of them. The discriminator
takes `(real_logits, fake_logits)`, the generator `(fake_logits)`. Where D(x)
is the probability sigmoid(logits), log D(x) = -softplus(-logits) and
log(1 - D(x)) = -softplus(logits), which never overflow.
"""

import difflib
from collections.abc import Callable
from typing import Any

from keras import ops


def cross_entropy_discriminator(real_logits: Any, fake_logits: Any) -> Any:
    """-E[log D(x)] - E[log(1 - D(G(z)))], Goodfellow 2014, equation 1."""
    return ops.mean(ops.softplus(-real_logits)) + ops.mean(
        ops.softplus(fake_logits)
    )


def minimax_generator(fake_logits: Any) -> Any:
    """E[log(1 - D(G(z)))], Goodfellow 2014, equation 1.

    Its gradient vanishes where the discriminator is sure.
    """
    return -ops.mean(ops.softplus(fake_logits))


def non_saturating_generator(fake_logits: Any) -> Any:
    """-E[log D(G(z))], Goodfellow 2014, section 3."""
    return ops.mean(ops.softplus(-fake_logits))


def wasserstein_critic(real_logits: Any, fake_logits: Any) -> Any:
    """E[f(G(z))] - E[f(x)], Arjovsky 2017, equation 2: minus the estimate."""
    return ops.mean(fake_logits) - ops.mean(real_logits)


def wasserstein_generator(fake_logits: Any) -> Any:
    """-E[f(G(z))], Arjovsky 2017, equation 3."""
    return -ops.mean(fake_logits)


def hinge_discriminator(real_logits: Any, fake_logits: Any) -> Any:
    """E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))], Miyato 2018, equation 16.

    The generator's loss is Wasserstein's (equation 17).
    """
    return ops.mean(ops.relu(1.0 - real_logits)) + ops.mean(
        ops.relu(1.0 + fake_logits)
    )


def least_squares(a: float, b: float, c: float) -> tuple[Callable, Callable]:
    """Returns the pair of Mao 2017, equation 2, for a coding of the labels.

    Args:
        a: What the discriminator is to say of fakes.
        b: What it is to say of real images.
        c: What the generator wants it to say of fakes.

    Returns:
        E[(D(x) - b)^2] / 2 + E[(D(G(z)) - a)^2] / 2 as a function of the real
        and the fake logits, and E[(D(G(z)) - c)^2] / 2 of the fake ones.
    """

    def discriminator(real_logits: Any, fake_logits: Any) -> Any:
        real = ops.mean(ops.square(real_logits - b))
        return 0.5 * real + 0.5 * ops.mean(ops.square(fake_logits - a))

    def generator(fake_logits: Any) -> Any:
        return 0.5 * ops.mean(ops.square(fake_logits - c))

    return discriminator, generator


def relativistic_discriminator(real_logits: Any, fake_logits: Any) -> Any:
    """E[softplus(D(G(z)) - D(x))], Huang 2024, equation 2, for D.

    Each fake is held against the real image in its row.
    """
    return ops.mean(ops.softplus(fake_logits - real_logits))


def relativistic_generator(real_logits: Any, fake_logits: Any) -> Any:
    """E[softplus(D(x) - D(G(z)))], Huang 2024, equation 2, for G.

    Unlike the other generators' losses it looks at the real images too.
    """
    return relativistic_discriminator(fake_logits, real_logits)


LOSSES: dict[str, tuple[Callable, Callable]] = {
    "minimax": (cross_entropy_discriminator, minimax_generator),
    "non_saturating": (cross_entropy_discriminator, non_saturating_generator),
    "wasserstein": (wasserstein_critic, wasserstein_generator),
    "hinge": (hinge_discriminator, wasserstein_generator),
    "relativistic": (relativistic_discriminator, relativistic_generator),
    # Equation 9 of Mao 2017, equation 8 (Pearson's chi squared), and the
    # labels of both that say -1 for fakes and 1 for what G wants.
    "least_squares_0_1_1": least_squares(0.0, 1.0, 1.0),
    "least_squares_-1_1_0": least_squares(-1.0, 1.0, 0.0),
    "least_squares_-1_1_1": least_squares(-1.0, 1.0, 1.0),
}


def get(name: Any) -> tuple[Callable, Callable]:
    """Returns the pair (discriminator's loss, generator's loss) of a name.

    Args:
        name: A key of `LOSSES`, or such a pair, which is returned. A
            generator's loss of two arguments takes (real_logits,
            fake_logits).

    Raises:
        ValueError: For an unknown name, with the nearest ones.
    """
    if isinstance(name, (tuple, list)) and len(name) == 2:
        discriminator, generator = name
        if callable(discriminator) and callable(generator):
            return discriminator, generator
    if not isinstance(name, str) or name not in LOSSES:
        nearest = difflib.get_close_matches(str(name), LOSSES, cutoff=0.4)
        raise ValueError(
            f"There is no such loss; the nearest: {nearest or sorted(LOSSES)}. "
            f"Received: {name!r}"
        )
    return LOSSES[name]
