"""A small GAN with named classes, whose samples differ."""

import numpy as np

import keras_gans

NAMES = ["Bag", "Ärmel", "Boot"]


def conditional(latent_dim):
    gan = keras_gans.ConditionalGAN(
        (8, 8, 1),
        3,
        latent_dim=latent_dim,
        units=24,
        class_names=NAMES,
        seed=1,
    )
    rng = np.random.default_rng(0)
    for weight in gan.inference_generator.weights:
        weight.assign(0.3 * rng.standard_normal(weight.shape))
    return gan
