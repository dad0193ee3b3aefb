"""ncnn's files of Real-ESRGAN: a `.param` of text beside a `.bin`."""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from keras_gans.pretrained.super_resolution.network import FileNetwork
from keras_gans.pretrained.super_resolution.rrdb_weights import (
    compact_network,
    rrdb_names,
    rrdb_network,
)

MAGIC = "7767517"
FLOAT16 = 0x01306B47
"""The tag of weights in float16; a tag of 0 means float32."""

RRDB_TYPES = {"Split", "Concat", "Eltwise", "BinaryOp", "Interp", "Reorg"}
COMPACT_TYPES = {"Split", "PReLU", "PixelShuffle", "Interp", "BinaryOp"}


class Layer(NamedTuple):
    """A line of a `.param` file.

    Attributes:
        kind: The type of the layer.
        name: Its name.
        options: Its numbers, as text by their keys.
    """

    kind: str
    name: str
    options: dict[int, str]

    def number(self, key: int, default: float = 0) -> float:
        """Returns one of its numbers."""
        return float(self.options.get(key, default))


def read_ncnn_network(path: str | os.PathLike) -> FileNetwork:
    """Reads RRDBNet or the compact network from ncnn's two files.

    Args:
        path: Path of the `.param` or of the `.bin`; the other one lies beside
            it.

    Raises:
        FileNotFoundError: Where one of the two is missing.
        ValueError: For damaged files, quantized weights, and for another
            network.
    """
    param, binary = (Path(path).with_suffix(s) for s in (".param", ".bin"))
    for file in (param, binary):
        if not file.is_file():
            raise FileNotFoundError(
                "ncnn's networks are two files of one name, .param and .bin. "
                f"Received: no {file}"
            )
    layers = read_param(param)
    convolutions, slopes = _read_weights(layers, binary)
    kinds = {layer.kind for layer in layers} - {"Input", "Convolution"}
    if "PReLU" not in kinds and kinds <= RRDB_TYPES:
        ups = sum(layer.kind == "Interp" for layer in layers)
        blocks = (len(convolutions) - ups - 4) // 15
        names = rrdb_names(blocks, ups)
        if len(names) == len(convolutions) and _has_rrdbs_numbers(layers):
            return rrdb_network(dict(zip(names, convolutions, strict=True)))
    if kinds == COMPACT_TYPES and _enlarges_once(layers):
        channels = convolutions[0][0].shape[1]
        return compact_network(convolutions, slopes, channels)
    raise ValueError(
        "The files must hold RRDBNet (Real-ESRGAN's x4plus and its like) or "
        "the compact network of scale 4, of which those of scale 2 and 3 are "
        f"resized copies. Received: {param.name} with layers {sorted(kinds)}"
    )


def read_param(path: Path) -> list[Layer]:
    """Reads the layers of a `.param` file.

    Raises:
        ValueError: For another kind of file, and for a damaged one.
    """
    try:
        magic, counts, *lines = path.read_text("utf-8").strip().splitlines()
        if magic.strip() != MAGIC or int(counts.split()[0]) != len(lines):
            raise ValueError(f"{len(lines)} layers after {magic!r}, {counts!r}")
        layers = []
        for line in lines:
            kind, name, inputs, outputs, *words = line.split()
            words = words[int(inputs) + int(outputs) :]
            pairs = (word.split("=", 1) for word in words)
            layers.append(Layer(kind, name, {int(k): v for k, v in pairs}))
    except ValueError as error:
        raise ValueError(
            f"{path.name} must be a .param file of ncnn; it may be damaged. "
            f"Received: {error}"
        ) from error
    return layers


def _read_weights(
    layers: list[Layer], path: Path
) -> tuple[list[list[np.ndarray]], list[np.ndarray]]:
    """Reads kernels and biases, and the slopes of PReLU, in their order."""
    data, place = path.read_bytes(), 0

    def take(count: int, dtype: str) -> np.ndarray:
        nonlocal place
        if place + count * np.dtype(dtype).itemsize > len(data):
            raise ValueError(
                f"{path.name} must hold the weights of all layers of its "
                f".param file. Received: {len(data):,} bytes"
            )
        values = np.frombuffer(data, dtype, count, place)
        place += -(-values.nbytes // 4) * 4  # whole words
        return values.astype("float32")

    convolutions, slopes = [], []
    for layer in layers:
        if layer.kind == "PReLU":
            slopes.append(take(int(layer.number(0)), "<f4"))
        if layer.kind != "Convolution":
            continue
        out, size, count = (int(layer.number(key)) for key in (0, 1, 6))
        tag = int(np.frombuffer(data[place : place + 4].ljust(4), "<u4")[0])
        place += 4
        if tag not in (0, FLOAT16) or size != 3 or layer.number(5) != 1:
            raise ValueError(
                "Convolutions must be 3x3, with a bias, and of float16 or "
                f"float32. Received: {layer.name} of {path.name} with the tag "
                f"{tag:#x}, {layer.options}"
            )
        kernel = take(count, "<f2" if tag else "<f4")
        convolutions.append([kernel.reshape(out, -1, 3, 3), take(out, "<f4")])
    if place != len(data) or not convolutions:
        raise ValueError(
            f"{path.name} must end with the last layer of its .param file. "
            f"Received: {len(data) - place:,} further bytes"
        )
    return convolutions, slopes


def _has_rrdbs_numbers(layers: list[Layer]) -> bool:
    """Returns whether slopes, sums and enlargements are those of RRDBNet."""
    slopes = [_row(la.options[-23310]) for la in layers if la.number(9) == 2]
    sums = [_row(la.options[-23301]) for la in layers if la.kind == "Eltwise"]
    return (
        all(np.allclose(slope, 0.2, rtol=1e-6, atol=0) for slope in slopes)
        and all(np.allclose(row, (0.2, 1.0)) for row in sums)
        and all(
            (la.number(0), la.number(1)) == (1, 2)  # nearest, doubled
            for la in layers
            if la.kind == "Interp"
        )
        and all(
            la.number(1) == 0 for la in layers if la.kind == "Reorg"
        )  # the order of PyTorch's pixel unshuffle
    )


def _enlarges_once(layers: list[Layer]) -> bool:
    """Returns whether the result is added to the nearest pixels alone."""
    resizes = [layer for layer in layers if layer.kind == "Interp"]
    return len(resizes) == 1 and resizes[0].number(0) == 1


def _row(text: str) -> list[float]:
    """Returns the numbers of an array, which begins with their count."""
    return [float(number) for number in text.split(",")[1:]]
