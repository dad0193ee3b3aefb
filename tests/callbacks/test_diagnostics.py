"""The doctor on tiny GANs: what it measures, says, keeps and leaves alone."""

import csv
import importlib
import json

import keras
import numpy as np
import pytest
from contract import EAGER, rows_for, tiny
from own_variants.sound import Sound

from keras_gans import DCGAN, losses
from keras_gans.callbacks import Diagnostics, LossPlot
from keras_gans.callbacks.game import game_of, rates_of
from keras_gans.callbacks.measuring import Measuring, layers_not_finite, names
from keras_gans.diagnostics import Finding, find
from keras_gans.stabilizers import Packing

module = importlib.import_module("keras_gans.callbacks.diagnostics")
MEASURED = {
    "diversity",
    "separation",
    "dead_units",
    "generator_gradient",
    "discriminator_gradient",
    "discriminator_real_accuracy",
    "discriminator_fake_accuracy",
}


@pytest.fixture(scope="module")
def watched():
    """A GAN that was watched for two epochs, with its history."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (32, 16, 16, 1), dtype="uint8")
    gan = DCGAN((16, 16, 1), latent_dim=4, width=2, seed=0)
    gan.compile(run_eagerly=keras.backend.backend() != "jax")
    doctor = Diagnostics(share=1.0)
    before, after = Keep(), Keep()
    history = gan.fit(
        np.concatenate([images[:16]] * 4),
        batch_size=32,
        epochs=2,
        verbose=0,
        validation_data=np.concatenate([images[16:]] * 4),
        callbacks=[before, doctor, after],
    )
    return gan, doctor, history.history, (before, after)


def test_rows_that_are_judged_together():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (24, 16, 16, 1), dtype="uint8")
    packing = Packing(3)
    gan = DCGAN((16, 16, 1), latent_dim=4, width=2, stabilizers=[packing])
    gan.compile(run_eagerly=keras.backend.backend() != "jax")
    doctor = Diagnostics(share=1.0)
    history = gan.fit(
        images, batch_size=12, verbose=0, callbacks=[doctor]
    ).history
    for name in MEASURED:
        assert np.isfinite(history[name]).all(), name


class Keep(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        gan = self.model
        variables = [*gan.variables, *gan.optimizer.variables]
        self.state = [keras.ops.convert_to_numpy(v).copy() for v in variables]


def test_what_is_measured_stands_in_the_logs(watched):
    _, doctor, history, _ = watched
    assert {*MEASURED, "memorised"} < set(history)
    for name in (*MEASURED, "memorised"):
        assert np.isfinite(history[name]).all()
        assert [row[name] for row in doctor.rows] == history[name]
    shares = [n for n in MEASURED if n.endswith("accuracy")]
    for name in ("separation", "memorised", "dead_units", *shares):
        assert 0 <= min(history[name]) <= max(history[name]) <= 1
    assert 0 <= history["diversity"][-1] < 2
    assert doctor.rows[-1]["generator_rate"] == pytest.approx(2e-4)
    assert doctor.findings == []


def test_it_does_not_disturb_training(watched):
    *_, (before, after) = watched
    for one, other in zip(before.state, after.state, strict=True):
        np.testing.assert_array_equal(one, other)


def test_nan_is_named_with_its_layer(fit, make_gan, images, tmp_path, capsys):
    gan = make_gan()
    kernel = gan.discriminator.trainable_weights[-1]
    kernel.assign(np.full(kernel.shape, np.nan))
    layer = gan.discriminator.layers[-1].name
    doctor = Diagnostics(share=1.0, path=tmp_path / "findings.json")
    fit(gan, images, 2, doctor)
    (finding,) = doctor.findings
    assert (finding.name, finding.epoch, finding.until) == ("not finite", 1, 2)
    printed = capsys.readouterr().out
    assert printed.count("not finite") == 2  # when it is seen, and at the end
    assert "After epoch 1 to 2" in printed and "clipnorm" in printed
    (written,) = json.loads((tmp_path / "findings.json").read_text())
    assert Finding(**written) == finding
    assert finding.words.endswith(f"those of discriminator/{layer}.")


@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_the_layer_in_which_nan_begins_is_named(fit, make_gan, images, player):
    """A step later the weights of all layers are NaN."""
    gan = make_gan()
    layer = [la for la in getattr(gan, player).layers if la.weights][1]

    class Ruin(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                assert self.model is gan  # JAX's weights come back by this
                kernel = layer.trainable_weights[0]
                kernel.assign(np.full(kernel.shape, np.nan))

    doctor = Diagnostics(share=1.0, verbose=0)
    fit(gan, images, 2, Ruin(), doctor, batch_size=4)
    (finding,) = doctor.findings
    assert finding.words.endswith(f"those of {player}/{layer.name}.")
    assert len(layers_not_finite(gan)) > 3


def test_a_broken_generator_is_seen(fit, images, capsys):
    """Units that are dead, samples that are all the same."""
    inputs = x = keras.Input((4,))
    x = keras.layers.Dense(
        8, "relu", bias_initializer=keras.initializers.Constant(-50.0)
    )(x)
    x = keras.layers.Dense(256, "tanh")(x)
    x = keras.layers.Reshape((16, 16, 1))(x)
    gan = DCGAN(
        (16, 16, 1), 4, width=2, generator=keras.Model(inputs, x), seed=0
    )
    gan.compile(
        discriminator_optimizer=keras.optimizers.Adam(2e-2),
        run_eagerly=keras.backend.backend() != "jax",
    )
    doctor = Diagnostics(share=1.0, verbose=0)
    fit(gan, images, 3, doctor)
    names = {finding.name for finding in doctor.findings}
    assert {"dead units", "collapse", "rates far apart"} <= names
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("variant", ["GAN", "WGANGP", "ConditionalGAN"])
def test_what_is_measured_is_what_is_named(variant):
    gan = tiny(variant, run_eagerly=EAGER)
    seen = []

    class Look(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            measured = Measuring(gan, gan._learned)()
            seen.append((set(measured), set(names(gan))))

    gan.fit(rows_for(gan, 8), batch_size=8, verbose=0, callbacks=[Look()])
    assert seen[0][0] == seen[0][1]


REFUSED = {  # of DiffAugment, ADA, R1, LeCam, InstanceNoise, loss and Packing
    "GAN": (),
    "WGANGP": ("ADA", "R1", "loss"),
    "LSGAN": ("loss",),
    "Sound": ("ADA", "DiffAugment", "Packing", "loss"),
    "ConditionalGAN": ("Packing",),
}


@pytest.mark.parametrize("variant", REFUSED)
def test_a_remedy_fits_the_variant(variant):
    assert game_of(tiny(variant)).refused == REFUSED[variant]


def test_a_loss_that_is_there_is_no_remedy():
    game = game_of(tiny("GAN", loss="relativistic"))
    assert game.refused == ("ADA", "loss")


def test_remedies_lower_the_rates_that_are_there():
    gan = tiny("WGANGP")
    gan.compile(
        generator_optimizer=keras.optimizers.RMSprop(4e-6),
        discriminator_optimizer=keras.optimizers.Adam(2e-6, 0.0, 0.9),
        run_eagerly=EAGER,
    )
    assert dict(game_of(gan).slower) == {
        "generator": "keras.optimizers.RMSprop(1e-06",
        "discriminator": "keras.optimizers.Adam(5e-07, 0, 0.9",
    }


def test_a_judge_that_does_not_learn_yet_is_not_judged():
    """SRGAN's first stage, of pixels alone: D is untouched, its loss 0."""
    gan = tiny("SRGAN", pixel_steps=100, run_eagerly=EAGER)
    doctor = Diagnostics(share=1.0, verbose=0)
    rows = rows_for(gan, 8)
    gan.fit(rows, batch_size=8, epochs=3, verbose=0, callbacks=[doctor])
    for row in doctor.rows:
        assert "discriminator_loss" not in row
        assert "separation" not in row and np.isfinite(row["diversity"])


