"""State dictionaries from files that cannot run code."""

import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.pretrained.torch_files import read_torch_tensors

DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "<i1",
    "U8": "<u1",
    "BOOL": "|b1",
}

PICKLE = """\
A .pkl of NVIDIA's holds a whole program, which runs when it is read: it is \
never read here. Where you trust the file, write its tensors once, in a clone \
of stylegan2-ada-pytorch:

    import legacy, torch
    with open("network.pkl", "rb") as file:
        networks = legacy.load_network_pkl(file)
    names = "G", "D", "G_ema"
    states = {name: networks[name].state_dict() for name in names}
    torch.save(states, "network.pth")

and convert network.pth."""


def read_tensors(path: str | os.PathLike) -> dict[str, np.ndarray]:
    """Reads the tensors of a state dictionary.

    Args:
        path: A `.pth` or `.pt` file of `torch.save`, an `.npz` of
            `numpy.savez`, or a `.safetensors` file.

    Returns:
        The tensors by name; names of nested dictionaries are joined by dots.

    Raises:
        FileNotFoundError: Where there is no such file.
        ValueError: For a damaged file, and for another kind; for a `.pkl`
            with the way to convert it.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no such file. Received: {path}")
    suffix = path.suffix.lower()
    if suffix == ".pkl":
        raise ValueError(f"{PICKLE} Received: {path.name}")
    readers = {
        ".pth": read_torch_tensors,
        ".pt": read_torch_tensors,
        ".npz": read_npz,
        ".safetensors": read_safetensors,
    }
    if suffix not in readers:
        raise ValueError(
            f"A state dictionary must be a file of {[*readers]}. "
            f"Received: {path.name}"
        )
    return readers[suffix](path)


def read_npz(path: str | os.PathLike) -> dict[str, np.ndarray]:
    """Reads the arrays of an `.npz` file, but no Python objects.

    Raises:
        ValueError: For a damaged file.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except (
        *(ValueError, OSError, EOFError, AttributeError),
        zipfile.BadZipFile,
    ) as error:
        raise _damaged(path, "numpy.savez", error) from error


def read_safetensors(path: str | os.PathLike) -> dict[str, np.ndarray]:
    """Reads the tensors of a `.safetensors` file.

    The file is the length of its header in 8 bytes, the header in JSON, and
    the numbers. bfloat16 becomes float32.

    Raises:
        ValueError: For a damaged file, and for other types of numbers.
    """
    content = Path(path).read_bytes()
    try:
        start = 8 + int.from_bytes(content[:8], "little")
        header = json.loads(content[8:start])
        return {
            name: _tensor(content[start:], about)
            for name, about in header.items()
            if name != "__metadata__"
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path, "safetensors", error) from error


def _tensor(block: bytes, about: dict[str, Any]) -> np.ndarray:
    first, end = about["data_offsets"]
    part = block[first:end]
    if about["dtype"] == "BF16":  # the upper half of a float32
        upper = np.frombuffer(part, "<u2").astype("uint32")
        values = (upper << 16).view("float32")
    else:
        values = np.frombuffer(part, DTYPES[about["dtype"]])
    return values.reshape(about["shape"]).copy()


def _damaged(path: Any, kind: str, error: Exception) -> ValueError:
    return ValueError(
        f"{Path(path).name} must be a file of {kind}; it may be damaged. "
        f"Received: {type(error).__name__}: {error}"
    )
