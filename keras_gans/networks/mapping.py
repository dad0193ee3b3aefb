"""Mapping networks: from latents z to styles w."""

from collections.abc import Callable
from typing import Any

import keras
from keras import layers

from keras_gans.layers.styles.activation import scaled_leaky_relu
from keras_gans.layers.styles.equalized_dense import EqualizedDense
from keras_gans.layers.styles.mean_style import MeanStyle
from keras_gans.layers.styles.pixel_normalization import PixelNormalization
from keras_gans.networks.conditions import (
    condition_input,
    vectors,
)

FLOAT32: dict[str, Any] = {"dtype": "float32"}
"""A mapping network is small, and styles need more digits than bfloat16 has."""


def build_mapping(
    latent_dim: int,
    style_dim: int,
    depth: int = 8,
    condition: Any = None,
    lr_multiplier: float = 0.01,
    name: str = "mapping",
) -> keras.Model:
    """Builds a mapping network, from latents and a condition to w.

    Karras et al. 2019, section 2, with the activations and the condition of
    Karras et al. 2020b: latents, and the embedding of a condition where there
    is one, are normalised to unit mean square each, put side by side, and go
    through `depth` dense layers with leaky ReLUs.

    Args:
        latent_dim: Dimensions of the latents; 0 for a network of the
            condition alone.
        style_dim: Dimensions of w.
        depth: Number of layers.
        condition: The modality of the condition, or None.
        lr_multiplier: The layers' learning rate as a multiple of the
            optimizer's.
        name: Name of the network.

    Returns:
        A network from latents (N, latent_dim) and, where there is a
        condition, labels, to w (N, style_dim).
    """
    inputs, parts = [], []
    if latent_dim:
        z = keras.Input((latent_dim,), name="latents")
        inputs.append(z)
        parts.append(PixelNormalization(name="normal", **FLOAT32)(z))
    if condition is not None:
        labels = condition_input(condition)
        inputs.append(labels)
        y = EqualizedDense(
            style_dim,
            gain=1.0,
            name="embedding",
            **FLOAT32,
        )(vectors(labels, condition))
        parts.append(PixelNormalization(name="normal_label", **FLOAT32)(y))
    x = parts[0]
    if len(parts) > 1:
        x = layers.Concatenate(name="joined", **FLOAT32)(parts)
    for i in range(depth):
        x = EqualizedDense(
            style_dim,
            gain=1.0,
            lr_multiplier=lr_multiplier,
            activation=scaled_leaky_relu,
            name=f"dense_{i}",
            **FLOAT32,
        )(x)
    taken = inputs if len(inputs) > 1 else inputs[0]
    return keras.Model(taken, x, name=name)


def build_styled(
    latent_dim: int,
    style_dim: int,
    depth: int,
    condition: Any,
    synthesis: Callable[[], keras.Model],
) -> keras.Model:
    """Builds a generator of the networks "mapping" and "synthesis".

    Args:
        latent_dim: Dimensions of the latents.
        style_dim: Dimensions of w.
        depth: Layers of the mapping network.
        condition: The modality of the condition, or None.
        synthesis: A function that builds the network from styles (N, layers,
            style_dim) to images.

    Returns:
        A network from latents, labels where there is a condition, and the
        truncation (N,), to images.
    """
    given = [keras.Input((latent_dim,), name="latents")]
    if condition is not None:
        given.append(condition_input(condition))
    truncation = keras.Input((), name="truncation")
    mapping = build_mapping(latent_dim, style_dim, depth, condition)
    images_of = synthesis()
    w = mapping(given if condition is not None else given[0])
    w = MeanStyle(name="mean_style", **FLOAT32)([w, truncation])
    num = images_of.input_shape[1]
    styles = layers.RepeatVector(num, name="repeated", **FLOAT32)(w)
    return keras.Model(
        [*given, truncation], images_of(styles), name="generator"
    )
