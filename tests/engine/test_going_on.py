"""What is kept with a backup, and compared and restored with it."""

import functools

import keras
import numpy as np
import pytest
from contract import EAGER, rows_for, share_steps, state, tiny
from feeds import FEEDS

from keras_gans.stabilizers import R1

pytestmark = pytest.mark.usefixtures("eagerly")
ROWS = rows_for(tiny("GAN"), 48)
OTHER = {"images": ROWS["images"][::-1].copy()}
# On JAX, the first model of each variant.
COMPILED: dict = {}


class Crash(keras.callbacks.Callback):
    def __init__(self, steps):
        super().__init__()
        self.steps = steps

    def on_train_batch_end(self, batch, logs=None):
        self.steps -= 1
        if self.steps == 0:
            raise KeyboardInterrupt


def train(folder, *callbacks, rows=ROWS, variant="GAN", fit=None, **arguments):
    gan = tiny(variant, **arguments)
    if keras.backend.backend() == "jax" and not arguments:
        share_steps(gan, COMPILED.setdefault(variant, gan))
    backup = keras.callbacks.BackupAndRestore(
        folder, 2, delete_checkpoint=False
    )
    options = {"batch_size": 16, "epochs": 6, "verbose": 0, **(fit or {})}
    # The backup stands first, where users put it.
    gan.fit(rows, callbacks=[backup, *callbacks], **options)
    return gan


def stopping():
    # Nothing improves by 10: it stops after three epochs.
    return keras.callbacks.EarlyStopping("loss", min_delta=10, patience=2)


def plateau():
    return keras.callbacks.ReduceLROnPlateau(
        "loss", min_delta=10, patience=2, factor=0.5, min_lr=0.0
    )


def log(folder, name):
    return keras.callbacks.CSVLogger(folder / f"{name}.csv", append=True)


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory):
    """Runs that nothing stops, and what they log."""
    folder = tmp_path_factory.mktemp("whole")

    def run(make):
        name = make.__name__
        gan = train(folder / name, make(), log(folder, name), fit={"epochs": 4})
        return gan, (folder / f"{name}.csv").read_text()

    return functools.cache(run)


@pytest.mark.parametrize("make", [stopping, plateau])
@pytest.mark.parametrize("crash", [2, 3, 7])
def test_keras_callbacks_go_on_where_they_stood(
    make, crash, whole_run, tmp_path
):
    def rates(gan):
        return [float(o.learning_rate) for o in gan.optimizer.optimizers]

    def part(*callbacks):
        return train(
            tmp_path / "killed",
            make(),
            log(tmp_path, "killed"),
            *callbacks,
            fit={"epochs": 4},
        )

    whole, logged = whole_run(make)
    with pytest.raises(KeyboardInterrupt):
        part(Crash(crash))
    killed = part()
    assert int(killed.steps) == int(whole.steps)
    assert rates(killed) == rates(whole)
    # Means of whole epochs, whether or not a kill lies within.
    assert (tmp_path / "killed.csv").read_text() == logged


class Scores(keras.callbacks.Callback):
    """A score of one's own, as NumPy computes it."""

    def on_epoch_end(self, epoch, logs=None):
        logs["score"] = np.float32(epoch)


def test_scores_of_numpy_are_kept(tmp_path):
    def run(epochs):
        best = keras.callbacks.EarlyStopping("score", mode="max", patience=9)
        train(tmp_path, Scores(), best, fit={"epochs": epochs})
        return best.best

    assert run(2) == 1.0
    assert run(3) == 2.0


def test_best_weights_that_are_gone_are_said(tmp_path):
    def best():
        return keras.callbacks.EarlyStopping(
            "loss", patience=9, restore_best_weights=True
        )

    train(tmp_path, best(), fit={"epochs": 2})
    with pytest.warns(UserWarning, match="best weights that EarlyStopping has"):
        train(tmp_path, best(), fit={"epochs": 3})


def test_callbacks_that_start_anew_are_named(tmp_path, recwarn):
    train(tmp_path, stopping(), fit={"epochs": 1})
    train(tmp_path, stopping(), fit={"epochs": 2})
    train(tmp_path, fit={"epochs": 3})  # none is left that counts
    assert not [w for w in recwarn if "anew" in str(w.message)]
    with pytest.warns(
        UserWarning, match=r"anew: \['ReduceLROnPlateau'\].*\[\]"
    ):
        train(tmp_path, plateau(), fit={"epochs": 4})


