"""PyTorch's files of ESRGAN, Real-ESRGAN and SRGAN."""

import os
import re
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.pretrained.super_resolution.network import (
    FileNetwork,
    before_shuffle,
    from_torch_conv,
)
from keras_gans.pretrained.super_resolution.rrdb_weights import (
    compact_network,
    rrdb_network,
)
from keras_gans.pretrained.torch_files import read_torch_tensors

WHOLE = ("params_ema.", "params.", "state_dict.")
"""Under which names files hold a state dictionary; the first one counts."""

ESRGAN_NAMES = (
    (r"^RRDB_trunk\.", "body."),
    (r"\.RDB(\d)\.", r".rdb\1."),
    (r"^trunk_conv", "conv_body"),
    (r"^upconv(\d)", r"conv_up\1"),
    (r"^HRconv", "conv_hr"),
)
"""From the names of ESRGAN's code to those of BasicSR."""


def read_torch_network(path: str | os.PathLike) -> FileNetwork:
    """Reads a generator from a `.pth` file, without unpickling objects.

    The layouts are those of BasicSR and Real-ESRGAN (`conv_first`, whole or
    under `params` or `params_ema`), of ESRGAN's code (`RRDB_trunk`) and its
    older files (`model.0`), of Real-ESRGAN's compact network (`body.0`), and
    of leftthomas/SRGAN (`block1.0`). Numbers of blocks and channels and the
    scale follow from the shapes.

    Args:
        path: The file.

    Raises:
        ValueError: For a file that is damaged, holds more than tensors, or
            holds another network.
    """
    tensors = {
        name.removeprefix("module."): np.asarray(value, "float32")
        for name, value in _state(read_torch_tensors(path)).items()
    }
    for sign, read in (
        ("conv_first.weight", _read_rrdb),
        ("model.0.weight", _read_old),
        ("block1.0.weight", _read_srresnet),
        ("body.0.weight", _read_compact),
    ):
        if sign in tensors:
            try:
                return read(tensors)
            except (KeyError, IndexError) as error:
                raise ValueError(
                    f"{Path(path).name} begins with {sign}, as a known network "
                    f"does, and lacks a layer of it. Received: no {error}"
                ) from error
    raise ValueError(
        "The file must hold the generator of ESRGAN, Real-ESRGAN or "
        "leftthomas/SRGAN. Received: "
        f"{Path(path).name} with {list(tensors)[:3] or 'no tensors'}"
    )


def _state(tensors: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    for prefix in WHOLE:
        if any(name.startswith(prefix) for name in tensors):
            return {
                name.removeprefix(prefix): value
                for name, value in tensors.items()
                if name.startswith(prefix)
            }
    return tensors


def _convolutions(tensors: dict[str, np.ndarray]) -> dict[str, list[Any]]:
    """Returns kernels and biases by their names without `.weight`."""
    return {
        name.removesuffix(".weight"): [value, tensors[_bias_of(name)]]
        for name, value in tensors.items()
        if value.ndim == 4
    }


def _bias_of(name: str) -> str:
    return f"{name.removesuffix('weight')}bias"


def _read_rrdb(tensors: dict[str, np.ndarray]) -> FileNetwork:
    renamed = {}
    for name, value in _convolutions(tensors).items():
        for old, new in ESRGAN_NAMES:
            name = re.sub(old, new, name)
        renamed[name.replace(".", "_")] = value
    return rrdb_network(renamed)


def _read_old(tensors: dict[str, np.ndarray]) -> FileNetwork:
    found = _convolutions(tensors)
    of_body = r"model\.1\.sub\.(\d+)\.RDB(\d)\.conv(\d)\.0"
    ends = {n: int(n[6:]) for n in found if re.fullmatch(r"model\.\d+", n)}
    first, *ups, hr, last = sorted(ends, key=lambda name: ends[name])
    renamed = {first: "conv_first", hr: "conv_hr", last: "conv_last"}
    renamed.update({name: f"conv_up{i}" for i, name in enumerate(ups, 1)})
    convolutions = {}
    for name, value in found.items():
        block = re.fullmatch(of_body, name)
        if block:
            i, j, k = block.groups()
            convolutions[f"body_{i}_rdb{j}_conv{k}"] = value
        else:  # the only other convolution inside of the body is its last
            convolutions[renamed.get(name, "conv_body")] = value
    return rrdb_network(convolutions)


def _read_compact(tensors: dict[str, np.ndarray]) -> FileNetwork:
    names = [n for n in tensors if re.fullmatch(r"body\.\d+\.weight", n)]
    names.sort(key=lambda name: int(name.split(".")[1]))
    convolutions = [
        [tensors[name], tensors[_bias_of(name)]]
        for name in names
        if tensors[name].ndim == 4
    ]
    slopes = [tensors[name] for name in names if tensors[name].ndim == 1]
    return compact_network(convolutions, slopes, convolutions[0][0].shape[1])


def _read_srresnet(tensors: dict[str, np.ndarray]) -> FileNetwork:
    """Reads the generator of leftthomas/SRGAN, with or without a last norm."""

    def conv(name: str) -> list[np.ndarray]:
        kernel = tensors[f"{name}.weight"]
        return from_torch_conv(kernel, tensors[f"{name}.bias"])

    def normed(conv_name: str, norm: str) -> list[list[np.ndarray]]:
        # The network has no bias in front of a norm: its mean takes it over.
        kernel, bias = conv(conv_name)
        scale, offset, mean, variance = (
            tensors[f"{norm}.{part}"]
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        return [[kernel], [scale, offset, mean - bias, variance]]

    def slopes(name: str) -> list[np.ndarray]:
        return [np.broadcast_to(tensors[f"{name}.weight"], (1, 1, width))]

    width, channels = tensors["block1.0.weight"].shape[:2]
    numbers = [int(n[5:].split(".")[0]) for n in tensors if n[:5] == "block"]
    body, ups = max(numbers) - 1, f"block{max(numbers)}"
    weights = {
        "conv_first": conv("block1.0"),
        "prelu_first": slopes("block1.1"),
    }
    for i in range(body - 2):
        name, block = f"block_{i}", f"block{i + 2}"
        for k in (1, 2):
            weights[f"{name}_conv{k}"], weights[f"{name}_norm{k}"] = normed(
                f"{block}.conv{k}", f"{block}.bn{k}"
            )
        weights[f"{name}_prelu"] = slopes(f"{block}.prelu")
    tail = "norm" if f"block{body}.1.running_mean" in tensors else "prelu"
    if tail == "norm":
        weights["conv_body"], weights["norm_body"] = normed(
            f"block{body}.0", f"block{body}.1"
        )
    else:
        weights["conv_body"] = conv(f"block{body}.0")
        weights["prelu_body"] = slopes(f"block{body}.1")
    doublings = sum(f"{ups}.{i}.conv.weight" in tensors for i in range(8))
    for i in range(doublings):
        up = before_shuffle(conv(f"{ups}.{i}.conv"), 2)
        weights[f"conv_up{i + 1}"] = up
        weights[f"prelu_up{i + 1}"] = slopes(f"{ups}.{i}.prelu")
    weights["conv_last"] = conv(f"{ups}.{doublings}")
    arguments: dict[str, Any] = {
        "scale": 2**doublings,
        "width": width,
        "blocks": body - 2,
        "tail": tail,
    }
    return FileNetwork("SRGAN", arguments, channels, weights)
