"""Styles of a generator: from latents, and to images."""

from typing import Any

import keras
import numpy as np

from keras_gans import distribution
from keras_gans.engine.generating import arrange
from keras_gans.modalities import ClassLabel, Condition, Text
from keras_gans.networks.noise import given_noise, noise_sizes

LAST = "repeated"
"""The layer of a generator that gives each layer of the synthesis its w."""


def has_styles(gan: Any) -> bool:
    """Returns whether a GAN's generator has a mapping and a synthesis."""
    names = [layer.name for layer in gan.inference_generator.layers]
    return {"mapping", "mean_style", LAST, "synthesis"} <= set(names)


def check_styles(gan: Any) -> None:
    """Raises a ValueError for a generator without styles."""
    if not has_styles(gan):
        raise ValueError(
            "This needs a generator with styles, as StyleGAN2's. "
            f"Received: {type(gan).__name__}"
        )


def told_for(
    gan: Any, num: int, seed: int | None, given: dict[str, Any]
) -> dict[str, np.ndarray]:
    """Returns what a generator is told besides latents, a row for each image.

    Args:
        gan: A GAN.
        num: Number of rows.
        seed: Seed of what is drawn.
        given: What is given of it, as in `generate`; the rest is drawn.
    """
    kinds = ClassLabel, Condition, Text
    told = [n for n, kind in gan.takes.items() if isinstance(kind, kinds)]
    if not told:
        return given
    inputs = gan.inputs_for(num, seed, **given)
    return {**given, **{name: inputs[name] for name in told}}


def to_styles(
    gan: Any,
    latents: np.ndarray | None = None,
    num: int | None = None,
    seed: int | None = None,
    truncation: float = 1.0,
    batch_size: int = 256,
    **given: Any,
) -> np.ndarray:
    """Returns the styles of latents.

    Args:
        gan: A GAN with styles.
        latents: (N, latent_dim); None to draw `num`.
        num: Number of latents to draw.
        seed: Seed of what is drawn.
        truncation: The psi of w' = mean + psi (w - mean).
        batch_size: Rows at a time.
        **given: What else the generator takes, as in `generate`.

    Returns:
        float32 (N, layers, style_dim), the same style for each layer.

    Raises:
        ValueError: For a GAN without styles.
    """
    check_styles(gan)
    inputs = gan.inputs_for(
        num, seed, latents=latents, truncation=truncation, **given
    )
    generator = gan.inference_generator
    network = keras.Model(generator.inputs, generator.get_layer(LAST).output)
    made = distribution.predict(network, arrange(generator, inputs), batch_size)
    return np.asarray(made, "float32")


def from_styles(
    gan: Any,
    styles: np.ndarray,
    batch_size: int = 64,
    noise: np.ndarray | None = None,
) -> np.ndarray:
    """Returns the images of styles.

    Args:
        gan: A GAN with styles.
        styles: (N, layers, style_dim), or (N, style_dim) for all layers.
        batch_size: Rows at a time.
        noise: (N, pixels) for the layers that add noise, as `project` finds
            it; None for the generator's own.

    Returns:
        float32 images (N, H, W, C) in [-1, 1].

    Raises:
        ValueError: For a GAN without styles, and for another shape.
    """
    check_styles(gan)
    synthesis = gan.inference_generator.get_layer("synthesis")
    layers, dim = synthesis.input.shape[1:]
    styles = np.asarray(styles, "float32")
    if styles.ndim == 2:
        styles = np.repeat(styles[:, None], layers, axis=1)
    if styles.shape[1:] != (layers, dim):
        raise ValueError(
            f"`styles` must have the shape (N, {layers}, {dim}) or (N, {dim})."
            f" Received: shape {styles.shape}"
        )
    given: Any = styles
    if noise is not None:
        sizes = noise_sizes(synthesis)
        shape = len(styles), sum(height * width for height, width in sizes)
        if np.shape(noise) != shape:
            raise ValueError(
                f"`noise` must have the shape {shape}. "
                f"Received: shape {np.shape(noise)}"
            )
        synthesis, given = given_noise(synthesis), [styles, noise]
    made = distribution.predict(synthesis, given, batch_size)
    return np.asarray(made, "float32")


def mean_style(gan: Any) -> np.ndarray:
    """Returns the running mean of w, (style_dim,)."""
    check_styles(gan)
    layer = gan.inference_generator.get_layer("mean_style")
    return np.asarray(keras.ops.convert_to_numpy(layer.mean), "float32")
