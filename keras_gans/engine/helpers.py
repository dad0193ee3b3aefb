"""Helpers: frozen networks that training needs and no file holds."""

import keras
import numpy as np

from keras_gans.files import sha256_of_weights


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
        """Returns the SHA-256 of each network's weights, uint8 (32,)."""
        return {
            name: np.frombuffer(
                bytes.fromhex(sha256_of_weights(network.get_weights())), "uint8"
            )
            for name, network in self._networks.items()
        }
