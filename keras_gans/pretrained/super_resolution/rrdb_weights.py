"""RRDBNet, whichever file its convolutions come from."""

import math
from typing import Any

import numpy as np

from keras_gans.pretrained.super_resolution.network import (
    FileNetwork,
    after_unshuffle,
    before_shuffle,
    from_torch_conv,
)


def rrdb_names(blocks: int, ups: int) -> list[str]:
    """Returns the names of RRDBNet's convolutions in their order.

    Args:
        blocks: Number of residual-in-residual dense blocks.
        ups: Number of convolutions behind a doubling of the maps.
    """
    dense = [(j, k) for j in (1, 2, 3) for k in (1, 2, 3, 4, 5)]
    return [
        "conv_first",
        *(f"body_{i}_rdb{j}_conv{k}" for i in range(blocks) for j, k in dense),
        "conv_body",
        *(f"conv_up{i}" for i in range(1, ups + 1)),
        "conv_hr",
        "conv_last",
    ]


def rrdb_network(convolutions: dict[str, list[np.ndarray]]) -> FileNetwork:
    """Describes RRDBNet by its convolutions.

    Args:
        convolutions: Kernels (out, in, height, width) and biases (out,) by
            BasicSR's names, with underscores for dots.

    Raises:
        ValueError: For numbers of channels or layers that RRDBNet does not
            have.
    """
    first = convolutions["conv_first"][0]
    channels = len(convolutions["conv_last"][0])
    indices = [n.split("_")[1] for n in convolutions if n.startswith("body_")]
    blocks = 1 + max(map(int, indices), default=0)
    ups = sum(name.startswith("conv_up") for name in convolutions)
    unshuffle = math.isqrt(first.shape[1] // channels)
    if (
        set(convolutions) != set(rrdb_names(blocks, ups))
        or unshuffle**2 * channels != first.shape[1]
        or 2**ups % unshuffle
    ):
        raise ValueError(
            "The layers must be those of RRDBNet. Received: "
            f"{len(convolutions)} convolutions, from {first.shape[1]} to "
            f"{channels} channels, of which {ups} are behind a doubling"
        )
    weights = {n: from_torch_conv(*v) for n, v in convolutions.items()}
    weights["conv_first"] = after_unshuffle(weights["conv_first"], unshuffle)
    arguments: dict[str, Any] = {
        "scale": 2**ups // unshuffle,
        "width": len(first),
        "blocks": blocks,
        "growth": len(convolutions["body_0_rdb1_conv1"][0]),
        "unshuffle": unshuffle,
        "network": "rrdb",
    }
    return FileNetwork("ESRGAN", arguments, channels, weights)


def compact_network(
    convolutions: list[list[np.ndarray]],
    slopes: list[np.ndarray],
    channels: int,
) -> FileNetwork:
    """Describes Real-ESRGAN's compact network by its layers in their order.

    Args:
        convolutions: Kernels (out, in, height, width) and biases (out,).
        slopes: Those of each PReLU, (width,).
        channels: Channels of the images.

    Raises:
        ValueError: For an end that cannot be shuffled into images.
    """
    width, last = len(convolutions[0][0]), len(convolutions[-1][0])
    scale = math.isqrt(last // channels)
    if scale**2 * channels != last or len(slopes) != len(convolutions) - 1:
        raise ValueError(
            "The layers must be those of Real-ESRGAN's compact network. "
            f"Received: {len(convolutions)} convolutions and {len(slopes)} "
            f"PReLU, from {channels} to {last} channels"
        )
    weights = {
        f"body_{2 * i}": from_torch_conv(*values)
        for i, values in enumerate(convolutions)
    }
    end = f"body_{2 * len(slopes)}"
    weights[end] = before_shuffle(weights[end], scale)
    for i, slope in enumerate(slopes):
        weights[f"body_{2 * i + 1}"] = [np.broadcast_to(slope, (1, 1, width))]
    arguments: dict[str, Any] = {
        "scale": scale,
        "width": width,
        "blocks": len(convolutions) - 2,
        "network": "compact",
    }
    return FileNetwork("ESRGAN", arguments, channels, weights)
