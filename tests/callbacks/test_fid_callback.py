import csv

import keras
import numpy as np
import pytest

from keras_gans import metrics
from keras_gans.callbacks import FID


def test_the_value_is_that_of_the_plain_function(
    fit, make_gan, images, network
):
    # Fast enough that an epoch of two steps shows in 256 levels.
    gan = make_gan(generator_optimizer=keras.optimizers.Adam(0.05))
    callback = FID(images, num_samples=50, feature_network=network, seed=3)
    history = fit(gan, images, 2, callback).history
    expected = metrics.fid(images, gan.generate(50, seed=3), network)
    assert history["fid"][-1] == pytest.approx(expected.value, rel=1e-4)
    assert history["fid[halves]"] == history["fid"]
    assert history["fid"][0] != history["fid"][1]
    epoch, record = callback.records[-1]
    assert (epoch, record.num_fake, record.seed) == (2, 50, 3)
    assert record.real_checksum == expected.real_checksum


def test_between_two_values_the_logs_repeat_the_last(
    fit, make_gan, images, network, tmp_path
):
    callback = FID(images, every=3, num_samples=8, feature_network=network)
    log = keras.callbacks.CSVLogger(tmp_path / "log.csv")
    history = fit(make_gan(), images, 7, callback, log).history
    assert [epoch for epoch, _ in callback.records] == [1, 3, 6, 7]
    values = [record.value for _, record in callback.records]
    repeated = [values[i] for i in (0, 0, 1, 1, 1, 2, 3)]
    assert history["fid"] == repeated
    with open(tmp_path / "log.csv") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["fid"]) for row in rows] == repeated


class Scripted(FID):
    """An FID whose values are known beforehand."""

    values = (9.0, 5.0, 7.0, 8.0, 4.0)

    def _compute(self, epoch):
        return self.values[epoch - 1]


def test_checkpoint_keeps_the_best(fit, make_gan, images, network, tmp_path):
    gan = make_gan()
    path = tmp_path / "best.weights.h5"
    checkpoint = keras.callbacks.ModelCheckpoint(
        path,
        monitor="fid",
        mode="min",
        save_best_only=True,
        save_weights_only=True,
    )
    kept = {}
    keep = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: kept.update(
            {epoch: gan.generate(2, seed=0)}
        )
    )
    scripted = Scripted(images, feature_network=network)
    fit(gan, images, 4, scripted, checkpoint, keep)
    best = make_gan(seed=1)
    best.load_weights(path)
    generated = best.generate(2, seed=0)
    np.testing.assert_allclose(generated, kept[1], atol=1e-6)
    assert np.abs(generated - kept[3]).max() > 1e-4


@pytest.mark.parametrize(("every", "epochs_run"), [(1, 4), (2, 3)])
def test_early_stopping(fit, make_gan, images, network, every, epochs_run):
    stop = keras.callbacks.EarlyStopping("fid", mode="min", patience=2)
    scripted = Scripted(images, every=every, feature_network=network)
    if every == 2:  # after epochs 1 and 2: 9 and 9, and no improvement
        scripted.values = (9.0, 9.0, 9.0, 9.0, 4.0)
    history = fit(make_gan(), images, 5, scripted, stop).history
    assert len(history["fid"]) == epochs_run


def test_infinite_where_the_generator_gives_nan(fit, make_gan, images, network):
    gan = make_gan()
    kernel = gan.generator.trainable_weights[0]
    kernel.assign(np.full(kernel.shape, np.nan))
    callback = FID(images, num_samples=8, feature_network=network)
    assert fit(gan, images, 1, callback).history["fid"] == [np.inf]
    assert callback.records == []


def test_it_does_not_disturb_training(
    fit, keep_state, make_gan, images, network
):
    gan = make_gan()
    callback = FID(images, num_samples=8, feature_network=network)
    before = keep_state(gan)
    after = keep_state(gan)
    fit(gan, images, 1, before, callback, after)
    assert len(callback.records) == 1
    for one, other in zip(before.state, after.state, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_reference_set_is_read_once(fit, make_gan, images, network):
    class Source:
        image_shape = images.shape[1:]
        reads = 0

        def __len__(self):
            return len(images)

        def __getitem__(self, indices):
            self.reads += len(indices)
            return images[indices]

    source = Source()
    callback = FID(source, num_samples=8, feature_network=network)
    gan = make_gan()
    fit(gan, images, 2, callback)
    fit(gan, images, 2, callback)
    assert source.reads == len(images)


def test_the_reference_may_be_a_file(fit, make_gan, images, network, tmp_path):
    statistics = metrics.feature_statistics(images, network)
    metrics.save_statistics(statistics, tmp_path / "stats.npz")
    callback = FID(
        tmp_path / "stats.npz", num_samples=8, feature_network=network
    )
    gan = make_gan()
    history = fit(gan, images, 1, callback).history
    expected = metrics.fid(images, gan.generate(8, seed=0), network)
    assert history["fid"] == pytest.approx([expected.value], rel=1e-4)
    ((_, record),) = callback.records
    assert record.real_checksum == expected.real_checksum
    assert record.num_real == len(images)
    with pytest.raises(ValueError, match=r"features.*Received: .*stats\.npz"):
        FID(str(tmp_path / "stats.npz"))
    with pytest.raises(FileNotFoundError, match=r"none\.npz"):
        FID(tmp_path / "none.npz", feature_network=network)


def test_progress_is_shown_as_fit_is_told(
    fit, make_gan, images, network, capsys
):
    callback = FID(images, num_samples=8, feature_network=network)
    fit(make_gan(), images, 1, callback, verbose=0)
    assert capsys.readouterr().out == ""
    fit(make_gan(), images, 1, callback, verbose=1)
    shown = capsys.readouterr().out
    assert "fid of 8 images" in shown
    assert "8/8" in shown
    assert "- fid:" in shown


def test_bad_arguments(images, network):
    with pytest.raises(ValueError, match="Received: every=0"):
        FID(images, every=0, feature_network=network)
    with pytest.raises(ValueError, match=r"num_samples=1$"):
        FID(images, num_samples=1, feature_network=network)
    with pytest.raises(ValueError, match="Received: 2 labels for 3 samples"):
        FID(images, num_samples=3, labels=[0, 1], feature_network=network)
