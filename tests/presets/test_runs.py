"""`from_preset` on the folder of a training run."""

import keras
import pytest
from contract import EAGER
from small_gans import same_images, small

import keras_gans
from keras_gans.cli.runs import record_run

load = keras_gans.AdversarialModel.from_preset


@pytest.fixture
def run(images, tmp_path):
    """A run of one epoch, as `keras-gans train` leaves it when it is killed."""
    gan = small(seed=1)
    gan.compile(run_eagerly=EAGER)
    record_run(tmp_path, gan, "images", {})
    backup = keras.callbacks.BackupAndRestore(
        tmp_path / "backup", delete_checkpoint=False
    )
    gan.fit(images, batch_size=16, verbose=0, callbacks=[backup])
    return tmp_path, gan


def test_the_newest_backup_is_loaded(run):
    folder, gan = run
    small(seed=2).save_to_preset(folder / "preset")  # an older one
    loaded = load(str(folder))
    assert type(loaded) is keras_gans.GAN
    assert int(loaded.steps) == 3
    assert same_images(loaded, gan)
    with pytest.raises(ValueError, match=r"holds a GAN.*call GAN.from_preset"):
        keras_gans.DCGAN.from_preset(folder)


def test_a_backup_is_fine_tuned(run):
    folder, _ = run
    tuned = keras_gans.GAN.from_preset(folder, fine_tune=True, latent_dim=6)
    assert tuned.fine_tuning.kept and tuned.fine_tuning.anew


def test_without_a_backup_the_preset_is_loaded(run):
    folder, gan = run
    (folder / "backup" / "latest.weights.h5").unlink()
    with pytest.raises(ValueError, match=f"saved nothing yet.*{folder}"):
        load(folder)
    gan.save_to_preset(folder / "preset")
    assert same_images(load(folder), gan)


def test_a_damaged_run_is_named(run):
    folder, _ = run
    backup = folder / "backup" / "latest.weights.h5"
    backup.write_bytes(backup.read_bytes()[:1000])
    with pytest.raises(ValueError, match=f"cannot be read.*{backup}"):
        load(folder)
    (folder / "run.json").write_text("{")
    with pytest.raises(ValueError, match=r"damaged.*run\.json"):
        load(folder)
