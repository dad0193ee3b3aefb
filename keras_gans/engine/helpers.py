"""Helpers: frozen networks that training needs and no file holds."""

from collections.abc import Mapping

import keras

from keras_gans.engine.building import Builder
from keras_gans.files import sha256_of_weights


class Helpers:
    """Frozen networks by name, out of sight of Keras's saving.

    A network that is given as a function is loaded when it is first needed:
    its weights may have to be downloaded, and only training needs them. Until
    then its checksum is that of the file that the model came from.

    Args:
        networks: The networks by name, or functions without arguments that
            load them; they are frozen.
    """

    def __init__(self, networks: Mapping[str, Builder]):
        self._networks: dict[str, keras.Model] = {}
        self._loaders = {}
        self._expected: dict[str, str] = {}
        for name, network in networks.items():
            if isinstance(network, keras.Model):
                self._keep(name, network)
            else:
                self._loaders[name] = network

    def __getitem__(self, name: str) -> keras.Model:
        if name not in self._networks:
            self._keep(name, self._loaders[name]())
            if name in self._expected:
                own = sha256_of_weights(self._networks[name].get_weights())
                _compare(name, self._expected[name], own)
        return self._networks[name]

    def _keep(self, name: str, network: keras.Model) -> None:
        network.trainable = False
        self._networks[name] = network

    def load(self) -> None:
        """Loads the networks that were given as functions.

        Raises:
            ValueError: For other weights than those of the model's file.
        """
        for name in self._loaders:
            self[name]

    def checksums(self) -> dict[str, str]:
        """Returns the SHA-256 of each network's weights, in hexadecimal.

        A network that was never loaded has none, where no file had one.
        """
        own = {
            name: sha256_of_weights(network.get_weights())
            for name, network in self._networks.items()
        }
        return {**self._expected, **own}

    def check(self, checksums: dict[str, str]) -> None:
        """Refuses a file that was made with other helpers.

        Args:
            checksums: Those in the file, by the names of its helpers.

        Raises:
            ValueError: For other names or weights.
        """
        missing = "none: no such helper"
        late = {n: s for n, s in checksums.items() if n in self._loaders}
        own = self.checksums()
        for name in {**own, **checksums}:
            if name in self._loaders and (
                name not in self._networks or name not in late
            ):
                continue  # not loaded, or not when the file was written
            _compare(name, checksums.get(name, missing), own.get(name, missing))
        self._expected = late


def _compare(name: str, theirs: str, ours: str) -> None:
    if theirs != ours:
        raise ValueError(
            f"The file was made with other weights of the helper {name!r}: "
            f"their SHA-256 must be {theirs}. Received: {ours}"
        )
