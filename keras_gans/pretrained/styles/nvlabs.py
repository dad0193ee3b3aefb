"""State dictionaries of stylegan2-ada-pytorch."""

import warnings
from typing import Any

import numpy as np

from keras_gans.pretrained.styles.network import (
    StyleFile,
    Weights,
    conv,
    dense,
    dense_of_maps,
    sizes_in,
    with_axes,
)

Tensors = dict[str, np.ndarray]


def read_nvlabs(
    average: Tensors, trained: Tensors, discriminator: Tensors
) -> StyleFile:
    """Reads networks of NVIDIA's names, `synthesis.b4.conv1.weight`.

    Args:
        average: The averaged generator, or the only one.
        trained: The trained one; empty where there is none.
        discriminator: The discriminator; empty where there is none.

    Raises:
        KeyError: Where a tensor is missing.
        ValueError: For channels that `StyleGAN2` cannot have.
    """
    blocks = sizes_of(average)
    first, last = (f"synthesis.b{size}" for size in (blocks[0], blocks[-1]))
    classes = average.get("mapping.embed.weight", np.zeros((0, 0))).shape
    start = with_axes(average[f"{first}.const"], 3).shape[1:]
    images = average[f"{last}.torgb.weight"].shape[0]
    channels = [
        average[f"synthesis.b{size}.conv1.weight"].shape[0] for size in blocks
    ]
    arguments: dict[str, Any] = {
        "image_shape": (
            *(side * 2 ** (len(blocks) - 1) for side in start),
            images,
        ),
        "num_classes": classes[1] or None,
        "latent_dim": average["mapping.fc0.weight"].shape[1] - classes[0],
        "style_dim": average[f"{first}.conv1.affine.weight"].shape[1],
        "mapping_layers": layers_in(average),
        **sizes_in(channels),
    }
    if discriminator and f"b{blocks[-1]}.skip.weight" not in discriminator:
        warnings.warn(
            "The discriminator is of another architecture than StyleGAN2's, "
            "without residual blocks, so the preset's is a new one. Received: "
            f"no 'b{blocks[-1]}.skip.weight' in the discriminator",
            stacklevel=2,
        )
        discriminator = {}
    if classes[1] and discriminator:
        arguments["discriminator_mapping_layers"] = layers_in(discriminator)
    return StyleFile(
        arguments,
        generator_weights(average),
        generator_weights(trained) if trained else None,
        discriminator_weights(discriminator, start) if discriminator else None,
    )


def sizes_of(tensors: Tensors) -> list[int]:
    """Returns the sizes in the names of a generator's blocks."""
    found = {
        int(name.split(".")[1][1:])
        for name in tensors
        if name.startswith("synthesis.b")
    }
    return sorted(found)


def layers_in(tensors: Tensors) -> int:
    """Returns the number of layers of a mapping network."""
    return sum(
        name.startswith("mapping.fc") and name.endswith("weight")
        for name in tensors
    )


def _pair(tensors: Tensors, name: str) -> list[np.ndarray]:
    return [tensors[f"{name}.weight"], tensors[f"{name}.bias"]]


def mapping_weights(tensors: Tensors) -> Weights:
    """Returns the weights of a mapping network."""
    weights: Weights = {}
    if "mapping.embed.weight" in tensors:
        weights["embedding"] = dense(*_pair(tensors, "mapping.embed"))
    for i in range(layers_in(tensors)):
        weights[f"dense_{i}"] = dense(*_pair(tensors, f"mapping.fc{i}"))
    return weights


def generator_weights(tensors: Tensors) -> Weights:
    """Returns the weights of a generator."""
    synthesis: Weights = {}
    for i, size in enumerate(sizes_of(tensors)):
        block = f"synthesis.b{size}"
        if not i:
            constant = tensors[f"{block}.const"]
            synthesis["constant"] = [np.transpose(constant, (1, 2, 0))]
        for j in (0, 1) if i else (1,):
            name, theirs = f"conv_{i}_{j}", f"{block}.conv{j}"
            synthesis[name] = conv(tensors[f"{theirs}.weight"])
            synthesis[f"{name}_style"] = dense(
                *_pair(tensors, f"{theirs}.affine")
            )
            synthesis[f"{name}_noise"] = [
                tensors[f"{theirs}.noise_strength"],
                tensors[f"{theirs}.noise_const"][..., None],
            ]
            synthesis[f"{name}_bias"] = [tensors[f"{theirs}.bias"]]
        name, theirs = f"to_images_{i}", f"{block}.torgb"
        synthesis[name] = conv(tensors[f"{theirs}.weight"])
        synthesis[f"{name}_style"] = dense(*_pair(tensors, f"{theirs}.affine"))
        synthesis[f"{name}_bias"] = [tensors[f"{theirs}.bias"]]
    return {
        "mapping": mapping_weights(tensors),
        "mean_style": [tensors["mapping.w_avg"]],
        "synthesis": synthesis,
    }


def discriminator_weights(tensors: Tensors, start: Any) -> Weights:
    """Returns the weights of a discriminator.

    Args:
        tensors: Its state dictionary.
        start: Height and width of its last maps.
    """
    sizes = sorted({int(n.split(".")[0][1:]) for n in tensors if n[0] == "b"})
    first, *blocks = sizes
    weights: Weights = {
        "from_images": conv(*_pair(tensors, f"b{sizes[-1]}.fromrgb"))
    }
    for i, size in enumerate(blocks, 1):
        for j in (0, 1):
            weights[f"conv_{i}_{j}"] = conv(*_pair(tensors, f"b{size}.conv{j}"))
        weights[f"skip_{i}"] = conv(tensors[f"b{size}.skip.weight"])
    weights["conv_0"] = conv(*_pair(tensors, f"b{first}.conv"))
    weights["dense"] = dense_of_maps(start, *_pair(tensors, f"b{first}.fc"))
    out = dense(*_pair(tensors, f"b{first}.out"))
    if "mapping.embed.weight" not in tensors:
        return {**weights, "logits": out}
    return {**weights, "features": out, "mapping": mapping_weights(tensors)}
