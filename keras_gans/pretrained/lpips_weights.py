"""Readers of the weights of LPIPS."""

import re
from pathlib import Path
from typing import Any

import keras
import numpy as np

from keras_gans.pretrained.lpips_networks import SCALE, SHIFT
from keras_gans.pretrained.torch_files import read_torch_tensors


def load_backbone(model: keras.Model, path: Path) -> None:
    """Loads the backbone: torchvision's, or a Keras file of SqueezeNet 1.1.

    Args:
        model: A model from `build_lpips`.
        path: Path of a `.pth` file with torchvision's names; or of the `.h5`
            file without top of rcmalli/keras-squeezenet. The latter has the
            weights of the Caffe model, for BGR images in [0, 255] minus a
            mean, which are converted for the inputs of torchvision's
            networks.

    Raises:
        ValueError: For a file of another network.
    """
    is_keras = path.suffix in (".h5", ".hdf5")
    weights = _read_keras(path) if is_keras else _read_torch(path)
    _assign(model.get_layer("features"), weights, "features_", path)


def load_heads(model: keras.Model, path: Path) -> None:
    """Loads the published weights of the channels.

    Args:
        model: A model from `build_lpips`.
        path: Path of a file of `lpips/weights/v0.1`.

    Raises:
        ValueError: For the heads of another network.
    """
    heads = {
        name.split(".")[0]: [np.transpose(tensor, (2, 3, 1, 0))]
        for name, tensor in read_torch_tensors(path).items()
        if tensor.ndim == 4
    }
    _assign(model, heads, "lin", path)


def set_equal_heads(model: keras.Model) -> None:
    """Sets the weight of every channel to 1, as in the paper before fitting.

    Args:
        model: A model from `build_lpips`.
    """
    for layer in model.layers:
        if layer.name.startswith("lin"):
            layer.set_weights([np.ones_like(w) for w in layer.get_weights()])


def _assign(
    model: keras.Model, weights: dict[str, list], prefix: str, path: Path
) -> None:
    for layer in model.layers:
        if not layer.weights or not layer.name.startswith(prefix):
            continue
        given = [w.shape for w in weights.get(layer.name, [])]
        if given != [tuple(w.shape) for w in layer.weights]:
            raise ValueError(
                f"{path.name} must hold weights of the shapes "
                f"{[tuple(w.shape) for w in layer.weights]} for "
                f"{layer.name!r}; it seems to be of another network. "
                f"Received: {given}"
            )
        layer.set_weights(weights[layer.name])


def _read_torch(path: Path) -> dict[str, list[np.ndarray]]:
    tensors = read_torch_tensors(path)
    return {
        name.removesuffix(".weight").replace(".", "_"): [
            np.transpose(tensor, (2, 3, 1, 0)),
            tensors.get(name.removesuffix("weight") + "bias", np.zeros(0)),
        ]
        for name, tensor in tensors.items()
        if name.endswith(".weight") and tensor.ndim == 4
    }


def _read_keras(path: Path) -> dict[str, list[np.ndarray]]:
    import h5py

    weights: dict[str, list[Any]] = {}

    def visit(name: str, item: Any) -> None:
        found = re.match(r"conv1/|fire(\d)/(squeeze|expand)(1x1|3x3)/", name)
        if found is None or not isinstance(item, h5py.Dataset):
            return
        layer = "features_0"
        if found[1]:
            fire = int(found[1])
            index = fire + 1 + (fire > 3) + (fire > 5)  # pools in between
            size = found[3] if found[2] == "expand" else ""
            layer = f"features_{index}_{found[2]}{size}"
        weights.setdefault(layer, [np.zeros(0)] * 2)[item.ndim == 1] = item[()]

    try:
        with h5py.File(path) as file:
            file.visititems(visit)
    except OSError as error:
        raise ValueError(
            f"{path.name} must be an HDF5 file; it may be damaged. "
            f"Received: {error}"
        ) from error
    if "features_0" not in weights:
        return weights
    kernel, bias = (w.astype("float64") for w in weights["features_0"])
    kernel = kernel[:, :, ::-1]  # RGB instead of BGR
    mean = np.array([122.679, 116.669, 104.006])
    offset = 127.5 * (SHIFT + 1.0) - mean
    bias += np.einsum("hwio,i->o", kernel, offset)
    kernel = kernel * (127.5 * SCALE)[:, None]
    weights["features_0"] = [kernel.astype("float32"), bias.astype("float32")]
    return weights
