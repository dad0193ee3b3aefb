import keras
import numpy as np
import pytest
from contract import tiny
from keras import ops
from linear import play

import keras_gans
from keras_gans.layers.spectral_normalization import SpectralNormalization


def test_hinge_by_hand():
    w, v = play(keras_gans.SNGAN)
    # 1 - v real = 1.5 and 1 + v fake = 0: only the real image's hinge is open.
    assert v == pytest.approx(2.0 - 0.1 * 0.25, rel=1e-5)
    assert w == pytest.approx(-0.5 + 0.1 * v, rel=1e-5)


def test_singular_values_stay_one_in_training(images):
    # Four filters change faster at the paper's rate than real layers do.
    gan = tiny("SNGAN")
    gan.compile(discriminator_optimizer=keras.optimizers.Adam(2e-5, 0.5))
    gan.fit(images, batch_size=16, epochs=4, verbose=0)
    spectral = [
        layer
        for layer in gan.discriminator.layers
        if isinstance(layer, SpectralNormalization)
    ]
    assert len(spectral) == len(gan.discriminator.trainable_variables) // 2
    for layer in spectral:
        kernel = layer.normalised(layer.kernel, training=True)
        matrix = ops.convert_to_numpy(kernel).reshape(-1, kernel.shape[-1])
        largest = np.linalg.svd(matrix, compute_uv=False)[0]
        assert largest == pytest.approx(1.0, abs=0.02), layer.name
