import numpy as np
import pytest
from contract import tiny
from keras import ops
from linear import play

import keras_gans


def test_algorithm_1_by_hand():
    w, v = play(keras_gans.WGAN, clip=2.01, critic_steps=1)
    # d/dv [v fake - v real] = -0.25: 2.025, which is clipped.
    assert v == pytest.approx(2.01, rel=1e-6)
    assert w == pytest.approx(-0.5 + 0.1 * 2.01, rel=1e-5)


def test_weights_stay_clipped(images):
    gan = tiny("WGAN")
    history = gan.fit(images, batch_size=16, verbose=0).history
    for weight in gan.discriminator.trainable_variables:
        values = ops.convert_to_numpy(weight)
        assert np.abs(values).max() <= 0.01 + 1e-9
        if values.ndim > 1:
            assert values.min() < 0 < values.max()
    (loss,), (estimate,) = (
        history[n] for n in ("discriminator_loss", "wasserstein_estimate")
    )
    assert estimate == pytest.approx(-loss, rel=1e-4)


def test_the_papers_optimizers():
    optimizer = keras_gans.WGAN((16, 16, 1)).default_optimizers()["generator"]
    assert type(optimizer).__name__ == "RMSprop"
    assert float(optimizer.learning_rate) == pytest.approx(5e-5)


def test_refuses_to_clip_to_nothing():
    with pytest.raises(ValueError, match="Received: clip=0"):
        tiny("WGAN", clip=0)
