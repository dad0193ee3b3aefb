"""Starting from a preset: what is kept, and who learns first."""

import json

import keras
import numpy as np
import pytest

import keras_gans
from keras_gans.cli.presets import load_preset


def weights(network):
    return [keras.ops.convert_to_numpy(w) for w in network.weights]


@pytest.fixture
def start(cli, train, photos, tmp_path):
    """Trains a GAN to start from, and one that starts from it."""
    train("--ema-decay", 0.9)
    (tmp_path / "run").rename(tmp_path / "old")

    def run(*more, epochs=1, code=0, out="run"):
        return cli(
            "train", "GAN", "--data", photos, "--out", tmp_path / out,
            "--batch-size", 8, "--init", tmp_path / "old", "--epochs", epochs,
            *more, code=code,
        )  # fmt: skip

    return run


def test_the_discriminator_learns_alone_at_first(start, tmp_path):
    old = load_preset(tmp_path / "old")
    output = start("--warm-up", 5)
    assert "6 layers keep its weights, 0 start anew" in output
    assert "The discriminator learns alone for 5 steps" in output
    new = load_preset(tmp_path / "run")
    assert (new.latent_dim, new.ema_decay) == (4, 0.9)
    for network in ("generator", "ema_generator"):
        # The average starts from the live weights, not from the old average.
        pairs = zip(weights(old.generator), weights(getattr(new, network)),
                    strict=True)  # fmt: skip
        for a, b in pairs:
            np.testing.assert_allclose(a, b, atol=1e-6)
    assert not np.allclose(
        weights(old.discriminator)[0], weights(new.discriminator)[0]
    )
    about = json.loads((tmp_path / "run/preset/metadata.json").read_text())
    assert about["metadata"]["started_from"] == str(tmp_path / "old")
    # Then both learn, and a stopped run is the run that was not stopped.
    start("--warm-up", 5, epochs=2)
    start("--warm-up", 5, epochs=2, out="whole")
    halves, whole = (load_preset(tmp_path / n) for n in ("run", "whole"))
    for a, b in zip(weights(halves), weights(whole), strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.allclose(
        weights(old.generator)[0], weights(whole.generator)[0]
    )


def test_what_does_not_fit_is_listed(start, tmp_path):
    output = start("--set", "units=24", "--warm-up", 0)
    new = keras_gans.GAN.from_preset(
        tmp_path / "old" / "preset", fine_tune=True, units=24
    ).fine_tuning
    assert f"{len(new.kept)} layers keep its weights" in output
    assert new.anew
    for layer in new.anew:
        assert layer in output
    assert "learns alone" not in output


def test_wrong_presets_and_arguments(start, cli, photos, tmp_path):
    assert "has no argument 'unitz'" in start("--set", "unitz=3", code=2)
    output = cli(
        "train", "DCGAN", "--data", photos, "--out", tmp_path / "run",
        "--init", tmp_path / "old", "--epochs", 1, code=2,
    )  # fmt: skip
    assert "holds a GAN, not a DCGAN" in output