def test_parts_of_data_of_unknown_length(images, make_gan):
    def batches():
        for i in range(0, 64, 2):
            yield (images[i % 8 : i % 8 + 2],)

    gan, doctor = make_gan(), Diagnostics(share=1.0, verbose=0)
    counts = []

    class Look(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            counts.append(len(doctor.parts))

    with pytest.warns(UserWarning, match="Diagnostics reads the losses alone"):
        gan.fit(batches(), epochs=1, verbose=0, callbacks=[doctor, Look()])
    assert len(counts) == 32 and max(counts) == 0
    assert doctor._steps == 32


def test_few_rows_and_repeated_ones(images, make_gan):
    gan = DCGAN((16, 16, 1), 4, width=2, stabilizers=[Packing(2)], seed=0)
    gan.compile(run_eagerly=EAGER)
    doctor = Diagnostics(share=1.0, verbose=0)
    gan.fit(
        np.concatenate([images[:2]] * 8),
        batch_size=8,
        verbose=0,
        validation_data=images[:1],
        callbacks=[doctor],
    )
    (row,) = doctor.rows
    assert row["memorised"] == np.inf  # of one row, of which no pack is made
    assert 0 <= row["diversity"] < 1e3
    gan, doctor = make_gan(), Diagnostics(share=1.0, verbose=0)
    same = np.concatenate([images[:1]] * 8)
    gan.fit(same, batch_size=8, verbose=0, callbacks=[doctor])
    assert doctor.rows[0]["diversity"] == np.inf


def test_dead_units_of_a_discriminator_are_seen(fit, images):
    inputs = x = keras.Input((16, 16, 1))
    x = keras.layers.Dense(
        8, "relu", bias_initializer=keras.initializers.Constant(-50.0)
    )(keras.layers.Flatten()(x))
    judge = keras.Model(inputs, keras.layers.Dense(1)(x))
    gan = DCGAN((16, 16, 1), 4, width=2, discriminator=judge, seed=0)
    gan.compile(run_eagerly=keras.backend.backend() != "jax")
    doctor = Diagnostics(share=1.0, verbose=0)
    logs = fit(gan, images, 2, doctor).history
    assert logs["discriminator_dead_units"] == [1.0, 1.0]
    assert logs["dead_units"][-1] < 0.5
    (finding,) = [f for f in doctor.findings if "dead" in f.name]
    assert "of the discriminator are zero" in finding.words
    assert "discriminator_optimizer" in finding.remedy


@pytest.mark.parametrize(
    ("judge", "maker", "is_compared"),
    [
        (keras.optimizers.AdamW(2e-7), keras.optimizers.Adam(1e-4), True),
        (keras.optimizers.RMSprop(1e-4), keras.optimizers.Adam(2e-7), True),
        (keras.optimizers.SGD(10.0), keras.optimizers.SGD(1e-3), True),
        # Their rates are not of one kind: nothing can be said.
        (keras.optimizers.SGD(0.1), keras.optimizers.Adam(1e-4), False),
    ],
)
def test_rates_of_two_classes(judge, maker, is_compared, make_gan):
    gan = make_gan(discriminator_optimizer=judge, generator_optimizer=maker)
    rates = rates_of(gan)
    assert len(rates) == 2 * is_compared
    found = find([{"epoch": 1, **rates}])
    assert [f.name for f in found] == ["rates far apart"] * is_compared


def test_the_clock_keeps_it_to_its_share(fit, make_gan, images, monkeypatch):
    now = [0.0]

    def measure(self):
        now[0] += 1.0
        return {"diversity": 1.0}

    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(module, "Measuring", lambda *_: lambda: measure(None))
    epoch = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda *_: now.__setitem__(0, now[0] + 10.0)
    )
    doctor = Diagnostics(share=0.05)
    history = fit(make_gan(), images, 8, epoch, doctor).history
    measured = [i + 1 for i, v in enumerate(history["diversity"]) if v == 1.0]
    # The first, which compiles, counts as 2 seconds beforehand.
    assert measured == [4, 5, 6, 8]


