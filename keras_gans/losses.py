"""Adversarial losses: pure functions of logits, a pair for each paper.

Logits have any shape; a loss is the mean over all of them. The discriminator
takes `(real_logits, fake_logits)`, the generator `(fake_logits)`. With D(x) =
sigmoid(logits), log D(x) = -softplus(-logits) and log(1 - D(x)) =
-softplus(logits), which never overflow.
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


LOSSES: dict[str, tuple[Callable, Callable]] = {
    "minimax": (cross_entropy_discriminator, minimax_generator),
    "non_saturating": (cross_entropy_discriminator, non_saturating_generator),
}


def get(name: str) -> tuple[Callable, Callable]:
    """Returns the pair (discriminator's loss, generator's loss) of a name.

    Args:
        name: A key of `LOSSES`.

    Raises:
        ValueError: Where there is no such loss; it names the nearest ones.
    """
    if name not in LOSSES:
        nearest = difflib.get_close_matches(name, LOSSES, cutoff=0.4)
        raise ValueError(
            f"There is no such loss; the nearest: {nearest or sorted(LOSSES)}. "
            f"Received: {name!r}"
        )
    return LOSSES[name]
