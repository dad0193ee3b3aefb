import csv
import re
import warnings

import keras
import numpy as np
import pytest
from own_variants.pairs import Pairs
from own_variants.sound import Sound

import keras_gans
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


def test_a_value_is_written_where_it_is_computed(
    fit, make_gan, images, network, tmp_path, capsys
):
    callback = FID(images, every=3, num_samples=8, feature_network=network)
    log = keras.callbacks.CSVLogger(tmp_path / "log.csv")
    gan = make_gan()
    history = fit(gan, images, 7, callback, log, verbose=2).history
    assert [epoch for epoch, _ in callback.records] == [1, 3, 6, 7]
    values = {epoch: record.value for epoch, record in callback.records}
    written = [values.get(epoch) for epoch in range(1, 8)]
    assert history["fid"] == [v or np.inf for v in written]
    with open(tmp_path / "log.csv") as file:
        rows = list(csv.DictReader(file))
    cells = [row["fid[halves]"] for row in rows]
    assert cells == [str(v or "") for v in written]
    shown = re.findall("- fid: (.*?) ", capsys.readouterr().out)
    assert shown == [f"{v:.4f}" if v else "-" for v in written]


def test_a_resumed_run_has_the_same_schedule(fit, make_gan, images, network):
    callback = FID(images, every=3, num_samples=8, feature_network=network)
    gan = make_gan()
    history = fit(gan, images, 7, callback, initial_epoch=3).history
    assert [epoch for epoch, _ in callback.records] == [6, 7]
    assert np.isinf(history["fid"][:2]).all()


class Scripted(FID):
    """An FID whose values are known beforehand."""

    values = (9.0, 5.0, 7.0, 8.0, 4.0)

    def _compute(self, epoch):
        return self.values[epoch - 1]


@pytest.mark.parametrize("every", [1, 2])
def test_checkpoint_keeps_the_best(
    fit, make_gan, images, network, tmp_path, every
):
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
    scripted = Scripted(images, every=every, feature_network=network)
    fit(gan, images, 4, scripted, checkpoint, keep)
    best = make_gan(seed=1)
    best.load_weights(path)
    generated = best.generate(2, seed=0)
    np.testing.assert_allclose(generated, kept[1], atol=1e-6)
    assert np.abs(generated - kept[2]).max() > 1e-4


@pytest.mark.parametrize(("every", "epochs_run"), [(1, 4), (2, 3)])
def test_early_stopping(fit, make_gan, images, network, every, epochs_run):
    stop = keras.callbacks.EarlyStopping("fid", mode="min", patience=2)
    scripted = Scripted(images, every=every, feature_network=network)
    if every == 2:  # after epochs 1 and 2: 9 and 9, and none after epoch 3
        scripted.values = (9.0, 9.0, 1.0, 9.0, 4.0)
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
        FID(str(tmp_path / "stats.npz"), feature_network="mnist_classifier")
    with pytest.raises(ValueError, match=r"a Keras model.*Received: 'halves'"):
        FID(str(tmp_path / "stats.npz"))
    with pytest.raises(FileNotFoundError, match=r"none\.npz"):
        FID(tmp_path / "none.npz", feature_network=network)


@pytest.mark.parametrize("held_out", [False, True])
def test_the_network_is_chosen_by_the_reference_set(held_out):
    rng = np.random.default_rng(0)
    digits = rng.integers(0, 256, (12, 28, 28, 1), dtype="uint8")
    digits = keras_gans.data.Images(digits, name="mnist")
    gan = keras_gans.GAN((28, 28, 1), latent_dim=4, units=20, seed=1)
    gan.compile()
    callback = FID(None if held_out else digits, num_samples=8)
    history = gan.fit(
        digits.images,
        batch_size=6,
        verbose=0,
        callbacks=callback,
        validation_data=digits if held_out else None,
    ).history
    assert history["fid[mnist_classifier]"] == history["fid"]
    (record,) = metrics.evaluate(digits, gan.generate(8, seed=0))
    assert history["fid"] == pytest.approx([record.value], rel=1e-4)
    assert record.name == "fid[mnist_classifier]"


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


