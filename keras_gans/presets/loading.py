"""Building a GAN from a preset."""

import inspect
import os
import warnings
from pathlib import Path
from typing import Any

import keras

from keras_gans import models, registry
from keras_gans.engine.saving import FROZEN, SavableModel
from keras_gans.presets import runs
from keras_gans.presets.fine_tuning import keep_what_fits
from keras_gans.presets.folder import CONFIG, WEIGHTS, read_json
from keras_gans.presets.limits import Limits, weight_budget
from keras_gans.presets.memory import free_earlier_models, same_names
from keras_gans.presets.origins.sources import find
from keras_gans.presets.weights import count_weights
from keras_gans.presets.words import put_back

TRAINING_STATE = 100_000_000
"""Numbers that a variant may hold for training alone: pools of images."""


def load_preset(
    cls: type[SavableModel],
    preset: str | os.PathLike,
    *,
    fine_tune: bool = False,
    limits: Limits | None = None,
    **overrides: Any,
) -> Any:
    """Loads a preset, and returns its GAN, not compiled.

    Args:
        cls: The class to get; `AdversarialModel` for whatever there is.
        preset: The name of a built-in preset (see `list_presets`); a folder
            that `save_to_preset` wrote, or a `.zip`, `.tar.gz`, `.tgz` or
            `.tar` of one; the `http://`, `https://` or `file://` URL of
            either; `hf://user/repo` on Hugging Face; or
            `kaggle://user/model/keras/variation` on Kaggle. What is
            downloaded is kept below `~/.keras/keras_gans` (or
            `$KERAS_HOME/keras_gans`) and not downloaded again. Or the folder
            of a training run, the `--out` of `keras-gans train`, also while
            it trains: its newest backup counts, and else its preset.
        fine_tune: Whether to train on from the preset's weights. All that
            fits `overrides` is kept and the rest starts anew, as do the
            average of the weights, from the live ones, and the step counter;
            the attribute `fine_tuning` of the GAN lists which is which.
            Layers that were frozen train again, and a GAN that has grown to
            full size goes on there. Without it, all weights must fit.
        limits: What the preset may cost before it is refused, a
            `keras_gans.presets.Limits`; None for the default.
        **overrides: Arguments of the class to change, for instance
            `dtype="mixed_bfloat16"`.

    Returns:
        The model with the preset's weights.

    Raises:
        ValueError: If there is no such preset, its files are damaged or too
            large, it holds another class, or `overrides` do not go with its
            weights.
        FileNotFoundError: If files are missing.
        ImportError: If `hf://` or `kaggle://` lacks its package.
        OSError: If it cannot be fetched.
    """
    config, weights, limits = _find(preset, limits)
    variant = class_of(config, cls, preset)
    own_name = keras.saving.get_registered_name(cls)
    is_base = keras.saving.get_registered_object(own_name) is None
    if variant is not cls and not (is_base and issubclass(variant, cls)):
        raise ValueError(
            f"The preset holds a {variant.__name__}, not a {cls.__name__}: "
            f"call {variant.__name__}.from_preset. Received: {preset}"
        )
    num = count_weights(weights, preset, limits)
    arguments = _arguments(config, preset)
    changed = {**arguments, **keras.saving.serialize_keras_object(overrides)}
    if changed.get("num_classes") != arguments.get("num_classes"):
        changed["class_names"] = overrides.get("class_names")
    free_earlier_models(weights.stat().st_size)
    # A file holds every weight of its model. What `overrides` add is wanted.
    own, any_number = 2 * num + 10_000, limits.parameters
    if variant.only_for_training:  # in the model, and in no preset
        own += TRAINING_STATE
    if fine_tune:
        old = _build(variant, arguments, own, preset)
        _load(old, weights, preset, {})
        changed.pop(FROZEN, None)
        if "image_shape" not in overrides:
            changed = {**changed, **old.tuning_arguments(), **overrides}
        gan = _build(variant, changed, any_number, preset, overrides)
        gan.fine_tuning = keep_what_fits(old, gan)
        return gan
    most = any_number if overrides else own
    gan = _build(variant, changed, most, preset, overrides)
    _load(gan, weights, preset, overrides)
    if "seed" in overrides:  # the file holds the random state of its run
        fresh = keras.random.SeedGenerator(gan.seed).state
        gan.seed_generator.state.assign(keras.ops.convert_to_numpy(fresh))
        gan.shuffle_seed.assign(gan.seed)
    return gan


def _find(
    preset: str | os.PathLike, limits: Limits | None
) -> tuple[dict[str, Any], Path, Limits]:
    """Returns the configuration, the file of weights, and the limits."""
    run = runs.folder_of(preset)
    if run is not None:
        backup = runs.backup_of(run)
        if backup is not None:
            return *backup, limits or runs.LIMITS
        preset = runs.preset_of(run)
    limits = limits or Limits()
    folder = find(preset, limits)
    config = put_back(read_json(folder / CONFIG, preset), folder, preset)
    return config, folder / WEIGHTS, limits


def _arguments(config: dict[str, Any], preset: Any) -> dict[str, Any]:
    arguments = config.get("config")
    if not isinstance(arguments, dict):
        raise ValueError(
            f"{CONFIG} of the preset is damaged: `config` must hold the "
            f"arguments of the class. Received: {preset}, where it holds a "
            f"{type(arguments).__name__}"
        )
    return arguments


def _build(
    variant: type[SavableModel],
    arguments: dict[str, Any],
    most_weights: int,
    preset: Any,
    overrides: Any = None,
) -> Any:
    try:
        with same_names(), weight_budget(most_weights, preset):
            return variant.from_config(arguments)
    except ImportError:
        raise
    except Exception as error:  # a file from elsewhere can hold anything
        raise ValueError(
            f"The preset's {variant.__name__} cannot be built here: {error} "
            f"Received: {preset}, overrides={overrides or {}}"
        ) from error


def _load(gan: Any, weights: Path, preset: Any, overrides: Any) -> None:
    try:
        with warnings.catch_warnings():
            if overrides:  # Keras warns before it fails
                warnings.simplefilter("ignore")
            gan.load_weights(weights)
    except Exception as error:  # likewise
        if overrides:
            raise ValueError(
                "The preset's weights do not fit these arguments. With "
                "`fine_tune=True` those that fit are kept and the rest starts "
                f"anew. Received: {preset}, overrides={overrides}"
            ) from error
        raise ValueError(
            f"The preset's weights do not fit its {CONFIG}: {error} "
            f"Received: {preset}"
        ) from error


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
    name = str(config.get("registered_name"))
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
