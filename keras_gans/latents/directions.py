"""Directions in W that mean something, and edits along them."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from keras_gans.arguments import whole_number
from keras_gans.latents.mixing import chosen_layers
from keras_gans.latents.styles import check_styles, from_styles, to_styles


def sefa(
    gan: Any, num: int = 10, layers: Sequence[int] | range | None = None
) -> np.ndarray:
    """Returns directions that change the layers' styles the most.

    SeFa, Shen and Zhou 2021, arXiv:2007.06600, equation 6: the eigenvectors of
    A^T A with the largest eigenvalues, where A maps w to the styles of all
    chosen layers. It is a closed form, and needs no images.

    Args:
        gan: A GAN with styles.
        num: Number of directions.
        layers: The layers to look at; None for all.

    Returns:
        float32 unit vectors (num, style_dim), the strongest first. The largest
        entry of each is positive.

    Raises:
        ValueError: For a GAN without styles, for layers out of range, and for
            more directions than w has dimensions.
    """
    check_styles(gan)
    synthesis = gan.inference_generator.get_layer("synthesis")
    num_layers, dim = synthesis.input.shape[1:]
    check_count(num, dim)
    places = chosen_layers(num_layers, layers)
    kernels = [
        keras.ops.convert_to_numpy(layer.scaled_kernel())
        for layer in synthesis.layers
        if layer.name.endswith("_style") and _place_of(layer) in places
    ]
    a = np.concatenate(kernels, axis=1).astype("float64")
    _, vectors = np.linalg.eigh(a @ a.T)
    return _signed(vectors[:, ::-1][:, :num].T)


def check_count(num: int, most: int) -> None:
    """Raises a ValueError for less than one direction, or more than `most`."""
    if not 1 <= num <= most:
        raise ValueError(f"`num` must be from 1 to {most}. Received: num={num}")


def _place_of(layer: Any) -> int:
    """Returns the number of the w that a layer of styles takes."""
    history = layer.input._keras_history
    return history.tensor_index


def ganspace(
    gan: Any,
    num: int = 10,
    samples: int = 10_000,
    seed: int = 0,
    **given: Any,
) -> tuple[np.ndarray, np.ndarray]:
    """Returns the principal components of w.

    GANSpace, Härkönen et al. 2020, arXiv:2004.02546, section 2.2.

    Args:
        gan: A GAN with styles.
        num: Number of components.
        samples: Number of latents to draw.
        seed: Their seed.
        **given: What else the generator takes.

    Returns:
        float32 unit vectors (num, style_dim), those of the largest variance
        first, whose largest entry is positive; and the standard deviations
        (num,) of w along them.

    Raises:
        ValueError: For a GAN without styles, and for more components than w
            has dimensions, or than there are samples but one.
    """
    check_styles(gan)
    samples = whole_number("samples", samples, 2)
    dim = gan.inference_generator.get_layer("synthesis").input.shape[-1]
    check_count(num, min(dim, samples - 1))
    w = to_styles(gan, num=samples, seed=seed, **given)[:, 0].astype("float64")
    _, lengths, vectors = np.linalg.svd(w - w.mean(0), full_matrices=False)
    deviations = lengths[:num] / np.sqrt(samples - 1)
    return _signed(vectors[:num]), deviations.astype("float32")


def _signed(vectors: np.ndarray) -> np.ndarray:
    """Returns vectors whose largest entry is positive, float32."""
    largest = np.abs(vectors).argmax(1)
    signs = np.sign(vectors[np.arange(len(vectors)), largest])
    return (vectors * signs[:, None]).astype("float32")


def boundary(
    styles: np.ndarray, labels: np.ndarray, weight: float = 1e-2
) -> np.ndarray:
    """Returns the direction that tells two classes of styles apart.

    The normal of the plane of a logistic regression, as the boundaries of
    Shen et al. 2020 (InterFaceGAN, arXiv:1907.10786) are normals of planes.

    Args:
        styles: (N, style_dim), or (N, layers, style_dim), which are averaged
            over the layers.
        labels: (N,), 1 or True for what the direction leads to, and 0.
        weight: Weight of the squared length of the normal, above zero, in
            units of the styles' standard deviations.

    Returns:
        A float32 unit vector (style_dim,).

    Raises:
        ValueError: For labels of one kind only, for another number of them,
            and for styles that are not finite or all alike.
    """
    x = np.asarray(styles, "float64")
    x = x.mean(1) if x.ndim == 3 else x
    if not np.isfinite(x).all() or not np.ptp(x, axis=0).any():
        raise ValueError(
            "`styles` must be finite and differ. Received: "
            f"values from {x.min():.4g} to {x.max():.4g}"
        )
    y = np.asarray(labels).astype("float64")
    if y.shape != x.shape[:1] or set(np.unique(y)) != {0.0, 1.0}:
        raise ValueError(
            "`labels` must be 0 and 1, one for each style and some of both. "
            f"Received: {np.unique(y)} of shape {y.shape} for {len(x)} styles"
        )
    spread = x.std(0) + 1e-12
    x = np.column_stack([(x - x.mean(0)) / spread, np.ones(len(x))])
    penalty = weight * np.eye(x.shape[1])
    penalty[-1, -1] = 0.0  # the offset is free
    normal = np.zeros(x.shape[1])
    for _ in range(30):  # Newton's method
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ normal, -30, 30)))
        slope = x.T @ (p - y) / len(x) + penalty @ normal
        curve = (x.T * (p * (1 - p))) @ x / len(x) + penalty
        normal = normal - np.linalg.lstsq(curve, slope, rcond=None)[0]
    direction = normal[:-1] / spread
    return (direction / np.linalg.norm(direction)).astype("float32")


def edit(
    gan: Any,
    styles: np.ndarray,
    direction: np.ndarray,
    strengths: Sequence[float] = (-3.0, -1.5, 0.0, 1.5, 3.0),
    layers: Sequence[int] | range | None = None,
    noise: np.ndarray | None = None,
) -> np.ndarray:
    """Makes images of styles that are moved along a direction.

    Args:
        gan: A GAN with styles.
        styles: (N, layers, style_dim) or (N, style_dim).
        direction: (style_dim,), for instance one of `sefa(gan)`.
        strengths: How far to move, for each column.
        layers: The layers that are moved; None for all.
        noise: As in `from_styles`.

    Returns:
        float32 images (N, len(strengths), H, W, C).

    Raises:
        ValueError: For a GAN without styles, for other shapes, and for layers
            out of range.
    """
    check_styles(gan)
    synthesis = gan.inference_generator.get_layer("synthesis")
    num, dim = synthesis.input.shape[1:]
    styles, direction = np.asarray(styles), np.asarray(direction)
    if direction.shape != (dim,):
        raise ValueError(
            f"`direction` must have the shape ({dim},). "
            f"Received: shape {direction.shape}"
        )
    if styles.ndim == 2:
        styles = np.repeat(styles[:, None], num, axis=1)
    moves = np.zeros((num, dim), "float32")
    moves[chosen_layers(num, layers)] = direction
    moved = np.concatenate([styles + s * moves for s in strengths])
    if noise is not None:
        noise = np.tile(noise, (len(strengths), 1))
    made = from_styles(gan, moved, noise=noise)  # one network for all
    return np.stack(np.split(made, len(strengths)), axis=1)
