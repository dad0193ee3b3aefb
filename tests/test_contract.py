import functools
import os
import shutil
from pathlib import Path

import contract
import keras
import numpy as np
import pytest
from contract import (
    ALL,
    EAGER,
    OWN,
    assert_same_state,
    generate,
    rows_for,
    share_steps,
    state,
)

import keras_gans
from keras_gans.callbacks import SampleGrid
from keras_gans.engine.model import AdversarialModel
from keras_gans.modalities import Image

BACKEND = keras.backend.backend()
each_variant = pytest.mark.parametrize("variant", ALL)
# What is over before a backend computes, or has files and pictures alone.
of_any_backend = pytest.mark.skipif(
    BACKEND != "tensorflow", reason="TensorFlow shows it for all backends"
)


# What differs in their networks: convolutions, codes, attention, two pictures,
# styles and words. Each takes seconds.
IN_OPENVINO = ("DCGAN", "SAGAN", "Pix2Pix", "StyleGAN2", "DFGAN")


# Two sizes of maps, where more would only repeat the same blocks.
SMALL = {"image_shape": (8, 8, 1)}
SMALLER = {
    "WGANGP": SMALL,
    "InfoGAN": SMALL,
    "SNGAN": SMALL,
    "BigGAN": SMALL,
    "R3GAN": SMALL,
    "GANCLS": SMALL,
    # Steps of 16 images: one at 4x4, and two in which 8x8 fades in.
    "ProGAN": {**SMALL, "growth": [(4, 0, 16), (8, 32, 0)]},
}


def tiny(variant, **kwargs):
    """Returns the contract's small model, or a smaller one."""
    return contract.tiny(variant, **{**SMALLER.get(variant, {}), **kwargs})


class Steps(keras.callbacks.Callback):
    """Notes the steps that were taken, and keeps the last backup."""

    def __init__(self, backup, copy):
        super().__init__()
        self.backup, self.copy = backup, copy

    def on_train_begin(self, logs=None):
        self.taken = []

    def on_train_batch_begin(self, batch, logs=None):
        if len(self.taken) == self.params["steps"] - 1 > 0:
            shutil.copytree(self.backup, self.copy)

    def on_train_batch_end(self, batch, logs=None):
        self.taken.append(int(self.model.steps))


class Trained:
    """A tiny model of a variant, and an epoch of a few steps.

    It goes on from the backup in `folder`, where there is one. The last but
    one step has a backup.
    """

    def __init__(self, gan, folder, num=3, callbacks=()):
        backup = folder / "backup"
        self.gan, self.num = gan, num
        self.rows = rows_for(gan, 16 * num)
        steps = Steps(backup, folder / "stopped" / "backup")
        backups = keras.callbacks.BackupAndRestore(backup, save_freq=num - 1)
        self.history = gan.fit(
            self.rows,
            batch_size=16,
            verbose=0,
            callbacks=[backups, steps, *callbacks],
        ).history
        self.steps = steps.taken
        self.state = state(gan)
        self.stopped = folder / "stopped"


class Shown(Trained):
    """One that made something before, and a sheet of samples."""

    def __init__(self, variant, folder):
        gan = tiny(variant, ema_decay=0.5)
        self.was_built = gan.built
        self.before = generate(gan)
        sheet = SampleGrid(folder, num_images=4, animation=None)
        super().__init__(gan, folder, callbacks=[sheet])
        self.sheet = folder / "epoch_00001.png"


class Watched(Trained):
    """One whose players are watched, and all of whose weights can learn."""

    def __init__(self, variant, folder, step_of):
        # With seed 1 BigGAN's few rectifiers are all shut for its first fakes.
        gan = tiny(variant, seed=2, ema_decay=0.5, run_eagerly=EAGER)
        if step_of is not None:
            share_steps(gan, step_of)
        for weight in gan.trainable_variables:
            # At zero a factor shuts off what it multiplies, and a hinge is open
            # for every image, so that its bias cancels.
            if tuple(weight.shape) in ((), (1,)):
                weight.assign(np.full(weight.shape, 1.5))
        self.modes = modes_of_calls(gan) if EAGER else {True}
        one_image = [type(m) for m in gan.makes.values()] == [Image]
        if EAGER and one_image and not hasattr(gan, "growth"):
            watch_the_door(gan)
        # A second step, for what stands before a layer of zeros. A variant with
        # stages shows all of its weights in the last one.
        has_stages = type(gan).stage is not AdversarialModel.stage
        stages = 3 if variant == "Growing" else 1 + has_stages
        super().__init__(gan, folder, 2 * stages)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """One of each variant, for tests that leave it alone."""
    folder = tmp_path_factory.mktemp("trained")
    return functools.cache(lambda variant: Shown(variant, folder / variant))


@pytest.fixture(scope="module")
def watched(trained, tmp_path_factory):
    """Another, without graphs where they would cost more than its steps.

    On JAX it takes the compiled step of the first, which has no state.
    """
    folder = tmp_path_factory.mktemp("watched")

    def train(variant):
        step_of = trained(variant).gan if BACKEND == "jax" else None
        return Watched(variant, folder / variant, step_of)

    return functools.cache(train)


