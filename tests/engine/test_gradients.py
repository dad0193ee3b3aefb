"""Gradients of a step that is not taken, beside a step that is."""

import keras
import numpy as np
from contract import assert_same_state, rows_for, tiny

from keras_gans.engine.training.gradients import GradientNorms
from keras_gans.stabilizers import R1


def gan_of(variant, **kwargs):
    """A GAN whose discriminator stands still, so that G's step is known."""
    gan = tiny(variant, **kwargs)
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(1.0),
        discriminator_optimizer=keras.optimizers.SGD(0.0),
        run_eagerly=keras.backend.backend() != "jax",
    )
    return gan


def test_norms_are_those_of_the_next_step():
    gan, untouched = gan_of("DCGAN"), gan_of("DCGAN")
    rows = rows_for(gan, 8)
    norms = GradientNorms(gan)(rows)
    assert_same_state(gan, untouched)
    weights = gan.variables_of("generator")
    before = [keras.ops.convert_to_numpy(w).copy() for w in weights]
    gan.fit(rows, batch_size=8, verbose=0, shuffle=False)
    steps = [
        np.linalg.norm(keras.ops.convert_to_numpy(w) - b)
        for w, b in zip(weights, before, strict=True)
    ]
    assert len(norms["discriminator"]) == len(gan.variables_of("discriminator"))
    np.testing.assert_allclose(norms["generator"], steps, rtol=2e-3, atol=1e-5)
    assert gan.optimizer["generator"] is gan.optimizer.optimizers[0]


def test_lazy_terms_are_left_out():
    plain = gan_of("GAN")
    lazy = gan_of("GAN", stabilizers=[R1(1000.0, every=4)])
    rows = rows_for(plain, 8)
    expected = GradientNorms(plain)(rows)["discriminator"]
    found = GradientNorms(lazy)(rows)["discriminator"]
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    assert lazy.is_due(4)  # what the next step does is as it was
