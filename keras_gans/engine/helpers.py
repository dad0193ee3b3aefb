"""Helpers: frozen networks that training needs and no file holds."""

import hashlib

import keras
import numpy as np


class Helpers:
    """Frozen networks by name, out of sight of Keras's saving.

    Args:
        networks: The networks by name; they are frozen.
    """

    def __init__(self, networks: dict[str, keras.Model]):
        for network in networks.values():
            network.trainable = False
        self._networks = networks

    def __getitem__(self, name: str) -> keras.Model:
        return self._networks[name]

    def checksums(self) -> dict[str, np.ndarray]:
        """Returns the SHA-256 of each network's weights, as 32 bytes."""
        return {n: checksum_of(net) for n, net in self._networks.items()}


def checksum_of(network: keras.Model) -> np.ndarray:
    """Returns the SHA-256 of a network's weights, uint8 (32,)."""
    digest = hashlib.sha256()
    for weight in network.get_weights():
        digest.update(f"{weight.dtype}{weight.shape}".encode())
        digest.update(np.ascontiguousarray(weight).tobytes())
    return np.frombuffer(digest.digest(), "uint8")