def test_a_checkpoint_knows_the_best_of_before(tmp_path):
    """A run that goes on leaves the file of a better epoch alone."""

    class Scores(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["score"] = [3.0, 1.0, 2.0, 0.5][epoch]

    def parts():
        best = keras.callbacks.ModelCheckpoint(
            tmp_path / "{epoch}.weights.h5",
            "score",
            mode="min",
            save_best_only=True,
            save_weights_only=True,
        )
        return Scores(), best

    train(tmp_path / "backup", *parts(), fit={"epochs": 2})
    _, best = parts()
    train(tmp_path / "backup", Scores(), best, fit={"epochs": 4})
    saved = sorted(path.name[0] for path in tmp_path.glob("*.h5"))
    assert (saved, best.best) == (["1", "2", "4"], 0.5)


OTHERS = {
    "fewer rows": {"rows": {"images": ROWS["images"][:32]}},
    "other rows": {"rows": OTHER},
    "batch_size": {"fit": {"batch_size": 8}},
    "steps_per_epoch": {"fit": {"steps_per_epoch": 2}},
    "shuffle": {"fit": {"shuffle": False}},
    "argument loss": {"loss": "minimax"},
    "argument seed": {"seed": 5},
    "argument critic_steps": {"critic_steps": 2},
    # Names that the first call left out, and so the backup does too.
    "argument ema_decay": {"ema_decay": 0.5},
    "argument stabilizers": {"stabilizers": [R1()]},
}


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    folder = tmp_path_factory.mktemp("begun")
    train(folder, fit={"epochs": 1})
    return folder


@pytest.mark.parametrize("what", OTHERS)
def test_a_run_of_something_else_is_refused_by_name(what, begun):
    name = "rows" if "rows" in what else what
    with pytest.raises(ValueError, match=f"Received: .*{name}.* was .* is"):
        train(begun, **OTHERS[what])


def test_other_rates_are_refused_by_name(begun):
    gan = tiny("GAN")
    gan.compile(generator_optimizer=keras.optimizers.Adam(0.5, 0.5))
    backup = keras.callbacks.BackupAndRestore(begun)
    with pytest.raises(ValueError, match="learning_rate of generator_optim"):
        gan.fit(ROWS, batch_size=16, verbose=0, callbacks=[backup])


def test_a_rate_that_callbacks_moved_is_the_same_run(tmp_path):
    """The cell of a notebook, stopped and run again."""
    gan = tiny("GAN")
    how = {"batch_size": 16, "epochs": 6, "verbose": 0}

    def callbacks(*more):
        return [
            keras.callbacks.BackupAndRestore(tmp_path, 2),
            keras.callbacks.LearningRateScheduler(lambda _, rate: rate / 2),
            *more,
        ]

    with pytest.raises(KeyboardInterrupt):
        gan.fit(ROWS, callbacks=callbacks(Crash(7)), **how)
    gan.fit(ROWS, callbacks=callbacks(), **how)
    assert int(gan.steps) == 18


@pytest.mark.parametrize("feed", ["PyDataset", "tf.data"])
def test_runs_of_other_feeds_are_compared_too(feed, tmp_path):
    data = FEEDS[feed](ROWS["images"])
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path, stopping(), Crash(5), rows=data)
    for other, message in (
        ({"loss": "minimax"}, "argument loss was"),
        ({"seed": 5}, "argument seed was"),
        ({"variant": "DCGAN"}, "class was 'GAN' and is 'DCGAN'"),
        ({"rows": ROWS}, "number of rows was None"),
        (
            {"rows": FEEDS[feed](ROWS["images"][:16])},
            "number of batches was 3 and is 1",
        ),
    ):
        with pytest.raises(ValueError, match=f"another run.*{message}"):
            train(tmp_path, **{"rows": data, **other})
    early = stopping()
    train(tmp_path, early, rows=data)
    # It began at the epoch after the backup, and knew what it had counted.
    assert early.stopped_epoch == 2


def test_another_variant_and_another_backend_are_refused(begun, monkeypatch):
    with pytest.raises(ValueError, match="class was 'GAN' and is 'DCGAN'"):
        train(begun, variant="DCGAN")
    monkeypatch.setattr(keras.backend, "backend", lambda: "another")
    with pytest.raises(ValueError, match=r"backend was .* is 'another'"):
        train(begun)


@pytest.mark.parametrize(
    ("name", "value"), [("stabilizers", [R1()]), ("ema_decay", 0.5)]
)
def test_what_the_second_call_leaves_out_is_refused(name, value, tmp_path):
    train(tmp_path, fit={"epochs": 1}, **{name: value})
    gan = tiny("GAN")
    before = state(gan)
    backup = keras.callbacks.BackupAndRestore(tmp_path)
    with pytest.raises(ValueError, match=f"argument {name} was .* is None"):
        gan.fit(ROWS, batch_size=16, verbose=0, callbacks=[backup])
    # Nothing of the other run was loaded.
    for a, b in zip(before, state(gan), strict=True):
        np.testing.assert_array_equal(a, b)


def test_numbers_in_names_of_layers_are_no_difference(tmp_path):
    def generator():
        z = keras.Input((4,))
        x = keras.layers.Dense(256, "tanh")(z)
        return keras.Model(z, keras.layers.Reshape((16, 16, 1))(x))

    for epochs in (1, 2):
        gan = train(
            tmp_path,
            fit={"epochs": epochs},
            generator=generator(),
            stabilizers=[R1()],
            run_eagerly=EAGER,
        )
    assert int(gan.steps) == 6


def test_weights_that_were_loaded_are_no_run_to_go_on_with(begun):
    gan = tiny("GAN", seed=5)
    gan.load_weights(begun / "latest.weights.h5")
    early = stopping()
    early.wait = early.best_epoch = 7
    gan.fit(OTHER, batch_size=16, verbose=0, callbacks=[early])
    assert int(gan.steps) == 6
    assert early.wait == 0


def test_what_may_change_may_change(begun):
    gan = train(begun, stopping(), fit={"epochs": 2})
    assert int(gan.steps) == 6


def test_presets_hold_no_note_of_the_run(tmp_path):
    import h5py

    gan = train(tmp_path / "backup", fit={"epochs": 1})
    gan.save_to_preset(tmp_path / "preset")
    with h5py.File(tmp_path / "backup" / "latest.weights.h5") as file:
        assert "run_note" in file["vars"]
    with h5py.File(tmp_path / "preset" / "model.weights.h5") as file:
        assert "run_note" not in file["vars"]
    assert np.isfinite(gan.generate(1)).all()
