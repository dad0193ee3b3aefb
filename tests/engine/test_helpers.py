"""Helpers: frozen networks, of which files hold the checksum alone."""

import h5py
import keras
import numpy as np
import pytest
from contract import EAGER, rows_for, tiny_arguments
from keras import layers, ops

import keras_gans
from keras_gans.engine.helpers import Helpers
from keras_gans.models.gan import GAN

LEVEL = {"ruler": 1.0}
"""What the weights of a helper are, as a file on the disk would say."""


def build_ruler():
    images = keras.Input((16, 16, 1))
    start = keras.initializers.Constant(LEVEL["ruler"])
    x = layers.Dense(7, kernel_initializer=start)(layers.Flatten()(images))
    return keras.Model(images, layers.BatchNormalization()(x))


@keras.saving.register_keras_serializable("test_helpers")
class Guided(GAN):
    def __init__(self, **kwargs):
        helpers = {"ruler": build_ruler()} if LEVEL["ruler"] else None
        super().__init__(
            **{**tiny_arguments("GAN"), "seed": 1, **kwargs}, helpers=helpers
        )

    def verdict_on(self, real, fake, given):
        of_ruler = self.helper("ruler")(fake, training=True)
        return super().verdict_on(real, fake, given) + ops.mean(of_ruler)


def train(folder):
    """Trains one epoch, or none where the folder's backup has it."""
    gan = Guided()
    gan.compile(run_eagerly=EAGER)
    backup = keras.callbacks.BackupAndRestore(
        folder / "backup", delete_checkpoint=False
    )
    rows = rows_for(gan, 16)
    gan.fit(rows, batch_size=16, verbose=0, callbacks=[backup])
    return gan


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A file, a preset and a backup of a GAN with a helper."""
    folder = tmp_path_factory.mktemp("guided")
    gan = train(folder)
    gan.save(folder / "gan.keras")
    gan.save_to_preset(folder / "preset")
    return folder


def load_file(folder):
    return keras.saving.load_model(folder / "gan.keras")


def load_preset(folder):
    return keras_gans.AdversarialModel.from_preset(folder / "preset")


each_way = pytest.mark.parametrize("load", [load_file, load_preset, train])


def test_a_helper_is_frozen_and_in_no_file(folder):
    gan = train(folder / "anew")
    ruler = gan.helper("ruler")
    assert not ruler.trainable_weights
    for weight, fresh in zip(
        ruler.get_weights(), build_ruler().get_weights(), strict=True
    ):
        np.testing.assert_array_equal(weight, fresh)
    of_gan = {id(v) for v in gan.variables}
    assert not of_gan & {id(v) for v in ruler.variables}
    for file in ("backup/latest.weights.h5", "preset/model.weights.h5"):
        shapes = {}
        with h5py.File(folder / file) as weights:
            weights.visititems(
                lambda name, item, shapes=shapes: shapes.update(
                    {name: getattr(item, "shape", None)}
                )
            )
        assert shapes["vars/helper_ruler"] == (32,)
        assert not {(256, 7), (7,)} & set(shapes.values())


@each_way
def test_the_same_helper_is_accepted(load, folder):
    assert int(load(folder).steps) == 1


@each_way
@pytest.mark.parametrize("level", [2.0, 0.0])
def test_another_helper_is_refused(load, level, folder, monkeypatch):
    monkeypatch.setitem(LEVEL, "ruler", level)  # 0: the helper is gone
    message = r"(?s)made with other weights of the helper 'ruler'.*Received: "
    with pytest.raises(ValueError, match=message):
        load(folder)


def test_a_helper_given_as_a_function_is_loaded_when_it_is_needed():
    loaded = []

    def load():
        loaded.append(build_ruler())
        return loaded[-1]

    helpers = Helpers({"ruler": load})
    assert not loaded
    assert helpers["ruler"] is helpers["ruler"] is loaded[0]
    assert len(loaded) == 1 and not loaded[0].trainable


def test_a_late_helper_is_compared_when_it_comes():
    known = Helpers({"ruler": build_ruler()}).checksums()
    other = {"ruler": "0" * 64}
    for checksums, fits in ((known, True), (other, False), ({}, True)):
        late = Helpers({"ruler": build_ruler})
        late.check(checksums)  # nothing to compare it with yet
        assert late.checksums() == checksums
        if fits:
            assert late["ruler"].output_shape == (None, 7)
            late.check(late.checksums())
        else:
            with pytest.raises(ValueError, match=r"must be 000.*Received: "):
                late["ruler"]
    early = Helpers({"ruler": build_ruler})
    early.load()
    with pytest.raises(ValueError, match=r"must be 000.*Received: "):
        early.check(other)
    early.check({})  # of a file that was written before it was loaded


def test_a_file_from_before_the_helper_is_refused(tmp_path, monkeypatch):
    monkeypatch.setitem(LEVEL, "ruler", 0.0)
    Guided().save_weights(tmp_path / "old.weights.h5")
    monkeypatch.setitem(LEVEL, "ruler", 1.0)
    with pytest.raises(ValueError, match="must be none: no such helper"):
        Guided().load_weights(tmp_path / "old.weights.h5")
