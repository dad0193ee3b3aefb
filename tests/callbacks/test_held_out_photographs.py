"""Held-out photographs: drawn, scored, and the best weights kept."""

import keras
import numpy as np
import pytest
from contract import EAGER
from PIL import Image

import keras_gans
from keras_gans.callbacks import SampleGrid
from keras_gans.pretrained import lpips_files


def noise(num, side, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (num, side, side, 3), "uint8")


def pix2pix(**options):
    gan = keras_gans.Pix2Pix(
        (16, 16, 3), width=4, depth=2, receptive_field=16, seed=1, **options
    )
    gan.compile(run_eagerly=EAGER)
    return gan


def esrgan():
    gan = keras_gans.ESRGAN(
        (16, 16, 3), scale=2, width=4, blocks=1, growth=2, perceptual=None,
        pixel_steps=None, discriminator_width=4, seed=1,
    )  # fmt: skip
    gan.compile(run_eagerly=EAGER)
    return gan


def near(drawn, expected):
    return np.abs(drawn.astype(int) - expected.astype(int)).max() <= 1


@pytest.mark.parametrize(
    ("build", "small", "verb"),
    [(pix2pix, 16, "translate"), (esrgan, 8, "upscale")],
    ids=["Pix2Pix", "ESRGAN"],
)
def test_pictures_of_training_are_those_of_the_verb(
    tmp_path, build, small, verb
):
    gan = build()
    rows = {"inputs": noise(4, small), "images": noise(4, 16, 1)}
    held_out = {"inputs": noise(3, small, 2), "images": noise(3, 16, 3)}
    logs = gan.fit(
        rows, batch_size=4, verbose=0, validation_data=held_out,
        callbacks=SampleGrid(tmp_path, (3, 1), scale=1, animation=None),
    ).history  # fmt: skip
    assert {"val_l1", "val_psnr", "val_ssim"} < set(logs)
    with Image.open(tmp_path / "epoch_00001.png") as picture:
        drawn = np.asarray(picture)
    made = getattr(gan, verb)(held_out["inputs"])
    assert made.dtype == np.uint8
    times = 16 // small
    for i in range(3):
        cell = drawn[2 + 18 * i :][:16, 2:50]
        inputs = held_out["inputs"][i].repeat(times, 0).repeat(times, 1)
        np.testing.assert_array_equal(cell[:, :16], inputs)
        assert near(cell[:, 16:32], made[i])
        np.testing.assert_array_equal(cell[:, 32:], held_out["images"][i])


def test_the_best_weights_by_a_score_are_kept(tmp_path):
    gan = pix2pix(l1_weight=100.0)
    rows = {"inputs": noise(4, 16), "images": noise(4, 16, 1)}
    held_out = {"inputs": noise(4, 16, 2), "images": noise(4, 16, 3)}
    best = tmp_path / "best.weights.h5"
    keep = keras.callbacks.ModelCheckpoint(
        best, monitor="val_psnr", mode="max", save_best_only=True,
        save_weights_only=True,
    )  # fmt: skip
    spoil = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: (
            epoch < 2
            or gan.generator.set_weights(
                [10 * w for w in gan.generator.get_weights()]
            )
        )
    )
    logs = gan.fit(
        rows, batch_size=4, epochs=3, verbose=0, validation_data=held_out,
        callbacks=[spoil, keep],
    ).history  # fmt: skip
    assert np.argmax(logs["val_psnr"]) < 2
    gan.load_weights(best)
    assert gan.evaluate(held_out)["psnr"] == pytest.approx(
        max(logs["val_psnr"]), abs=1e-4
    )


def test_lpips_is_scored_where_its_files_are_at_hand(monkeypatch):
    gan = keras_gans.Pix2Pix((32, 32, 3), width=2, depth=2, receptive_field=16)
    for at_hand in (True, False):
        monkeypatch.setattr(
            lpips_files, "is_at_hand", lambda file, a=at_hand: a
        )
        assert ("lpips" in gan.scores) == at_hand
        assert {"l1", "psnr", "ssim"} <= set(gan.scores)
