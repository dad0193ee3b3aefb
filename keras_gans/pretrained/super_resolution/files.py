"""Other people's files, by their ending."""

import os
from pathlib import Path

from keras_gans.pretrained.super_resolution.ncnn import read_ncnn_network
from keras_gans.pretrained.super_resolution.network import FileNetwork
from keras_gans.pretrained.super_resolution.torch_layouts import (
    read_torch_network,
)

READERS = {
    ".pth": read_torch_network,
    ".pt": read_torch_network,
    ".param": read_ncnn_network,
    ".bin": read_ncnn_network,
}


def read_network(path: str | os.PathLike) -> FileNetwork:
    """Reads a generator from somebody else's file.

    Args:
        path: A `.pth` or `.pt` file, as `read_torch_network` takes it; or a
            `.param` or `.bin` file of ncnn, beside the other one, as
            `read_ncnn_network` takes it. No file can run code.

    Raises:
        FileNotFoundError: Where there is no such file.
        ValueError: For another kind of file, a damaged one, and for another
            network.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no such file. Received: {path}")
    if path.suffix not in READERS:
        raise ValueError(
            f"A file of weights must end in one of {[*READERS]}. "
            f"Received: {path.name}"
        )
    return READERS[path.suffix](path)
