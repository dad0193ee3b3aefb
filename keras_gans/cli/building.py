"""From words on the command line to a compiled GAN."""

import difflib
import json
from typing import Any

import keras_gans


def find_variant(name: str) -> str:
    """Finds a variant, whatever case its name is written in.

    Args:
        name: For instance "dcgan".

    Returns:
        Its name, "DCGAN".

    Raises:
        ValueError: If there is none, with the nearest names.
    """
    names = {v.lower(): v for v in keras_gans.list_variants()}
    if name.lower() not in names:
        near = difflib.get_close_matches(name.lower(), names)
        raise ValueError(
            "There is no such variant. The nearest are "
            f"{[names[n] for n in near] or list(names.values())}. "
            f"Received: {name!r}"
        )
    return names[name.lower()]


def read_settings(settings: list[str]) -> dict[str, Any]:
    """Reads `key=value` pairs; a value is JSON, or else a string.

    Args:
        settings: For instance ["width=32", "loss=minimax"].

    Returns:
        The values by their keys, {"width": 32, "loss": "minimax"}.

    Raises:
        ValueError: For what is no such pair.
    """
    values = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not (key.isidentifier() and equals):
            raise ValueError(f"--set takes KEY=VALUE. Received: {setting!r}")
        try:
            values[key] = json.loads(value)
        except ValueError:
            values[key] = value
    return values


def of_data(variant: str, images: Any) -> dict[str, Any]:
    """Returns what the data say of a GAN: the images' shape, and the classes.

    Args:
        variant: Its name.
        images: The source.

    Returns:
        Arguments of the variant's constructor.
    """
    from keras_gans.engine.conditional import ClassConditional

    arguments = {"image_shape": images.image_shape}
    conditional = issubclass(getattr(keras_gans, variant), ClassConditional)
    if conditional and images.labels is not None:
        named = len(images.class_names or ())
        arguments["num_classes"] = named or int(images.labels.max()) + 1
    return arguments


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
        return getattr(keras_gans, variant)(**arguments)
    except TypeError as error:  # as a call with wrong arguments raises
        raise ValueError(f"{error} (Received: {arguments})") from error


def compile_gan(gan: Any, learning_rates: list[str]) -> None:
    """Compiles a GAN with its paper's optimizers at other learning rates.

    Args:
        gan: The GAN.
        learning_rates: "2e-4" for all players, "discriminator=4e-4" for one.

    Raises:
        ValueError: For what is no rate, or no player.
    """
    from keras_gans.schedules import CosineAdam

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
            if isinstance(optimizer, CosineAdam):  # its end in proportion
                start, end = optimizer.rates
                config = optimizer.get_config()
                config["learning_rate"] = (value, value * end / start)
                optimizers[name] = CosineAdam.from_config(config)
            else:
                optimizer.learning_rate = value
    gan.compile(**{f"{name}_optimizer": o for name, o in optimizers.items()})