def test_held_out_images_are_the_reference(fit, make_gan, images, network):
    gan, held_out = make_gan(), images[:10]
    callback = FID(num_samples=8, feature_network=network)
    for data in (held_out, keras_gans.data.Images(held_out)):
        history = fit(gan, images, 1, callback, validation_data=data).history
        expected = metrics.fid(held_out, gan.generate(8, seed=0), network)
        assert history["fid"] == pytest.approx([expected.value], rel=1e-4)
    # Others in a later `fit` are no longer those of the first.
    history = fit(gan, images, 1, callback, validation_data=images).history
    expected = metrics.fid(images, gan.generate(8, seed=0), network)
    assert history["fid"] == pytest.approx([expected.value], rel=1e-4)
    with pytest.raises(ValueError, match="images=None and no `validation_"):
        fit(gan, images, 1, callback)


def test_classes_are_drawn_as_the_reference_set_has_them(images, network):
    gan = keras_gans.ConditionalGAN(
        (16, 16, 1), 2, latent_dim=4, units=24, seed=1
    )
    gan.compile()
    labels = np.array([0] * 12 + [1] * 4)
    reference = keras_gans.data.Images(images, labels)
    asked = {
        "as the reference set": (
            FID((images, labels), **few(network)),
            [75, 25],
        ),
        "in turn": (FID(images, **few(network)), [50, 50]),
        "given": (FID(reference, labels=[1] * 100, **few(network)), [0, 100]),
    }
    for drawn, (callback, counts) in asked.items():
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            gan.fit(
                images, labels, batch_size=16, verbose=0, callbacks=callback
            )
        ((_, record),) = callback.records
        assert record.labels == drawn
        turns = [w for w in said if "classes in turn" in str(w.message)]
        assert len(turns) == (drawn == "in turn")
        made = callback._samples.labels
        assert np.bincount(made).tolist() == counts
        generated = gan.generate(100, seed=0, labels=made)
        expected = metrics.fid(images, generated, network)
        assert record.value == pytest.approx(expected.value, rel=1e-4)
    held_out = FID(**few(network))
    gan.fit(
        images,
        labels,
        batch_size=16,
        verbose=0,
        callbacks=held_out,
        validation_data=(images[8:], labels[8:]),
    )
    assert np.bincount(held_out._samples.labels).tolist() == [50, 50]
    assert held_out.records[0][1].labels == "as the reference set"


def few(network):
    return {"num_samples": 100, "feature_network": network}


def test_images_of_held_out_images(images, network):
    gan = Pairs(seed=1)
    gan.compile()
    rows = {"inputs": images, "images": images[::-1]}
    held_out = {"inputs": images[:6], "images": images[4:10]}
    callback = FID(num_samples=8, feature_network=network)
    gan.fit(
        rows,
        batch_size=8,
        verbose=0,
        callbacks=callback,
        validation_data=held_out,
    )
    ((_, record),) = callback.records
    assert (record.num_fake, record.num_real) == (6, 6)
    made = np.clip(gan.generate(inputs=images[:6]), -1, 1)
    expected = metrics.fid(images[4:10], made, network)
    assert record.value == pytest.approx(expected.value, rel=1e-4)


def test_sounds_have_no_fid(images, network):
    gan = Sound(seed=1)
    gan.compile()
    audio = np.zeros((4, 64, 1), "int16")
    with pytest.raises(ValueError, match=r"make images\. Received: Sound"):
        gan.fit(
            {"audio": audio, "labels": np.arange(4) % 3},
            batch_size=4,
            callbacks=FID(images, feature_network=network),
        )
    assert int(gan.steps.numpy()) == 0


def test_bad_arguments(images, network):
    with pytest.raises(ValueError, match="Received: every=0"):
        FID(images, every=0, feature_network=network)
    with pytest.raises(ValueError, match=r"num_samples=1$"):
        FID(images, num_samples=1, feature_network=network)
    with pytest.raises(ValueError, match="Received: 2 labels for 3 samples"):
        FID(images, num_samples=3, labels=[0, 1], feature_network=network)
    FID(images, np.int64(2), np.int32(3), network)