@pytest.fixture(scope="module")
def resumed(watched):
    """Models that went on from a backup, for one test to train further."""

    def go_on(variant):
        whole = watched(variant)
        gan = tiny(variant, seed=2, ema_decay=0.5, run_eagerly=EAGER)
        if BACKEND == "jax":
            share_steps(gan, whole.gan)
        return Trained(gan, whole.stopped, whole.num)

    return functools.cache(go_on)


@each_variant
def test_is_built_with_what_was_asked(variant, trained):
    made = trained(variant)
    assert made.was_built
    shapes = [m.shape for m in made.gan.makes.values()]
    assert made.before.shape == (
        4,
        *shapes[0][:-1],
        len(shapes) * shapes[0][-1],
    )
    assert made.before.dtype == np.float32
    assert np.isfinite(made.before).all()
    assert set(made.gan.default_optimizers()) == set(made.gan.players)


@each_variant
def test_fits_an_epoch_and_logs_means(variant, trained):
    made = trained(variant)
    assert set(made.history) == {m.name for m in made.gan.metrics}
    assert np.isfinite([v for (v,) in made.history.values()]).all()
    assert int(made.gan.steps) == 3
    assert np.abs(generate(made.gan) - made.before).max() > 0


@each_variant
def test_every_trainable_weight_gets_a_finite_gradient(variant, watched):
    made = watched(variant)
    assert made.modes == {True}
    gan = made.gan
    # What an optimizer remembers shows gradients that a weight of one would
    # round away.
    slots = [
        variable
        for optimizer in gan.optimizer.optimizers
        for variable in optimizer.variables
        if variable.path.endswith(slot_of(optimizer))
    ]
    assert len(slots) == len(gan.trainable_variables)
    for variable in (*gan.trainable_variables, *slots):
        value = keras.ops.convert_to_numpy(variable)
        assert np.isfinite(value).all(), variable.path
    for slot in slots:
        assert keras.ops.convert_to_numpy(slot).any(), slot.path


def modes_of_calls(gan):
    """Returns a set that gets the `training` of each call of a player."""
    modes = set()

    def noting(call):
        @functools.wraps(call)
        def noted(inputs, training=None, mask=None):
            modes.add(training)
            return call(inputs, training=training, mask=mask)

        return noted

    players = [getattr(gan, player) for player in gan.players]
    for network in keras.tree.flatten(players):
        network.call = noting(network.call)
    return modes


def watch_the_door(gan):
    """Lets only rows of the data pass as real, and only made ones as fake.

    Levels of an 8-bit image are whole; what a generator makes is not.
    """
    look = gan.look

    def are_levels(values):
        levels = 127.5 * keras.ops.convert_to_numpy(values) + 127.5
        return np.abs(levels - np.round(levels)).max() < 1e-3

    @functools.wraps(look)
    def noted(real, fake, *args, **given):
        assert real is None or are_levels(real)
        assert fake is None or not are_levels(fake)
        return look(real, fake, *args, **given)

    gan.look = noted


def slot_of(optimizer):
    """Returns how an optimizer names its average of gradients."""
    is_adam = isinstance(optimizer, keras.optimizers.Adam)
    return "_momentum" if is_adam else "_velocity"


@each_variant
def test_saves_and_loads_all_of_itself(variant, resumed, tmp_path):
    gan, rows = resumed(variant).gan, resumed(variant).rows
    rows = {name: values[:16] for name, values in rows.items()}
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert_same_state(gan, loaded)
    np.testing.assert_array_equal(generate(gan), generate(loaded))
    if BACKEND == "jax":
        share_steps(loaded, gan)
    # Both go on alike: latents, dropout and the order of the data.
    gan.fit(rows, batch_size=16, verbose=0)
    loaded.fit(rows, batch_size=16, verbose=0)
    assert_same_state(gan, loaded)


@of_any_backend
@each_variant
def test_config_builds_it_again(variant, trained):
    gan = trained(variant).gan
    again = type(gan).from_config(gan.get_config())
    assert again.get_config() == gan.get_config()
    assert [w.shape for w in again.weights] == [w.shape for w in gan.weights]


@each_variant
def test_resumes_bit_for_bit(variant, watched, resumed):
    whole, again = watched(variant), resumed(variant)
    assert whole.steps == [*range(1, whole.num + 1)]
    assert again.steps == [whole.num]
    for one, other in zip(again.state, whole.state, strict=True):
        np.testing.assert_array_equal(one, other)


@each_variant
def test_preset_round_trip(variant, trained, tmp_path):
    if BACKEND != "tensorflow" and variant not in ("DCGAN", "Worded"):
        # Its parts are a config and a file of weights, as a backup's.
        pytest.skip("every variant's preset is loaded on TensorFlow")
    gan = trained(variant).gan
    gan.save_to_preset(tmp_path / "preset")
    loaded = type(gan).from_preset(tmp_path / "preset")
    np.testing.assert_array_equal(generate(gan), generate(loaded))


