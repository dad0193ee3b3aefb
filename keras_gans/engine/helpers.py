"""Helpers: frozen networks that training needs and no file holds."""

import keras

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

    def checksums(self) -> dict[str, str]:
        """Returns the SHA-256 of each network's weights, in hexadecimal."""
        return {
            name: sha256_of_weights(network.get_weights())
            for name, network in self._networks.items()
        }

    def check(self, checksums: dict[str, str]) -> None:
        """Refuses a file that was made with other helpers.

        Args:
            checksums: Those in the file, by the names of its helpers.

        Raises:
            ValueError: For other names or weights.
        """
        own = self.checksums()
        for name in {**own, **checksums}:
            theirs, ours = (
                sums.get(name, "none: no such helper")
                for sums in (checksums, own)
            )
            if theirs != ours:
                raise ValueError(
                    f"The file was made with other weights of the helper "
                    f"{name!r}: their SHA-256 must be {theirs}. "
                    f"Received: {ours}"
                )
