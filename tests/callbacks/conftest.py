import keras
import numpy as np
import pytest
from contract import EAGER

from keras_gans import DCGAN


@pytest.fixture
def run_eagerly():
    """A few steps are quicker than a graph of one."""
    return EAGER


@pytest.fixture
def make_gan(run_eagerly):
    def make(seed=0, **kwargs):
        keras.utils.set_random_seed(seed)
        gan = DCGAN((16, 16, 1), latent_dim=4, width=2, seed=seed)
        gan.compile(run_eagerly=run_eagerly, **kwargs)
        return gan

    return make


@pytest.fixture(scope="session")
def images():
    """Sixteen pictures of bright left or right halves."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 60, (16, 16, 16, 1))
    images[::2, :, :8] += 190
    images[1::2, :, 8:] += 190
    return images.astype("uint8")


@pytest.fixture(scope="session")
def network():
    inputs = keras.Input((16, 16, 1))
    halves = keras.layers.AveragePooling2D((16, 8))(inputs)
    return keras.Model(inputs, keras.layers.Flatten()(halves), name="halves")


@pytest.fixture
def keep_state():
    """Makes a callback that keeps all of a GAN's state at an epoch's end."""

    def make(gan):
        def keep(epoch, logs):
            variables = [*gan.variables, *gan.optimizer.variables]
            callback.state = [np.array(v) for v in variables]

        callback = keras.callbacks.LambdaCallback(on_epoch_end=keep)
        return callback

    return make


@pytest.fixture
def fit():
    def fit(gan, images, epochs, *callbacks, **kwargs):
        kwargs = {"batch_size": 8, "verbose": 0, **kwargs}
        return gan.fit(
            images, epochs=epochs, callbacks=list(callbacks), **kwargs
        )

    return fit


@pytest.fixture(autouse=True)
def no_graphs(eagerly):
    pass
