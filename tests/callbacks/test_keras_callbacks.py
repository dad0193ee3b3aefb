"""Keras's own callbacks, unchanged, with a GAN."""

import csv
import struct

import keras
import numpy as np
import pytest


@pytest.fixture
def run_eagerly():
    """What a callback sets must reach the compiled step."""
    return False


def rates(gan):
    return [float(o.learning_rate) for o in gan.optimizer.optimizers]


def at_epoch_end(function):
    return keras.callbacks.LambdaCallback(on_epoch_end=function)


def test_csv_logger(fit, make_gan, images, tmp_path):
    logger = keras.callbacks.CSVLogger(tmp_path / "log.csv")
    history = fit(make_gan(), images, 3, logger).history
    with open(tmp_path / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["0", "1", "2"]
    for name in ("generator_loss", "discriminator_loss"):
        logged = [float(row[name]) for row in rows]
        np.testing.assert_allclose(logged, history[name], rtol=1e-6)


def test_tensorboard(fit, make_gan, images, tmp_path):
    pytest.importorskip("tensorboard")
    board = keras.callbacks.TensorBoard(tmp_path)
    history = fit(make_gan(), images, 2, board).history
    (path,) = (tmp_path / "train").glob("events.out.tfevents.*")
    logged = list(scalars(path, "epoch_generator_loss"))
    np.testing.assert_allclose(logged, history["generator_loss"], rtol=1e-6)


def scalars(path, tag):
    import tensorflow as tf

    data = path.read_bytes()
    while data:  # length, its checksum, the event, its checksum
        (length,) = struct.unpack("<Q", data[:8])
        event = tf.compat.v1.Event.FromString(data[12 : 12 + length])
        data = data[16 + length :]
        for value in event.summary.value:
            if value.tag == tag:
                yield tf.make_ndarray(value.tensor).item()


def test_backup_and_restore(fit, make_gan, images, tmp_path):
    class Killed(Exception):
        pass

    def kill(epoch, logs):
        if epoch == 2:
            raise Killed

    gan = make_gan()
    with pytest.raises(Killed):
        backup = keras.callbacks.BackupAndRestore(tmp_path)
        at_begin = keras.callbacks.LambdaCallback(on_epoch_begin=kill)
        fit(gan, images, 4, backup, at_begin)
    killed = gan.generate(2, seed=0)

    resumed, epochs, restored = make_gan(), [], []

    def watch(epoch, logs):
        epochs.append(epoch)
        restored.append(resumed.generate(2, seed=0))

    watch = keras.callbacks.LambdaCallback(on_epoch_begin=watch)
    backup = keras.callbacks.BackupAndRestore(tmp_path)
    fit(resumed, images, 4, backup, watch)
    np.testing.assert_allclose(restored[0], killed, atol=1e-6)
    assert epochs == [2, 3]


def test_model_checkpoint(fit, make_gan, images, tmp_path):
    gan = make_gan()
    paths = str(tmp_path / "{epoch}-{generator_loss:.3f}.keras")
    history = fit(gan, images, 2, keras.callbacks.ModelCheckpoint(paths))
    first, last = sorted(tmp_path.iterdir())
    loss = history.history["generator_loss"][1]
    assert last.name == f"2-{loss:.3f}.keras"
    wanted = gan.generate(2, seed=0)
    loaded = keras.models.load_model(last)
    np.testing.assert_allclose(loaded.generate(2, seed=0), wanted, atol=1e-6)
    older = keras.models.load_model(first).generate(2, seed=0)
    assert np.abs(older - wanted).max() > 1e-5


def test_learning_rate_scheduler(fit, make_gan, images):
    gan = make_gan(
        generator_optimizer=keras.optimizers.Adam(0.01),
        discriminator_optimizer=keras.optimizers.Adam(0.04),
    )
    seen = []
    halve = keras.callbacks.LearningRateScheduler(
        lambda epoch, rate: rate * 0.5 if epoch else rate
    )
    fit(gan, images, 3, halve, at_epoch_end(lambda *_: seen.append(rates(gan))))
    np.testing.assert_allclose(
        np.sort(seen, axis=1),
        [[0.01, 0.04], [0.005, 0.02], [0.0025, 0.01]],
        rtol=1e-6,
    )


def test_a_rate_of_zero_stops_the_weights(fit, make_gan, images):
    gan = make_gan()
    before = [np.array(v) for v in gan.trainable_variables]
    stop = keras.callbacks.LearningRateScheduler(lambda epoch: 0.0)
    fit(gan, images, 1, stop)
    for old, new in zip(before, gan.trainable_variables, strict=True):
        np.testing.assert_array_equal(old, np.array(new))


def test_reduce_lr_on_plateau(fit, make_gan, images):
    gan = make_gan(
        generator_optimizer=keras.optimizers.Adam(0.01),
        discriminator_optimizer=keras.optimizers.Adam(0.04),
    )
    plateau = keras.callbacks.ReduceLROnPlateau(
        "generator_loss", mode="min", factor=0.1, patience=1, min_delta=100.0
    )
    fit(gan, images, 2, plateau)
    np.testing.assert_allclose(sorted(rates(gan)), [0.001, 0.004], rtol=1e-6)


def test_terminate_on_nan(fit, make_gan, images):
    gan = make_gan()

    def break_it(epoch, logs):
        if epoch == 1:
            kernel = gan.generator.trainable_variables[0]
            kernel.assign(np.full(kernel.shape, np.nan))

    batches = []
    count = keras.callbacks.LambdaCallback(
        on_epoch_begin=break_it,
        on_train_batch_end=lambda batch, logs: batches.append(batch),
    )
    history = fit(
        gan, images, 5, count, keras.callbacks.TerminateOnNaN()
    ).history
    assert len(history["generator_loss"]) == 2
    assert batches == [0, 1, 0]
