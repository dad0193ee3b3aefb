"""GANs small enough to be saved a hundred times."""

import numpy as np

import keras_gans


def small(variant="GAN", **kwargs):
    cls = getattr(keras_gans, variant)
    tiny = {"GAN": {"units": 20}, "DCGAN": {"width": 4}}[variant]
    return cls(
        **{"image_shape": (16, 16, 1), "latent_dim": 4, **tiny, **kwargs}
    )


def same_images(one, other):
    return np.array_equal(
        one.generate(4, seed=0), other.generate(4, seed=0), equal_nan=True
    )
