"""Images between two sentences."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from keras_gans import distribution
from keras_gans.metrics.paths.interpolation import lerp


def between(
    gan: Any,
    sentences: Sequence[str],
    frames: int = 12,
    num: int = 1,
    seed: int | None = 0,
) -> np.ndarray:
    """Makes images on the way from one sentence to the next, of fixed latents.

    Words are whole, so the way leads through what the generator makes of
    them first: all real numbers that follow from the sentence alone, such as
    the sentence feature of Reed et al. 2016 (section 5.4), are interpolated.
    What is not a real number, such as a mask, is that of the nearer sentence.

    Args:
        gan: A GAN that is told in words.
        sentences: Two sentences or more.
        frames: Number of images, the first and the last sentence's included.
        num: Number of latents.
        seed: Seed of the latents.

    Returns:
        float32 images (frames, num, H, W, C), as `save_walk` takes them.

    Raises:
        ValueError: For a GAN that is not told in words or makes nothing of
            them before all else comes in, and for less than two sentences or
            frames.
    """
    if len(sentences) < 2 or isinstance(sentences, str) or frames < 2:
        raise ValueError(
            "The way between sentences needs two of them, and two frames. "
            f"Received: {sentences!r}, frames={frames}"
        )
    told = gan._told(list(sentences))
    network = gan.inference_generator
    tensors = named_inputs(network, gan.takes)
    made_of_words = frontier(network, tensors[told])
    if not any(is_real(tensor) for tensor in made_of_words):
        raise ValueError(
            "The generator must make numbers of words before all else comes "
            f"in. Received: {type(gan).__name__}, where nothing follows from "
            f"{told} alone"
        )
    others = {name: x for name, x in tensors.items() if name != told}
    first = keras.Model(tensors[told], made_of_words)
    rest = keras.Model([*made_of_words, *others.values()], network.outputs)
    ids = gan.takes[told].check(list(sentences), told)
    keys = keras.tree.flatten(distribution.predict(first, ids, len(ids)))
    drawn = gan.inputs_for(num, seed)
    place = np.linspace(0, len(sentences) - 1, frames)
    ways = [np.repeat(_between(key, place), num, axis=0) for key in keys]
    rows = [np.concatenate([drawn[name]] * frames) for name in others]
    made = distribution.predict(rest, [*ways, *rows], 64)
    made = keras.tree.flatten(made)[0]
    return np.asarray(made, "float32").reshape(frames, num, *made.shape[1:])


def named_inputs(network: keras.Model, takes: Any) -> dict[str, Any]:
    """Returns a Functional model's inputs by the names of what it takes."""
    inputs = network._inputs_struct
    if isinstance(inputs, dict):
        return {name: inputs[name] for name in takes}
    return dict(zip(takes, network.inputs, strict=True))


def frontier(network: keras.Model, source: Any) -> list[Any]:
    """Returns the last tensors that follow from one input alone.

    Args:
        network: A Functional model.
        source: One of its inputs.

    Returns:
        The tensors that some layer takes together with others, in their
        order.
    """
    alone, last = {id(source)}, {}
    depths = sorted(network._nodes_by_depth, reverse=True)
    for node in (n for d in depths for n in network._nodes_by_depth[d]):
        of_words = [x for x in node.input_tensors if id(x) in alone]
        if len(of_words) < len(node.input_tensors):
            last.update({id(x): x for x in of_words})
        elif of_words:
            alone.update(id(x) for x in node.output_tensors)
    return list(last.values())


def is_real(tensor: Any) -> bool:
    """Returns whether a tensor holds real numbers."""
    return "float" in keras.backend.standardize_dtype(tensor.dtype)


def _between(key: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Returns what lies at places among keys (P, ...), for instance 0.5."""
    if not np.issubdtype(key.dtype, np.floating):
        return key[np.rint(place).astype(int)]
    start = np.minimum(place.astype(int), len(key) - 2)
    share = (place - start).reshape(-1, *[1] * (key.ndim - 1))
    return lerp(key[start], key[start + 1], share).astype(key.dtype)
