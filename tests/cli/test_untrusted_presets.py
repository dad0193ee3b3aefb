"""Presets of others, where programs or people can reach what is loaded."""

import sys
import types

import keras
import pytest

import keras_gans


@pytest.fixture
def preset(tmp_path):
    """A preset whose generator has Python code in its configuration."""
    z, x = keras.Input((4,)), keras.Input((8, 8, 1))
    code = keras.layers.Lambda(lambda v: 2 * v, output_shape=(64,))
    made = keras.layers.Reshape((8, 8, 1))(code(keras.layers.Dense(64)(z)))
    seen = keras.layers.Dense(1)(keras.layers.Flatten()(x))
    gan = keras_gans.DCGAN(
        (8, 8, 1),
        latent_dim=4,
        generator=keras.Model(z, made),
        discriminator=keras.Model(x, seen),
    )
    gan.save_to_preset(tmp_path / "preset")
    assert "__lambda__" in (tmp_path / "preset/config.json").read_text()
    return tmp_path / "preset"


@pytest.mark.parametrize("command", ["serve", "app"])
def test_code_in_a_preset_is_not_run(cli, preset, command, monkeypatch):
    for name in ("kserve", "gradio"):  # they are asked for first
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    said = cli(command, preset, code=2)
    assert "arbitrary code execution" in said and "Received:" in said
