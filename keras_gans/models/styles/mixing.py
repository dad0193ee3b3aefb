"""Style mixing: layers that get the styles of two latents."""

from typing import Any

from keras import ops


def check_mixing(mixing: float) -> None:
    """Refuses a probability outside of [0, 1].

    Raises:
        ValueError: For one.
    """
    if not 0 <= mixing <= 1:
        raise ValueError(
            f"`mixing` must be in [0, 1]. Received: mixing={mixing}"
        )


def mixed(
    first: Any, second: Any, numbers: Any, mixing: float, count: int
) -> Any:
    """Gives layers the first style, and those from a random one on the second.

    Karras et al. 2019, section 3.1.

    Args:
        first: Styles for each layer (N, layers, style_dim).
        second: Other ones.
        numbers: Random numbers of U(0, 1), (N, 2): where to mix, and whether.
        mixing: The probability of mixing, in [0, 1].
        count: The layers in use, at least 1: the second style begins with
            layer 1, 2, ... or `count` - 1 of them.

    Returns:
        Styles (N, layers, style_dim).
    """
    num_layers = first.shape[1]
    cut = 1.0 + ops.floor(numbers[:, :1] * (count - 1))
    cut = ops.where(numbers[:, 1:] < mixing, cut, float(num_layers))
    is_first = ops.arange(num_layers, dtype="float32")[None] < cut
    return ops.where(is_first[..., None], first, second)
