import errno
import os
import warnings

import keras
import pytest

import keras_gans


@pytest.fixture
def preset(tmp_path):
    gan = keras_gans.GAN((4, 4, 1), latent_dim=2, units=6, seed=1)
    gan.save_to_preset(tmp_path / "preset")
    return tmp_path / "preset"


def test_what_stops_a_conversion_is_one_line(
    cli, preset, tmp_path, monkeypatch
):
    def fail(*arguments):
        raise RuntimeError("the operation Erfinv is not known.\nReceived: all")

    monkeypatch.setattr("keras_gans.exporting.convert", fail)
    output = cli("export", preset, tmp_path / "g.onnx", code=1)
    assert output == "Error: the operation Erfinv is not known. Received: all"


def test_a_full_disk_is_one_line(cli, preset, tmp_path, monkeypatch):
    def fail(*arguments):
        raise RuntimeError(os.strerror(errno.ENOSPC))

    monkeypatch.setattr("keras_gans.exporting.convert", fail)
    output = cli("export", preset, tmp_path / "g.onnx", code=1)
    assert output.startswith(f"Error: [Errno {errno.ENOSPC}] The export ")
    assert f"{str(tmp_path / 'g.onnx')!r} could not be written" in output


def test_numpys_warning_of_keras_is_not_shown(cli, preset, tmp_path):
    pytest.importorskip("onnx")
    if keras.backend.backend() != "tensorflow":
        pytest.skip("another process converts, and shows nothing")
    with warnings.catch_warnings():
        warnings.simplefilter("error", FutureWarning)
        cli("export", preset, tmp_path / "g.onnx", "--no-verify")
    assert (tmp_path / "g.onnx").is_file()


def test_a_part_of_the_generator(cli, tmp_path):
    gan = keras_gans.StyleGAN2((8, 8, 1), latent_dim=4, width=4, seed=1)
    gan.save_to_preset(tmp_path / "styles")
    out = tmp_path / "mapping.tflite"
    said = cli("export", tmp_path / "styles", out, "--part", "mapping")
    assert "latents (None, 4), truncation (None,) -> styles" in said
    said = cli("export", tmp_path / "styles", out, "--part", "mapper", code=2)
    assert said.endswith("Received: part='mapper'")
