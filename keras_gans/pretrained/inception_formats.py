"""Readers of Inception's weights, in three file formats."""

import re
import tarfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from keras_gans.pretrained.torch_files import read_torch_tensors

Weights = dict[str, tuple[np.ndarray, np.ndarray]]
"""Kernel (height, width, in, out) and bias, by the name of the layer."""

Shapes = dict[str, tuple[int, ...]]
"""Shape of the kernel, by the name of the layer."""

EPSILON = 1e-3
"""The epsilon of batch normalisation in `inception-2015-12-05`."""

GRAPH = "classify_image_graph_def.pb"

_LAYER = re.compile(
    r"(mixed(?:_\d+)?)_(?:(tower(?:_\d)?)_)?(?:(mixed)_)?(conv(?:_\d)?)"
)
_STEM = {
    "conv": "Conv2d_1a_3x3",
    "conv_1": "Conv2d_2a_3x3",
    "conv_2": "Conv2d_2b_3x3",
    "conv_3": "Conv2d_3b_1x1",
    "conv_4": "Conv2d_4a_3x3",
}
_BLOCKS = {
    "mixed": "Mixed_5b",
    "mixed_1": "Mixed_5c",
    "mixed_2": "Mixed_5d",
    "mixed_3": "Mixed_6a",
    "mixed_4": "Mixed_6b",
    "mixed_5": "Mixed_6c",
    "mixed_6": "Mixed_6d",
    "mixed_7": "Mixed_6e",
    "mixed_8": "Mixed_7a",
    "mixed_9": "Mixed_7b",
    "mixed_10": "Mixed_7c",
}
# torchvision's names of the branches `conv`, `tower` and `tower_1`.
_BRANCHES = {
    "Mixed_5": ("1x1", "5x5", "3x3dbl"),
    "Mixed_6a": ("3x3", "3x3dbl"),
    "Mixed_6": ("1x1", "7x7", "7x7dbl"),
    "Mixed_7a": ("", "3x3", "7x7x3"),
    "Mixed_7": ("1x1", "3x3", "3x3dbl"),
}


def graph_name(layer: str) -> str:
    """Returns the name of a layer in the graph, `mixed_1/conv`."""
    match = _LAYER.fullmatch(layer)
    return "/".join(filter(None, match.groups())) if match else layer


def torch_name(layer: str) -> str:
    """Returns the name of a layer in torchvision's Inception.

    Args:
        layer: The name, for instance `mixed_9_tower_1_mixed_conv_1`.

    Returns:
        torchvision's name, for instance `Mixed_7b.branch3x3dbl_3b`.
    """
    if layer in _STEM:
        return _STEM[layer]
    match = _LAYER.fullmatch(layer)
    assert match is not None
    block, tower, fork, conv = match.groups()
    name = _BLOCKS[block]
    if tower == "tower_2":
        return f"{name}.branch_pool"
    branches = _BRANCHES.get(name) or _BRANCHES[name[:-1]]
    if tower is None:
        return f"{name}.branch{branches[0]}"
    number = int(conv[5:] or 0)
    second = tower == "tower_1"
    branch = f"{name}.branch{branches[2 if second else 1]}"
    if fork:
        return f"{branch}_{3 if second else 2}{'ab'[number]}"
    return f"{branch}_{number + 1}"


def fold(
    kernel: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    mean: np.ndarray,
    variance: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Folds batch normalisation into a convolution.

    Args:
        kernel: The kernel of a convolution without bias, (height, width, in,
            out).
        gamma: The scale, (out,).
        beta: The offset, (out,).
        mean: The moving mean, (out,).
        variance: The moving variance, (out,).

    Returns:
        The new kernel and a bias, float32.
    """
    scale = gamma / np.sqrt(variance.astype("float64") + EPSILON)
    bias = beta - mean * scale
    return (kernel * scale).astype("float32"), bias.astype("float32")


def read_npz(path: Path, shapes: Shapes) -> Weights:
    """Reads `<layer>/weight_flat_OHWI` and `<layer>/bias`.

    Args:
        path: Path of the file.
        shapes: The layers to read.

    Returns:
        The weights by layer.

    Raises:
        KeyError: Where the file lacks a layer.
    """
    weights = {}
    with np.load(path) as arrays:
        for layer, (*window, _, _) in shapes.items():
            bias = arrays[f"{layer}/bias"]
            kernel = arrays[f"{layer}/weight_flat_OHWI"]
            kernel = kernel.reshape(len(bias), *window, -1)
            weights[layer] = np.moveaxis(kernel, 0, -1), bias
    return weights


def read_pth(path: Path, shapes: Shapes) -> Weights:
    """Reads a state dictionary with torchvision's names.

    Args:
        path: Path of the file.
        shapes: The layers to read.

    Returns:
        The weights by layer.

    Raises:
        KeyError: Where the file lacks a layer.
    """
    arrays = read_torch_tensors(path)
    weights = {}
    for layer in shapes:
        if layer == "softmax":
            weights[layer] = arrays["fc.weight"].T, arrays["fc.bias"]
            continue
        name = torch_name(layer)
        parts = ("weight", "bias", "running_mean", "running_var")
        kernel = arrays[f"{name}.conv.weight"].transpose(2, 3, 1, 0)
        weights[layer] = fold(
            kernel, *(arrays[f"{name}.bn.{part}"] for part in parts)
        )
    return weights


def read_graph(path: Path, shapes: Shapes) -> Weights:
    """Reads the frozen TensorFlow graph, or the archive that contains it.

    Args:
        path: Path of `inception-2015-12-05.tgz` or
            `classify_image_graph_def.pb`.
        shapes: The layers to read.

    Returns:
        The weights by layer.

    Raises:
        KeyError: Where the file lacks a layer.
        ImportError: Where TensorFlow is not installed.
    """
    arrays = _constants(path)
    weights = {}
    for layer in shapes:
        name = graph_name(layer)
        if layer == "softmax":
            weights[layer] = arrays["softmax/weights"], arrays["softmax/biases"]
            continue
        parts = ("gamma", "beta", "moving_mean", "moving_variance")
        weights[layer] = fold(
            arrays[f"{name}/conv2d_params"],
            *(arrays[f"{name}/batchnorm/{part}"] for part in parts),
        )
    return weights


def _constants(path: Path) -> Mapping[str, np.ndarray]:
    try:
        import tensorflow as tf
        from google.protobuf.message import DecodeError
    except ImportError as error:
        raise ImportError(
            "The TensorFlow graph of Inception can only be read where "
            "TensorFlow is installed; .pth and .npz files need no TensorFlow. "
            f"Received: {path}"
        ) from error
    if path.suffix == ".tgz":
        with tarfile.open(path) as archive:
            member = archive.extractfile(GRAPH)
            assert member is not None
            data = member.read()
    else:
        data = path.read_bytes()
    try:
        graph = tf.compat.v1.GraphDef.FromString(data)
    except DecodeError as error:
        raise EOFError(str(error)) from error
    return {
        node.name: tf.make_ndarray(node.attr["value"].tensor)
        for node in graph.node
        if node.op == "Const"
    }
