"""What a GAN needs to be saved whole and to go on exactly where it stood."""

import inspect
import json
import shutil
import zipfile
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans import distribution
from keras_gans.arguments import checked
from keras_gans.engine.helpers import Helpers
from keras_gans.files import atomic_path
from keras_gans.stabilizers import Stabilizer

NOTE = "run_note"
"""The entry of a file of weights that says what a run is a run of."""

HELPER = "helper_"
"""What the entry of a helper's checksum begins with, before its name."""

FROZEN = "frozen_layers"
"""The entry of a configuration that names the frozen layers."""


class SavableModel(keras.Model):
    """A model whose files hold its arguments, its state and its randomness."""

    _helpers: Helpers

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Has the arguments of a variant checked by their annotations."""
        super().__init_subclass__(**kwargs)
        if "__init__" in cls.__dict__:
            cls.__init__ = checked(cls.__init__)  # type: ignore[method-assign]

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """Remembers the arguments, which are the configuration."""
        model = super().__new__(cls, *args, **kwargs)
        signature = inspect.signature(cls.__init__)
        bound = signature.bind(model, *args, **kwargs)
        bound.apply_defaults()
        arguments = dict(list(bound.arguments.items())[1:])
        for name, parameter in signature.parameters.items():
            if parameter.kind is inspect.Parameter.VAR_KEYWORD:
                arguments.update(arguments.pop(name))
        object.__setattr__(model, "_arguments", arguments)
        return model

    def get_config(self) -> dict[str, Any]:
        """Returns every argument of the constructor, by its name."""
        own = {"name": self.name, "dtype": self.dtype_policy.name}
        config = {**self._arguments, **own}
        frozen = self.frozen_layers()
        if frozen:
            config[FROZEN] = frozen
        return {name: _as_json(value) for name, value in config.items()}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects=None) -> Any:
        """Builds a model from what `get_config` returned."""
        config = dict(config)
        frozen = config.pop(FROZEN, None)
        model = cls(
            **{n: _revive(v, custom_objects) for n, v in config.items()}
        )
        if frozen:
            model.freeze_layers(frozen)
        return model

    def _layers_by_place(self) -> dict[str, keras.layers.Layer]:
        """Returns the layers of all players under names that never change."""
        return {
            f"{player}/{i}/{j}": layer
            for player in getattr(self, "players", ())
            for i, network in enumerate(
                keras.tree.flatten(getattr(self, player))
            )
            for j, layer in enumerate(
                network._flatten_layers(include_self=True)
            )
        }

    def frozen_layers(self) -> list[str]:
        """Returns the places of the layers whose `trainable` is False."""
        layers = self._layers_by_place().items()
        return [place for place, layer in layers if not layer._trainable]

    def tuning_arguments(self) -> dict[str, Any]:
        """Returns the arguments that fine-tuning goes on from here with."""
        return {}

    def freeze_layers(self, places: list[str]) -> None:
        """Freezes the layers at places that `frozen_layers` returned."""
        layers = self._layers_by_place()
        for place in places:
            layers[place].trainable = False

    def save(self, filepath: Any, overwrite: bool = True, **kwargs) -> None:
        """Saves all of the model to a `.keras` file, whole or not at all.

        Of several processes that train together only the chief does.
        """
        if not distribution.is_chief():
            return
        with distribution.alone(), atomic_path(filepath) as draft:
            super().save(draft, overwrite=overwrite, **kwargs)

    def save_weights(self, filepath: Any, overwrite: bool = True) -> None:
        """Saves all state to a `.weights.h5` file, whole or not at all.

        Of several processes that train together only the chief does.
        """
        if not distribution.is_chief():
            return
        if not str(filepath).endswith(".weights.h5"):
            raise ValueError(
                "A file of weights must end in `.weights.h5`. "
                f"Received: {filepath}"
            )
        with distribution.alone(), atomic_path(filepath) as draft:
            # By way of the archive, which Keras makes in memory: HDF5 itself
            # ends the process where it finds the disk full.
            archive = draft.with_name("model.keras")
            super().save(archive)
            with zipfile.ZipFile(archive) as members:
                member = members.open("model.weights.h5")
                with member, open(draft, "wb") as file:
                    shutil.copyfileobj(member, file)

    _note_now: Any = None
    _note_read: dict[str, Any] | None = None

    def keep_run_note(self, note: Any) -> None:
        """Sets a function whose dictionary is saved with the weights.

        Args:
            note: The function; None for no note.
        """
        self._note_now = note

    def take_run_note(self) -> dict[str, Any] | None:
        """Returns the note that was loaded with the weights, once."""
        note, self._note_read = self._note_read, None
        return note

    @property
    def _random_state(self) -> list[Any]:
        weights = {id(v) for v in self.weights}
        return [v for v in self.variables if id(v) not in weights]

    def save_own_variables(self, store: Any) -> None:
        """Stores the model's own weights, and the random state with them."""
        super().save_own_variables(store)
        for i, state in enumerate(self._random_state):
            store[f"random_state_{i}"] = ops.convert_to_numpy(state)
        for name, checksum in self._helpers.checksums().items():
            store[f"{HELPER}{name}"] = np.frombuffer(
                bytes.fromhex(checksum), "uint8"
            )
        if self._note_now is not None:
            note = json.dumps(self._note_now()).encode()
            store[NOTE] = np.frombuffer(note, "uint8")

    def load_own_variables(self, store: Any) -> None:
        """Restores what `save_own_variables` stored."""
        own = {key: store[key] for key in store.keys()}  # noqa: SIM118
        note = own.pop(NOTE, None)
        if note is not None:
            self._note_read = json.loads(np.asarray(note).tobytes())
        for i, state in enumerate(self._random_state):
            state.assign(own.pop(f"random_state_{i}"))
        theirs = {
            name.removeprefix(HELPER): np.asarray(own.pop(name)).tobytes().hex()
            for name in list(own)
            if name.startswith(HELPER)
        }
        self._helpers.check(theirs)
        super().load_own_variables(own)


def _revive(value: Any, custom_objects: Any) -> Any:
    """Returns an argument, whether a file describes it or it is one already."""
    if isinstance(value, list):
        return [_revive(item, custom_objects) for item in value]
    if isinstance(value, dict):
        return keras.saving.deserialize_keras_object(value, custom_objects)
    if isinstance(value, Stabilizer):  # which has a state, of one GAN each
        return type(value).from_config(value.get_config())
    return value


def _as_json(value: Any) -> Any:
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    return list(value) if isinstance(value, tuple) else value