def test_looking_at_weights_leaves_time_to_measure(
    fit, make_gan, images, monkeypatch
):
    now, looks = [0.0], []

    def look(gan):
        now[0] += 0.1
        looks.append(now[0])
        return []

    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(module, "layers_not_finite", look)
    monkeypatch.setattr(
        module, "Measuring", lambda *_: lambda: {"diversity": 1.0}
    )
    step = keras.callbacks.LambdaCallback(
        on_train_batch_begin=lambda *_, **__: now.__setitem__(0, now[0] + 5.0)
    )
    doctor = Diagnostics(share=0.05)
    history = fit(make_gan(), images, 10, step, doctor).history
    # 20 steps of 5 seconds: 5 are there to spend, a fifth of it on looks.
    assert 0.5 < 0.1 * len(looks) <= 0.2 * 0.05 * now[0]
    assert 1.0 in history["diversity"]


def test_a_run_that_goes_on(fit, make_gan, images, tmp_path):
    def parts():
        backup = keras.callbacks.BackupAndRestore(
            tmp_path / "backup", delete_checkpoint=False
        )
        return Diagnostics(verbose=0), LossPlot(tmp_path / "plot.png"), backup

    adam = {"generator_optimizer": keras.optimizers.Adam(1e-9)}
    fit(make_gan(**adam), images, 2, *parts())
    doctor, *others = parts()
    adam = {"generator_optimizer": keras.optimizers.Adam(1e-9)}
    fit(make_gan(**adam), images, 3, doctor, *others)
    assert [row["epoch"] for row in doctor.rows] == [1, 2, 3]
    (finding,) = doctor.findings
    assert (finding.name, finding.epoch, finding.until) == (
        "rates far apart",
        1,
        3,
    )


