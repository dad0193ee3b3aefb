"""A reader of PyTorch's files, without PyTorch and without running code."""

import collections
import io
import os
import pickle
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np

_MAGIC = 0x1950A86A20F9469CFC6C

_DTYPES = {
    "DoubleStorage": "<f8",
    "FloatStorage": "<f4",
    "HalfStorage": "<f2",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "<i1",
    "ByteStorage": "<u1",
    "BoolStorage": "|b1",
}


class _Storage(NamedTuple):
    """A block of numbers; tensors are views of it."""

    key: str
    dtype: np.dtype
    size: int
    offset: int


class _Tensor(NamedTuple):
    """A tensor whose numbers have not been read yet."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def _rebuild(storage: Any, offset: int, shape: Any, strides: Any, *_: Any):
    return _Tensor(storage, offset, tuple(shape), tuple(strides))


def _rebuild_parameter(tensor: Any, *_: Any) -> Any:
    return tensor


_ALLOWED: dict[str, Any] = {
    "collections.OrderedDict": collections.OrderedDict,
    "torch._utils._rebuild_tensor": _rebuild,
    "torch._utils._rebuild_tensor_v2": _rebuild,
    "torch._utils._rebuild_parameter": _rebuild_parameter,
    **{f"torch.{name}": np.dtype(code) for name, code in _DTYPES.items()},
}


class _Unpickler(pickle.Unpickler):
    """An unpickler of tensors and dictionaries that refuses everything else."""

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _ALLOWED[f"{module}.{name}"]
        except KeyError:
            raise ValueError(
                "The file may only hold tensors in dictionaries, and nothing "
                "that can run code. Save `model.state_dict()`. "
                f"Received: {module}.{name}"
            ) from None

    def persistent_load(self, pid: Any) -> _Storage:
        _, dtype, key, _, size, *view = pid
        offset = view[0][1] if view and view[0] else 0
        return _Storage(str(key), dtype, size, offset)


def read_torch_tensors(path: str | os.PathLike) -> dict[str, np.ndarray]:
    """Reads the tensors of a `.pth` file without PyTorch.

    Both formats of `torch.save` can be read, the zip archive of PyTorch 1.6
    and later and the one before. The unpickler knows tensors and dictionaries
    only, and refuses everything else, so no file can run code.

    Args:
        path: Path of a state dictionary, or of dictionaries that contain one;
            names of nested dictionaries are joined by dots. Values other than
            tensors are left out.

    Returns:
        The tensors by name, in the order and of the types of the file.

    Raises:
        ValueError: For a file that is damaged, or holds more than tensors.
    """
    try:
        with open(path, "rb") as file:
            if file.read(4) == b"PK\x03\x04":
                content, blocks = _read_archive(file)
            else:
                file.seek(0)
                content, blocks = _read_legacy(file)
        return {name: _view(t, blocks) for name, t in _tensors(content)}
    except (
        *(pickle.UnpicklingError, zipfile.BadZipFile, struct.error, EOFError),
        *(AttributeError, IndexError, KeyError, StopIteration, TypeError),
    ) as error:
        raise ValueError(
            f"{Path(path).name} must be a file of torch.save; it may be "
            "damaged. "
            f"Received: {type(error).__name__}: {error}"
        ) from error


def _read_archive(file: BinaryIO) -> tuple[Any, dict[str, bytes]]:
    blocks = {}
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        pickled = next(n for n in names if n.endswith("/data.pkl"))
        folder = pickled.removesuffix("data.pkl")
        if archive.read(pickled)[:1] != b"\x80":
            raise pickle.UnpicklingError("data.pkl is no pickle")
        if f"{folder}byteorder" in names:
            order = archive.read(f"{folder}byteorder")
            if order != b"little":
                raise ValueError(
                    f"Numbers must be little-endian. Received: {order!r}"
                )
        content = _Unpickler(io.BytesIO(archive.read(pickled))).load()
        for name in names:
            if name.startswith(f"{folder}data/"):
                blocks[name.removeprefix(f"{folder}data/")] = archive.read(name)
    return content, blocks


def _read_legacy(file: BinaryIO) -> tuple[Any, dict[str, bytes]]:
    if _Unpickler(file).load() != _MAGIC:
        raise pickle.UnpicklingError("no magic number")
    for _ in ("protocol", "machine"):
        _Unpickler(file).load()
    unpickler = _Unpickler(file)
    storages: dict[str, _Storage] = {}
    content = unpickler.load()
    for _, tensor in _tensors(content):
        storages[tensor.storage.key] = tensor.storage
    blocks = {}
    for key in map(str, _Unpickler(file).load()):
        (size,) = struct.unpack("<q", file.read(8))
        blocks[key] = file.read(size * storages[key].dtype.itemsize)
    return content, blocks


def _tensors(content: Any, prefix: str = "") -> list[tuple[str, _Tensor]]:
    found = []
    if not isinstance(content, Mapping):
        raise TypeError(f"{type(content).__name__} instead of a dictionary")
    for name, value in content.items():
        if isinstance(value, _Tensor):
            found.append((f"{prefix}{name}", value))
        elif isinstance(value, Mapping):
            found += _tensors(value, f"{prefix}{name}.")
    return found


def _view(tensor: _Tensor, blocks: dict[str, bytes]) -> np.ndarray:
    data, dtype = blocks[tensor.storage.key], tensor.storage.dtype
    if 0 in tensor.shape:
        return np.zeros(tensor.shape, dtype)
    block = np.frombuffer(data, dtype, count=len(data) // dtype.itemsize)
    start = tensor.storage.offset + tensor.offset
    lengths = zip(tensor.shape, tensor.strides, strict=False)
    end = start + sum((size - 1) * stride for size, stride in lengths)
    # Without this check a damaged file could read memory outside of it.
    if min((start, *tensor.shape, *tensor.strides)) < 0 or end >= len(block):
        raise IndexError(f"a tensor of {tensor.shape} lies outside its block")
    strides = [stride * dtype.itemsize for stride in tensor.strides]
    view = np.lib.stride_tricks.as_strided(block[start:], tensor.shape, strides)
    return np.array(view)
