"""From words on the command line to a compiled GAN."""

import difflib
import importlib
import inspect
import json
import os
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import keras_gans
from keras_gans.cli.quiet import import_keras


def import_own(module: str) -> None:
    """Imports a module that defines variants of one's own.

    They are the subclasses of `AdversarialModel` that it registers with
    `keras.saving.register_keras_serializable`. It is found as `python -m`
    finds it, from the present folder too.

    Args:
        module: Its name, for instance "my_variants".
    """
    import_keras()
    folder = os.getcwd()
    if folder not in sys.path:
        sys.path.insert(0, folder)
    importlib.import_module(module)


def own_variants() -> dict[str, Any]:
    """Returns the registered variants that are not the package's, by name."""
    engine = sys.modules.get("keras_gans.engine.model")
    if engine is None:  # Nothing was imported that could subclass it.
        return {}
    import keras

    registered = keras.saving.get_custom_objects().values()
    return {
        cls.__name__: cls
        for cls in registered
        if inspect.isclass(cls)
        and issubclass(cls, engine.AdversarialModel)
        and not cls.__module__.startswith("keras_gans.")
    }


def find_variant(name: str) -> str:
    """Finds a variant, whatever case its name is written in.

    Args:
        name: For instance "dcgan".

    Returns:
        Its name, "DCGAN".

    Raises:
        ValueError: If there is none, with the nearest names.
    """
    known = [*own_variants(), *keras_gans.list_variants()]
    names = {v.lower(): v for v in known}
    if name.lower() not in names:
        raise ValueError(
            f"There is no such variant. {nearest(name, known)}. `--import` "
            f"before the command imports one of your own. Received: {name!r}"
        )
    return names[name.lower()]


def nearest(name: str, known: Iterable[str]) -> str:
    """Says which names are nearest to one, or all where none is near."""
    names = {k.lower(): k for k in known}
    near = difflib.get_close_matches(name.lower(), names)
    if near:
        return f"The nearest are {[names[n] for n in near]}"
    return f"There are {', '.join(names.values())}"


def variant_class(name: str) -> Any:
    """Returns the class of a variant.

    Args:
        name: Its name, as `find_variant` returns it.

    Raises:
        ValueError: If there is none.
    """
    if name in keras_gans.list_variants():
        return getattr(keras_gans, name)
    own = own_variants()
    if name not in own:
        raise ValueError(
            f"{name} is not among {keras_gans.list_variants()}. If it is your "
            "own, `keras-gans --import MODULE` imports it. "
            f"Received: {name!r}"
        )
    return own[name]


PYTHONS = {"True": "true", "False": "false", "None": "null"}


def read_settings(settings: list[str], option: str = "--set") -> dict[str, Any]:
    """Reads `key=value` pairs; a value is JSON, or else a string.

    True, False and None of Python are those of JSON.

    Args:
        settings: For instance ["width=32", "loss=minimax"].
        option: The option that they were given as, for the error.

    Returns:
        The values by their keys, {"width": 32, "loss": "minimax"}.

    Raises:
        ValueError: For anything else.
    """
    values = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not (key.isidentifier() and equals):
            raise ValueError(f"{option} takes KEY=VALUE. Received: {setting!r}")
        try:
            values[key] = json.loads(PYTHONS.get(value, value))
        except ValueError:
            values[key] = value
    return values


def read_stabilizers(texts: list[str]) -> list[Any]:
    """Builds stabilizers.

    Args:
        texts: "R1" with the default arguments, "R1:weight=5,every=16" or
            "DiffAugment:policy=colour,translation" with others.

    Returns:
        The stabilizers.

    Raises:
        ValueError: For an unknown name, and for unknown or wrong arguments.
    """
    from keras_gans.stabilizers import STABILIZERS

    return read_named(texts, STABILIZERS, "--stabilizer")


def read_named(
    texts: list[str], known: Mapping[str, Any], option: str
) -> list[Any]:
    """Builds objects of known classes.

    Args:
        texts: "NAME" or "NAME:KEY=VALUE,KEY=VALUE".
        known: The classes by their names.
        option: The option that was given, for errors.

    Returns:
        The objects.

    Raises:
        ValueError: For an unknown name, and for unknown or wrong arguments.
    """
    names = {name.lower(): name for name in known}
    built = []
    for text in texts:
        name, _, arguments = text.partition(":")
        if name.lower() not in names:
            raise ValueError(
                f"{option} knows no {name}. {nearest(name, known)}. "
                f"Received: {option} {text}"
            )
        # A comma may be part of a value.
        pairs = re.split(r",(?=\w+=)", arguments) if arguments else []
        values = read_settings(pairs, f"{option} {name}:")
        try:
            built.append(known[names[name.lower()]](**values))
        except (TypeError, ValueError) as error:
            raise ValueError(f"{error} (Received: {option} {text})") from error
    return built


def build_gan(variant: str, arguments: dict[str, Any]) -> Any:
    """Builds a GAN.

    Args:
        variant: Its name.
        arguments: Those of its constructor.

    Returns:
        The GAN, not compiled.

    Raises:
        ValueError: For arguments that it does not have.
    """
    try:
        return variant_class(variant)(**arguments)
    except TypeError as error:  # as a call with wrong arguments raises
        raise ValueError(f"{error} (Received: {arguments})") from error


def compile_gan(gan: Any, learning_rates: list[str], warm_up: int = 0) -> None:
    """Compiles a GAN with its paper's optimizers at other learning rates.

    Args:
        gan: The GAN.
        learning_rates: "2e-4" for all players, "discriminator=4e-4" for one.
        warm_up: Steps in which only the players that judge learn.

    Raises:
        ValueError: For anything but a rate, and for an unknown player.
    """
    from keras_gans.schedules import CosineAdam, delayed

    optimizers = gan.default_optimizers()
    for text in learning_rates:
        player, _, rate = text.rpartition("=")
        try:
            value = float(rate)
        except ValueError:
            value = float("nan")
        if not 0 < value < float("inf") or player not in ("", *optimizers):
            raise ValueError(
                "--learning-rate takes a positive number, or PLAYER=NUMBER "
                f"where the players are {list(optimizers)}. Received: {text!r}"
            )
        for name in [player] if player else list(optimizers):
            optimizer = optimizers[name]
            config = optimizer.get_config()
            if isinstance(optimizer, CosineAdam):  # its end in proportion
                start, end = optimizer.rates
                config["learning_rate"] = (value, value * end / start)
                optimizers[name] = CosineAdam.from_config(config)
            elif isinstance(config["learning_rate"], dict):  # a schedule
                config["learning_rate"]["config"]["rate"] = value
                optimizers[name] = type(optimizer).from_config(config)
            else:
                optimizer.learning_rate = value
    for name in optimizers if warm_up else ():
        if name not in gan.judges:
            optimizers[name] = delayed(optimizers[name], warm_up)
    gan.compile(**{f"{name}_optimizer": o for name, o in optimizers.items()})
