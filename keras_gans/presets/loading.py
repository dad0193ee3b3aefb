"""Building a GAN from a preset."""

import inspect
import json
import os
from typing import Any

import keras

from keras_gans import models, registry
from keras_gans.engine.saving import SavableModel
from keras_gans.presets.folder import CONFIG, WEIGHTS
from keras_gans.presets.sources import find


def load_preset(
    cls: type[SavableModel], preset: str | os.PathLike, **overrides: Any
) -> Any:
    """Loads a preset, and returns its GAN, not compiled.

    Args:
        cls: The class to get; `AdversarialModel` for whatever there is.
        preset: One of
            - the name of a built-in preset, see `list_presets`,
            - a folder that `save_to_preset` wrote, or a `.zip`, `.tar.gz`,
              `.tgz` or `.tar` of one,
            - the `http://`, `https://` or `file://` URL of either,
            - `hf://user/repo` on Hugging Face,
            - `kaggle://user/model/keras/variation` on Kaggle.
            What comes from afar is kept below `~/.keras/keras_gans` (or
            `$KERAS_HOME/keras_gans`) and not asked for again.
        **overrides: Arguments of the class to change, for instance
            `dtype="mixed_bfloat16"`.

    Returns:
        The model with the preset's weights.

    Raises:
        ValueError: If there is no such preset, its files are damaged, it
            holds another class, or `overrides` do not go with its weights.
        FileNotFoundError: If files are missing.
        ImportError: If `hf://` or `kaggle://` lacks its package.
        OSError: If it cannot be fetched.
    """
    folder = find(preset)
    config = json.loads((folder / CONFIG).read_bytes())
    variant = class_of(config, cls, preset)
    own_name = keras.saving.get_registered_name(cls)
    is_base = keras.saving.get_registered_object(own_name) is None
    if variant is not cls and not (is_base and issubclass(variant, cls)):
        raise ValueError(
            f"The preset holds a {variant.__name__}, not a {cls.__name__}: "
            f"call {variant.__name__}.from_preset. Received: {preset}"
        )
    changed = keras.saving.serialize_keras_object(overrides)
    try:
        gan = variant.from_config({**config["config"], **changed})
        gan.load_weights(folder / WEIGHTS)
        if "seed" in overrides:  # the file holds the random state of its run
            fresh = keras.random.SeedGenerator(gan.seed).state
            gan.seed_generator.state.assign(keras.ops.convert_to_numpy(fresh))
            gan.shuffle_seed.assign(gan.seed)
    except (TypeError, ValueError, OSError) as error:
        raise ValueError(
            f"The preset's {variant.__name__} cannot be built here: {error} "
            f"Received: {preset}, overrides={overrides}"
        ) from error
    return gan


def class_of(
    config: dict[str, Any],
    cls: type[SavableModel] | None = None,
    preset: Any = None,
) -> type[SavableModel]:
    """Returns the class of a preset's configuration, by its registered name.

    The module that the file names does not matter, so a preset cannot have
    other code of the machine imported.

    Args:
        config: The contents of `config.json`.
        cls: A class that is known, whether registered or not.
        preset: Where it comes from, for the message.

    Raises:
        ValueError: If there is no such class.
    """
    name = config.get("registered_name", "")
    if cls is not None and name == keras.saving.get_registered_name(cls):
        return cls
    package, _, short = name.partition(">")
    if package == "keras_gans" and short in registry.VARIANTS:
        return getattr(models, short)
    found = keras.saving.get_registered_object(name)
    if not inspect.isclass(found) or not issubclass(found, SavableModel):
        raise ValueError(
            f"The preset holds a {name}, which is not among "
            f"{registry.list_variants()}. If it is yours, decorate it with "
            "@keras.saving.register_keras_serializable and import its module "
            f"first. Received: {preset}"
        )
    return found
