"""The random numbers that an image's changes take."""

import dataclasses
from typing import Any

from keras import ops

UNIFORM, NORMAL = 29, 12
"""How many numbers of U(0, 1) and of N(0, 1) an image takes."""


@dataclasses.dataclass(frozen=True)
class Numbers:
    """Random numbers for a batch of images.

    Attributes:
        uniform: (N, UNIFORM), of U(0, 1).
        normal: (N, NORMAL), of N(0, 1).
        p: The probability of each change, a scalar in [0, 1].
    """

    uniform: Any
    normal: Any
    p: Any

    def chosen(self, gate: int, value: Any, neutral: Any, p: Any = None) -> Any:
        """Returns a value with probability p, and else a neutral one.

        Args:
            gate: The uniform number that decides.
            value: (N,).
            neutral: The number that changes nothing.
            p: The probability; None for that of all changes.
        """
        p = self.p if p is None else p
        is_on = self.uniform[:, gate] < p
        return ops.where(is_on, value, ops.full_like(value, neutral))
