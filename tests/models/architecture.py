"""Networks as tables of text: a row for each layer, with all that it is.

Run as a script it writes the files of `architectures/` anew.
"""

import contextlib
import math
import pathlib
from collections.abc import Iterator
from typing import Any
from unittest import mock

import keras

import keras_gans
from keras_gans.layers.spectral_normalization import SpectralNormalization

FOLDER = pathlib.Path(__file__).parent / "architectures"
COMMAND = "python tests/models/architecture.py"

# Rectangles of many sizes, at which each limit and each side shows.
LARGE = {"image_shape": (192, 256, 2), "latent_dim": 11, "width": 16}
CONFIGURATIONS = {
    **{name: (name, {}) for name in keras_gans.list_variants()},
    "ESRGAN": ("ESRGAN", {"blocks": 2}),  # of 23, a thousand rows
    "DCGAN.large": ("DCGAN", LARGE),
    "ConditionalGAN.dcgan": (
        "ConditionalGAN",
        {**LARGE, "networks": "dcgan", "num_classes": 3},
    ),
    "WGANGP.large": ("WGANGP", LARGE),
    "WGANGP.dcgan": ("WGANGP", {**LARGE, "networks": "dcgan"}),
    "ACGAN.large": ("ACGAN", {**LARGE, "num_classes": 3, "dropout": 0.25}),
    "InfoGAN.large": (
        "InfoGAN",
        {
            "image_shape": LARGE["image_shape"],
            "width": 4,
            "num_categories": 5,
            "num_continuous": 3,
        },
    ),
    "SNGAN.large": ("SNGAN", {**LARGE, "power_iterations": 3}),
    "SAGAN.large": ("SAGAN", {"image_shape": (256, 512, 2), "width": 1}),
    "SAGAN.wide": ("SAGAN", {"image_shape": (32, 64, 2), "width": 1}),
    "BigGAN.large": (
        "BigGAN",
        {
            **LARGE,
            "num_classes": 3,
            "embedding_dim": 5,
            "attention_size": 24,
        },
    ),
    "R3GAN.large": ("R3GAN", {**LARGE, "blocks": 1}),
    "StyleGAN2.paper": (  # configuration F, at 1024x1024
        "StyleGAN2",
        {"image_shape": (1024, 1024, 3), "channel_base": 32768},
    ),
    "StyleGAN2.classes": (
        "StyleGAN2",
        {
            "image_shape": (24, 48, 1),
            "num_classes": 3,
            "latent_dim": 11,
            "style_dim": 10,
            "width": 20,
            "channel_base": 128,
            "mapping_layers": 2,
        },
    ),
    "TransGAN.patches": (
        "TransGAN",
        {
            "image_shape": (16, 16, 2),
            "latent_dim": 11,
            "width": 10,
            "depths": (3, 1, 2),
            "critic_depth": 1,
            "patch_size": 2,
        },
    ),
    "ProGAN.paper": (
        "ProGAN",
        {"image_shape": (1024, 1024, 3), "latent_dim": 512, "width": 512},
    ),
    "StyleGAN.paper": (
        "StyleGAN",
        {"image_shape": (1024, 1024, 3), "latent_dim": 512, "width": 512},
    ),
    "GANCLS.large": ("GANCLS", {**LARGE, "discriminator_width": 8}),
    "DFGAN.transformer": (
        "DFGAN",
        {
            "image_shape": (24, 48, 1),
            "latent_dim": 11,
            "width": 2,
            "text_encoder": "transformer",
            "text_dim": 12,
            "augmentation_dim": 5,
        },
    ),
    "Pix2Pix.instance": (
        "Pix2Pix",
        {
            "input_shape": (300, 290, 2),
            "output_shape": (300, 290, 1),
            "width": 8,
            "receptive_field": 286,
            "norm": "instance",
            "dropout": 0.25,
        },
    ),
    "Pix2Pix.pixels": (
        "Pix2Pix",
        {"input_shape": (9, 16, 3), "width": 8, "receptive_field": 1},
    ),
}
"""Variants and their arguments: the defaults, and others, by table."""

USUAL = {
    "activation": "linear",
    "axis": "-1",
    "center": "True",
    "data_format": "channels_last",
    "dilation_rate": "1x1",
    "groups": "1",
    "keepdims": "False",
    "lr_multiplier": "1",
    "mask_zero": "False",
    "negative_slope": "0",
    "prepend": "False",
    "renorm": "False",
    "renorm_momentum": "0.99",
    "rms_scaling": "False",
    "scale": "True",
    "strides": "1x1",
    "subpixel": "auto",
    "synchronized": "False",
    "threshold": "0",
    "use_bias": "True",
}
USUAL_STARTS = {
    "beta": "Zeros",
    "bias": "Zeros",
    "gamma": "Ones",
    "moving_mean": "Zeros",
    "moving_variance": "Ones",
    "u": "None",
}
"""What rows leave out: settings and starts as most layers have them."""

NO_NUMBERS = (
    *("autocast", "dtype", "name", "noise_shape", "seed", "trainable"),
    "target_shape",  # is that of the output
)


