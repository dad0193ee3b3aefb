"""State dictionaries of rosinality/stylegan2-pytorch."""

import re
from typing import Any

import numpy as np

from keras_gans.pretrained.styles.network import (
    StyleFile,
    Weights,
    conv,
    dense,
    dense_of_maps,
    sizes_in,
)

Tensors = dict[str, np.ndarray]


def read_rosinality(
    average: Tensors,
    trained: Tensors,
    discriminator: Tensors,
    mean: np.ndarray | None,
) -> StyleFile:
    """Reads networks of rosinality's names, `convs.0.conv.weight`.

    Args:
        average: The averaged generator, or the only one.
        trained: The trained one; empty where there is none.
        discriminator: The discriminator; empty where there is none.
        mean: The mean of w, which files of converted networks hold as
            `latent_avg`; None for zeros, which stand for no mean.

    Raises:
        KeyError: Where a tensor is missing.
        ValueError: For channels that `StyleGAN2` cannot have.
    """
    doublings = count(average, r"to_rgbs\.(\d+)\.conv\.weight")
    start = average["input.input"].shape[2:]
    convs = ["conv1", *(f"convs.{2 * i + 1}" for i in range(doublings))]
    channels = [average[f"{name}.conv.weight"].shape[1] for name in convs]
    style_dim, latent_dim = average["style.1.weight"].shape
    arguments: dict[str, Any] = {
        "image_shape": (
            *(side * 2**doublings for side in start),
            average["to_rgb1.conv.weight"].shape[1],
        ),
        "latent_dim": latent_dim,
        "style_dim": style_dim,
        "mapping_layers": count(average, r"style\.(\d+)\.weight"),
        **sizes_in(channels),
    }
    if mean is None:
        mean = np.zeros(style_dim, "float32")
    mean = mean.reshape(-1)
    return StyleFile(
        arguments,
        generator_weights(average, doublings, mean),
        generator_weights(trained, doublings, mean) if trained else None,
        discriminator_weights(discriminator, start) if discriminator else None,
    )


def count(tensors: Tensors, pattern: str) -> int:
    """Returns the number of names that match a pattern."""
    return sum(re.fullmatch(pattern, name) is not None for name in tensors)


def generator_weights(
    tensors: Tensors, doublings: int, mean: np.ndarray
) -> Weights:
    """Returns the weights of a generator."""
    mapping = {
        f"dense_{i}": dense(
            tensors[f"style.{i + 1}.weight"], tensors[f"style.{i + 1}.bias"]
        )
        for i in range(count(tensors, r"style\.(\d+)\.weight"))
    }
    constant = tensors["input.input"][0]
    synthesis: Weights = {"constant": [np.transpose(constant, (1, 2, 0))]}

    def modulated(name: str, theirs: str) -> None:
        synthesis[name] = conv(tensors[f"{theirs}.conv.weight"][0])
        synthesis[f"{name}_style"] = dense(
            tensors[f"{theirs}.conv.modulation.weight"],
            tensors[f"{theirs}.conv.modulation.bias"],
        )

    def styled(name: str, theirs: str, noise: int) -> None:
        modulated(name, theirs)
        synthesis[f"{name}_noise"] = [
            tensors[f"{theirs}.noise.weight"].reshape(()),
            tensors[f"noises.noise_{noise}"][0, 0][..., None],
        ]
        synthesis[f"{name}_bias"] = [tensors[f"{theirs}.activate.bias"]]

    for i in range(doublings + 1):
        if i:
            styled(f"conv_{i}_0", f"convs.{2 * i - 2}", 2 * i - 1)
            styled(f"conv_{i}_1", f"convs.{2 * i - 1}", 2 * i)
        else:
            styled("conv_0_1", "conv1", 0)
        name = f"to_images_{i}"
        theirs = f"to_rgbs.{i - 1}" if i else "to_rgb1"
        modulated(name, theirs)
        synthesis[f"{name}_bias"] = [tensors[f"{theirs}.bias"].reshape(-1)]
    return {"mapping": mapping, "mean_style": [mean], "synthesis": synthesis}


def discriminator_weights(tensors: Tensors, start: Any) -> Weights:
    """Returns the weights of a discriminator.

    Args:
        tensors: Its state dictionary.
        start: Height and width of its last maps.
    """

    def with_bias(name: str, after: int = 1) -> list[np.ndarray]:
        kernel = tensors[f"{name}.{after - 1}.weight"]
        return conv(kernel, tensors[f"{name}.{after}.bias"])

    weights: Weights = {"from_images": with_bias("convs.0")}
    blocks = count(tensors, r"convs\.(\d+)\.skip\.1\.weight")
    for i in range(1, blocks + 1):
        theirs = f"convs.{blocks + 1 - i}"
        weights[f"conv_{i}_0"] = with_bias(f"{theirs}.conv1")
        weights[f"conv_{i}_1"] = with_bias(f"{theirs}.conv2", 2)
        weights[f"skip_{i}"] = conv(tensors[f"{theirs}.skip.1.weight"])
    weights["conv_0"] = with_bias("final_conv")
    first, last = (
        [tensors[f"final_linear.{j}.{part}"] for part in ("weight", "bias")]
        for j in (0, 1)
    )
    weights["dense"] = dense_of_maps(start, *first)
    weights["logits"] = dense(*last)
    return weights