@pytest.mark.usefixtures("one_process_for_saved_models")
@pytest.mark.parametrize(
    "format", ["tf_saved_model", "litert", "onnx", "openvino"]
)
@each_variant
def test_export_parity(variant, format, trained, tmp_path, request):
    pairs = {("DCGAN", "tf_saved_model"), ("Sound", "litert")}
    if BACKEND != "tensorflow" and (variant, format) not in pairs:
        # They export a copy of the weights that a process of TensorFlow holds:
        # one of the package's and one that has own layers to find.
        pytest.skip("every variant is exported on TensorFlow")
    if format == "openvino":
        pytest.importorskip("openvino")
        if variant not in IN_OPENVINO and not os.environ.get("EVERY_PAIR"):
            pytest.skip("EVERY_PAIR=1 exports all of them")
    gan = trained(variant).gan
    names = {"litert": "g.tflite", "onnx": "g.onnx"}
    path = tmp_path / names.get(format, "model")
    report = gan.export(path, format=format)
    # StyleGAN begins with maps of ones, and its normalisation enlarges their
    # rounding. Its own tests hold other maps to the limit of all.
    limit = 1e-5 if variant != "StyleGAN" else 1e-3
    assert report.max_difference < limit
    assert list(report.inputs) == list(gan.takes)
    assert list(report.outputs) == list(gan.makes)
    if format == "tf_saved_model" and BACKEND == "tensorflow":
        served = {"serving_default"}
        if variant != "Sound":  # which is no picture
            served |= {"generate", "generate_png"}
        assert signatures_of(tmp_path / "model") == served
    if request.config.option.xmlpath:
        told = f"{variant}|{format}|{measured(gan, report)}"
        request.node.user_properties.append(("export", told))


def measured(gan, report):
    """What tests/benchmarks/parity_report.py makes a table of."""
    from timed_runtimes import cell, milliseconds, runner

    run = runner(Path(report.path), report.format)
    rng = np.random.default_rng(0)
    row = {name: m.noise(1, rng) for name, m in gan.takes.items()}
    latency = milliseconds(run, row)
    return cell(report.max_difference, report.bytes, latency)


def signatures_of(folder):
    from tensorflow.core.protobuf import saved_model_pb2

    model = saved_model_pb2.SavedModel()
    model.ParseFromString((folder / "saved_model.pb").read_bytes())
    names = set(model.meta_graphs[0].signature_def)
    return names - {"__saved_model_init_op"}


@of_any_backend
@each_variant
def test_refuses_rows_of_another_shape(variant, trained):
    made = trained(variant)
    name = next(iter(made.gan.makes))
    values = made.rows[name]
    rows = {**made.rows, name: values[:, : values.shape[1] // 2]}
    with pytest.raises(ValueError, match=r"Received: .*\d"):
        made.gan.fit(rows, batch_size=16, verbose=0)


@each_variant
def test_sheet_of_samples(variant, trained):
    from PIL import Image

    with Image.open(trained(variant).sheet) as picture:
        assert min(picture.size) > 16
        # The samples stand out against the white around them.
        assert len(np.unique(np.asarray(picture))) > 1


def test_stages_are_compiled_once_each_and_resumed_in_the_middle(tmp_path):
    def train(*callbacks, epochs=1):
        gan = tiny("Growing")
        gan.fit(
            rows_for(gan, 96),  # six steps: two of each stage
            batch_size=16,
            epochs=epochs,
            verbose=0,
            callbacks=list(callbacks),
        )
        return gan

    def backup():
        return keras.callbacks.BackupAndRestore(tmp_path / "backup", 3)

    whole = train()
    if BACKEND != "torch":  # which runs without a trace
        # Twice a trace: for the discriminator's step and for its own.
        counts = {s: whole.traced.count(s) for s in (0, 1, 2)}
        assert set(counts.values()) == {2}
    assert whole.traced[0] == 0 and whole.traced[-1] == 2

    class CrashInStage(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 3:  # the second step of the second stage
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(backup(), CrashInStage())
    resumed = train(backup())
    assert resumed.traced[0] == 1
    for a, b in zip(state(resumed), state(whole), strict=True):
        np.testing.assert_array_equal(a, b)


def test_scores_on_held_out_rows_are_logged():
    gan = tiny("Pairs")
    rows, held_out = rows_for(gan), rows_for(gan, 20, seed=1)
    logs = gan.fit(
        rows, batch_size=16, epochs=2, verbose=0, validation_data=held_out
    ).history
    made = gan.generate(inputs=held_out["inputs"])
    real = held_out["images"] / 127.5 - 1.0
    assert logs["val_l1"][1] == pytest.approx(np.abs(real - made).mean())
    assert logs["val_l1"][0] != logs["val_l1"][1]


def test_what_cannot_be_drawn_is_asked_for_by_name():
    with pytest.raises(ValueError, match=r"generate\(inputs=...\)"):
        tiny("Pairs").generate(3)


def test_every_registered_variant_is_in_the_contract():
    assert set(keras_gans.list_variants()) < set(ALL)
    own = {"Growing", "Pairs", "Sound", "Tree", "UnpairedImages", "Worded"}
    assert set(OWN) == own
