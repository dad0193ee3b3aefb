import functools

import keras
import numpy as np
import pytest
from contract import EAGER, assert_same_state, tiny, with_labels

import keras_gans

pytestmark = pytest.mark.parametrize("variant", keras_gans.list_variants())


class Trained:
    """A tiny model of a variant, what it made, and an epoch of three steps."""

    def __init__(self, variant, *callbacks):
        self.gan = tiny(variant, ema_decay=0.5)
        self.was_built = self.gan.built
        self.before = self.gan.generate(4, seed=0)
        rng = np.random.default_rng(0)
        images = rng.integers(0, 256, (48, 16, 16, 1), dtype="uint8")
        data = with_labels(self.gan, images)
        self.history = self.gan.fit(
            *data, batch_size=16, verbose=0, callbacks=callbacks
        ).history


@pytest.fixture(scope="module")
def trained():
    """One of each variant, for tests that leave it alone."""
    return functools.cache(Trained)


class Crash(keras.callbacks.Callback):
    """Breaks off in the third step."""

    def on_train_batch_end(self, batch, logs=None):
        if batch == 2:
            raise KeyboardInterrupt


def test_is_built_with_what_was_asked(variant, trained):
    made = trained(variant)
    assert made.was_built
    assert made.before.shape == (4, 16, 16, 1)
    assert made.before.dtype == np.float32
    assert np.abs(made.before).max() <= 1.0
    assert set(made.gan.default_optimizers()) == set(made.gan.players)


def test_fits_an_epoch_and_logs_means(variant, trained):
    made = trained(variant)
    assert set(made.history) == {m.name for m in made.gan.metrics}
    assert np.isfinite([v for (v,) in made.history.values()]).all()
    assert int(made.gan.steps) == 3
    assert np.abs(made.gan.generate(4, seed=0) - made.before).max() > 0


def test_every_trainable_weight_gets_a_finite_gradient(variant, images):
    # With seed 1 BigGAN's few rectifiers are all shut for its first fakes.
    gan = tiny(variant, seed=2)
    # Clipped critics give small gradients, penalties explode at large steps.
    rates = {**dict.fromkeys(gan.players, 0.01), "generator": 1.0}
    sgd = {
        f"{p}_optimizer": keras.optimizers.SGD(r, momentum=0.5)
        for p, r in rates.items()
    }
    gan.compile(**sgd, run_eagerly=EAGER)
    weights = gan.trainable_variables
    for weight in weights:
        # At zero a factor shuts off what it multiplies, and a hinge is open
        # for every image, so that its bias cancels.
        if tuple(weight.shape) in ((), (1,)):
            weight.assign(np.full(weight.shape, 1.5))
    # A second step, for what stands before a layer of zeros.
    gan.fit(*with_labels(gan, images[:32]), batch_size=16, verbose=0)
    # Momentum shows gradients that a weight of one would round away.
    momenta = [m for o in gan.optimizer.optimizers for m in o.momentums]
    assert len(momenta) == len(weights)
    for variable in (*weights, *momenta):
        value = keras.ops.convert_to_numpy(variable)
        assert np.isfinite(value).all(), variable.path
    for momentum in momenta:
        assert keras.ops.convert_to_numpy(momentum).any(), momentum.path


def test_saves_and_loads_all_of_itself(variant, images, tmp_path):
    gan = tiny(variant, run_eagerly=EAGER, ema_decay=0.5)
    data = with_labels(gan, images[:16])
    gan.fit(*data, batch_size=16, verbose=0)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert_same_state(gan, loaded)
    np.testing.assert_array_equal(
        gan.generate(4, seed=0), loaded.generate(4, seed=0)
    )
    # Both go on alike: latents, dropout and the order of the data.
    gan.fit(*data, batch_size=16, verbose=0)
    loaded.fit(*data, batch_size=16, verbose=0)
    assert_same_state(gan, loaded)


def test_config_builds_it_again(variant, trained):
    gan = trained(variant).gan
    again = type(gan).from_config(gan.get_config())
    assert again.get_config() == gan.get_config()
    assert [w.shape for w in again.weights] == [w.shape for w in gan.weights]


def test_resumes_bit_for_bit(variant, trained, tmp_path):
    def backup():
        return keras.callbacks.BackupAndRestore(tmp_path / "backup", 2)

    whole = trained(variant)
    with pytest.raises(KeyboardInterrupt):
        Trained(variant, backup(), Crash())
    assert_same_state(Trained(variant, backup()).gan, whole.gan)


def test_preset_round_trip(variant, trained, tmp_path):
    gan = trained(variant).gan
    gan.save_to_preset(tmp_path / "preset")
    loaded = type(gan).from_preset(tmp_path / "preset")
    np.testing.assert_array_equal(
        gan.generate(4, seed=0), loaded.generate(4, seed=0)
    )


@pytest.mark.parametrize("format", ["tf_saved_model", "litert", "onnx"])
def test_export_parity(variant, format, trained, tmp_path):
    on_tensorflow = keras.backend.backend() == "tensorflow"
    if not on_tensorflow and variant != "DCGAN":
        # They export a copy of the weights that TensorFlow holds.
        pytest.skip("every variant is exported on TensorFlow")
    gan = trained(variant).gan
    names = {"tf_saved_model": "model", "litert": "g.tflite", "onnx": "g.onnx"}
    report = gan.export(tmp_path / names[format], format=format)
    assert report.max_difference < 1e-5


def test_refuses_images_of_another_shape(variant, trained, images):
    gan = trained(variant).gan
    data = with_labels(gan, images[:, :, :8])
    with pytest.raises(ValueError, match=r"Received: \(16, 8, 1\)"):
        gan.fit(*data, batch_size=16, verbose=0)