def test_keras_s_log_of_what_is_not_measured(fit, make_gan, images, tmp_path):
    log = keras.callbacks.CSVLogger(tmp_path / "log.csv")
    fit(make_gan(), images, 1, Diagnostics(), log)
    with open(tmp_path / "log.csv") as file:
        (row,) = csv.DictReader(file)
    assert {row[name] for name in MEASURED} == {""}


def test_sounds_and_data_without_rows(images, make_gan):
    rng = np.random.default_rng(0)
    audio = rng.integers(-9000, 9000, (8, 64, 1)).astype("int16")
    gan = Sound(seed=1)
    gan.compile(run_eagerly=keras.backend.backend() != "jax")
    doctor = Diagnostics(share=1.0, verbose=0)
    rows = {"audio": audio, "labels": np.arange(8) % 3}
    gan.fit(rows, batch_size=4, verbose=0, callbacks=doctor)
    assert np.isfinite(doctor.rows[0]["diversity"])

    class Batches(keras.utils.PyDataset):
        def __len__(self):
            return 2

        def __getitem__(self, index):
            return (images[:8],)

    gan, doctor = make_gan(), Diagnostics(share=1.0)
    history = gan.fit(Batches(), verbose=0, callbacks=doctor).history
    assert "generator_loss" in doctor.rows[0] and "diversity" not in history


@pytest.mark.parametrize(
    ("loss", "real", "fake"),
    [
        ("non_saturating", 0.75, 0.5),
        ("non_saturating_smoothed", 0.75, 0.5),
        ("hinge", 0.75, 0.5),
        ("least_squares", 0.5, 0.75),
        ("least_squares_0_1_1", 0.5, 0.75),
        ("least_squares_-1_1_1", 0.75, 0.5),
        ("wasserstein", None, None),
        ("relativistic", None, None),
        ("relativistic_average", None, None),
    ],
)
def test_accuracies_are_by_the_boundary_of_the_loss(
    loss, real, fake, make_gan, images, fit, monkeypatch
):
    def judged(self, rows, made=None):
        scores = [0.3, -0.2, -0.4, 0.7] if made else [0.3, 0.6, 0.7, -1.0]
        return np.array(scores)

    monkeypatch.setattr(Measuring, "judged", judged)
    gan = make_gan()
    gan.of_discriminator, gan.of_generator = losses.get(loss)
    logs = fit(gan, images, 1, Diagnostics(share=1.0)).history
    found = [logs.get(f"discriminator_{s}_accuracy") for s in ("real", "fake")]
    assert found == ([[real], [fake]] if real else [None, None])


@pytest.mark.parametrize("share", [0, -1, 1.5])
def test_bad_shares(share):
    with pytest.raises(ValueError, match=rf"\(0, 1\]. Received: share={share}"):
        Diagnostics(share)
