import keras
import numpy as np
import pytest
from contract import assert_same_state, tiny, with_labels

import keras_gans

pytestmark = pytest.mark.parametrize("variant", keras_gans.list_variants())


@pytest.fixture(scope="module")
def trained():
    """A model of each variant after an epoch, for tests that leave it alone."""
    made = {}

    def get(variant):
        if variant not in made:
            rng = np.random.default_rng(0)
            images = rng.integers(0, 256, (48, 16, 16, 1), dtype="uint8")
            gan = tiny(variant, ema_decay=0.5)
            data = with_labels(gan, images)
            made[variant] = gan, gan.fit(*data, batch_size=16, verbose=0)
        return made[variant]

    return get


class Stop(keras.callbacks.Callback):
    """Breaks off at a step, as a crash would."""

    def __init__(self, step):
        super().__init__()
        self.step = step
        self.seen = 0

    def on_train_batch_end(self, batch, logs=None):
        self.seen += 1
        if self.seen == self.step:
            raise KeyboardInterrupt


def test_is_built_with_what_was_asked(variant):
    gan = tiny(variant)
    assert gan.built
    images = gan.generate(3, seed=0)
    assert images.shape == (3, 16, 16, 1)
    assert images.dtype == np.float32
    assert np.abs(images).max() <= 1.0
    assert set(gan.default_optimizers()) == set(gan.players)


def test_fits_an_epoch_and_logs_means(variant, trained):
    gan, fitted = trained(variant)
    assert set(fitted.history) == {m.name for m in gan.metrics}
    assert np.isfinite([v for (v,) in fitted.history.values()]).all()
    assert int(gan.steps) == 3
    before = tiny(variant, ema_decay=0.5).generate(2, seed=0)
    assert np.abs(gan.generate(2, seed=0) - before).max() > 0


def test_every_trainable_weight_gets_a_finite_gradient(variant, images):
    gan = tiny(variant)
    # Clipped critics give small gradients, penalties explode at large steps.
    rates = {**dict.fromkeys(gan.players, 0.01), "generator": 1.0}
    gan.compile(
        **{f"{p}_optimizer": keras.optimizers.SGD(r) for p, r in rates.items()},
        run_eagerly=True,
    )
    weights = gan.trainable_variables
    for weight in weights:
        # At zero a factor shuts off what it multiplies, and a hinge is open
        # for every image, so that its bias cancels.
        if tuple(weight.shape) in ((), (1,)):
            weight.assign(np.full(weight.shape, 1.5))
    before = [np.copy(keras.ops.convert_to_numpy(w)) for w in weights]
    gan.fit(*with_labels(gan, images), batch_size=16, verbose=0)
    for weight, old in zip(weights, before, strict=True):
        new = keras.ops.convert_to_numpy(weight)
        assert np.isfinite(new).all(), weight.path
        assert (new != old).any(), weight.path


def test_saves_and_loads_all_of_itself(variant, images, tmp_path):
    gan = tiny(variant, run_eagerly=True)
    gan.fit(*with_labels(gan, images), batch_size=48, verbose=0)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert_same_state(gan, loaded)
    np.testing.assert_array_equal(
        gan.generate(4, seed=0), loaded.generate(4, seed=0)
    )
    # Both go on alike: latents, dropout and the order of the data.
    gan.fit(*with_labels(gan, images), batch_size=48, verbose=0)
    loaded.fit(*with_labels(gan, images), batch_size=48, verbose=0)
    assert_same_state(gan, loaded)


def test_config_builds_it_again(variant):
    gan = tiny(variant)
    again = type(gan).from_config(gan.get_config())
    assert again.get_config() == gan.get_config()
    assert [w.shape for w in again.weights] == [w.shape for w in gan.weights]


def test_resumes_bit_for_bit(variant, images, tmp_path):
    def run(*callbacks):
        gan = tiny(variant, run_eagerly=True, ema_decay=0.9)
        data = with_labels(gan, images)
        gan.fit(*data, batch_size=24, epochs=2, verbose=0, callbacks=callbacks)
        return gan

    def backup():
        return keras.callbacks.BackupAndRestore(tmp_path / "backup", 2)

    whole = run()
    with pytest.raises(KeyboardInterrupt):
        run(backup(), Stop(3))
    assert_same_state(run(backup()), whole)


def test_preset_round_trip(variant, trained, tmp_path):
    gan, _ = trained(variant)
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
    gan, _ = trained(variant)
    names = {"tf_saved_model": "model", "litert": "g.tflite", "onnx": "g.onnx"}
    report = gan.export(tmp_path / names[format], format=format)
    assert report.max_difference < 1e-5


def test_refuses_images_of_another_shape(variant, images):
    with pytest.raises(ValueError, match=r"Received: \(16, 8, 1\)"):
        gan = tiny(variant)
        gan.fit(*with_labels(gan, images[:, :, :8]), batch_size=16, verbose=0)
