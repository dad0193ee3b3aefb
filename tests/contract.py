"""What every variant promises, whatever its paper."""

import inspect

import keras
import numpy as np

import keras_gans
from keras_gans.engine.model import AdversarialModel

# Arguments that make a variant tiny, used where its constructor has them.
TINY = {
    "image_shape": (16, 16, 1),
    "latent_dim": 4,
    "width": 4,
    "units": 24,
    "num_classes": 3,
    "blocks": 1,
    "depths": (1, 1, 1),
    "critic_depth": 1,
}

# What is quicker for a step or two; JAX then compiles every operation alone.
EAGER = keras.backend.backend() != "jax"


def tiny(variant: str, run_eagerly: bool = False, **kwargs) -> AdversarialModel:
    """Returns a small, compiled model of the variant."""
    cls = getattr(keras_gans, variant)
    names = inspect.signature(cls.__init__).parameters
    small = {n: v for n, v in TINY.items() if n in names}
    if "critic_steps" in names and names["critic_steps"].default > 2:
        small["critic_steps"] = 2
    gan = cls(**{**small, "seed": 1, **kwargs})
    gan.compile(run_eagerly=run_eagerly)
    return gan


def with_labels(gan: AdversarialModel, images: np.ndarray) -> tuple:
    """Returns what `fit` takes: images, and labels where they are needed."""
    if "labels" not in gan.learns_from:
        return (images,)
    return images, np.arange(len(images)) % gan.num_classes


def state(gan: AdversarialModel) -> list[np.ndarray]:
    """Returns all that decides what the model does next."""
    variables = [*gan.variables, *gan.optimizer.variables]
    return [np.copy(keras.ops.convert_to_numpy(v)) for v in variables]


def assert_same_state(one: AdversarialModel, other: AdversarialModel) -> None:
    """Holds two models against each other, bit for bit."""
    for a, b in zip(state(one), state(other), strict=True):
        np.testing.assert_array_equal(a, b)