@contextlib.contextmanager
def noting_starts() -> Iterator[None]:
    """Notes the initializer of each weight, and starts with ones instead."""
    add_weight = keras.layers.Layer.add_weight

    def noting(self, shape, initializer=None, **kwargs: Any) -> Any:
        if isinstance(initializer, (str, dict)):
            initializer = keras.initializers.get(initializer)
        weight = add_weight(self, shape, "ones", **kwargs)
        weight.start = told(initializer)
        return weight

    def make_u(self, kernel: Any) -> None:
        self.u = self.add_weight(kernel.shape[-1:], name="u", trainable=False)

    with (
        mock.patch.object(keras.layers.Layer, "add_weight", noting),
        mock.patch.object(SpectralNormalization, "make_u", make_u),
    ):
        yield


def told(value: Any) -> str:
    """Returns a setting as text."""
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, (list, tuple)):
        return "x".join(map(told, value)) or "()"
    if isinstance(value, dict):  # a registered function
        return str(value.get("config", value))
    if not hasattr(value, "get_config"):
        return "computed" if callable(value) else str(value)
    settings = {
        key: told(v)
        for key, v in value.get_config().items()
        if key != "seed" and v is not None
    }
    inside = ", ".join(f"{key} {v}" for key, v in settings.items())
    return type(value).__name__ + (f"({inside})" if inside else "")


def settings_of(operation: Any, starts: dict[str, str]) -> str:
    """Returns what sets the numbers of a layer or of an operation."""
    config = {
        key: told(value)
        for key, value in operation.get_config().items()
        if key not in NO_NUMBERS
        and not key.endswith(("initializer", "regularizer", "constraint"))
        and value is not None
        and USUAL.get(key) != told(value)
    }
    if isinstance(operation, keras.layers.InputLayer):
        dtype = operation.output.dtype
        config = {"dtype": dtype} if dtype != "float32" else {}
    if type(operation).__name__ == "GetItem":  # its slices are in no config
        config = {"key": str(operation._inbound_nodes[0].arguments.args[1])}
    for name, start in starts.items():
        if USUAL_STARTS.get(name) != start:
            config[f"{name} from"] = start
    return ", ".join(f"{key} {value}" for key, value in config.items())


def rows_of(layer: Any) -> Iterator[list[str]]:
    """Yields a layer's row, and then those of the layers inside of it.

    A row is [kind, parameters, settings].
    """
    is_layer = isinstance(layer, keras.layers.Layer)
    inside = layer._flatten_layers(False, False) if is_layer else []
    deeper = {id(w) for other in inside for w in other.weights}
    own = [w for w in getattr(layer, "weights", ()) if id(w) not in deeper]
    settings = settings_of(layer, {w.name: w.start for w in own})
    size = sum(math.prod(w.shape) for w in own)
    yield [type(layer).__name__, f"{size:,}" if own else "", settings]
    for other in inside:
        for kind, *rest in rows_of(other):
            yield [f"  {kind}", *rest]


def ends_of(operation: Any, made: dict[int, str]) -> tuple[Any, Any]:
    """Returns what an operation takes and makes in its network."""
    if not isinstance(operation, keras.Model):
        return operation.input, operation.output
    # Those of a network itself are not those where another one calls it.
    node = next(
        node
        for node in operation._inbound_nodes
        if all(id(x) in made for x in node.input_tensors)
    )
    return node.input_tensors, node.output_tensors


def table_of(network: keras.Model) -> str:
    """Returns a network as a table, a row for each layer and operation."""
    rows = [["row", "layer", "of", "output", "parameters", "settings"]]
    made: dict[int, str] = {}
    for i, operation in enumerate(network.operations, 1):
        inputs, outputs = map(keras.tree.flatten, ends_of(operation, made))
        feeds = ", ".join(made.get(id(x), "") for x in inputs)
        for k, output in enumerate(outputs):
            made[id(output)] = f"{i}[{k}]" if len(outputs) > 1 else str(i)
        shapes = ", ".join(told(x.shape[1:]) for x in outputs)
        (kind, *row), *inner = rows_of(operation)
        if isinstance(operation, keras.Model):  # has a table of its own
            row, inner = ["", operation.name], []
        rows.append([str(i), kind, feeds, shapes, *row])
        rows += [["", kind, "", "", *row] for kind, *row in inner]
    sizes = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(
            cell.rjust(size) if i in (0, 4) else cell.ljust(size)
            for i, (cell, size) in enumerate(zip(row, sizes, strict=True))
        ).rstrip()
        for row in rows
    )
    ends = ", ".join(made[id(x)] for x in network.outputs)
    return "\n".join(lines) + f"\noutputs: {ends}\n"


def architecture(name: str) -> str:
    """Returns the tables of a configuration's networks."""
    variant, arguments = CONFIGURATIONS[name]
    with noting_starts():
        # Without a copy for the moving average, which takes as long again.
        gan = getattr(keras_gans, variant)(**{"ema_decay": None, **arguments})
        given = ", ".join(f"{k}={v!r}" for k, v in arguments.items())
        tables = [f"{variant}({given})\n"]
        for player in gan.players:
            for network in gan.networks_of(player):
                size = network.count_params()
                tables.append(f"{player}: {size:,} parameters")
                tables.append(table_of(network))
                for part in network.layers:
                    if isinstance(part, keras.Model):
                        size = part.count_params()
                        tables.append(f"{part.name}: {size:,} parameters")
                        tables.append(table_of(part))
    return "\n".join(tables)


def main() -> None:
    """Writes the files of all tables, and removes those of none."""
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.txt"):
        path.unlink()
    for name in CONFIGURATIONS:
        (FOLDER / f"{name}.txt").write_text(architecture(name))


if __name__ == "__main__":
    main()
