import numpy as np
import pytest

import keras_gans


def test_a_file_becomes_a_preset(cli, tmp_path):
    torch = pytest.importorskip("torch", reason="PyTorch writes the file")
    from torch_networks import random_rrdb

    torch.save({"params": random_rrdb(1, 2)}, tmp_path / "x4.pth")
    output = cli("convert", tmp_path / "x4.pth", tmp_path / "preset")
    assert "ESRGAN x4" in output
    gan = keras_gans.load(tmp_path / "preset")
    photograph = np.zeros((1, 5, 7, 3), "uint8")
    assert gan.generate(inputs=photograph).shape == (1, 20, 28, 3)
    again = cli("convert", tmp_path / "x4.pth", tmp_path / "preset", code=1)
    assert again.startswith("Error: The preset's folder must be new")


def test_what_is_no_network_is_one_line(cli, tmp_path):
    (tmp_path / "x4.pth").write_bytes(b"no weights")
    output = cli("convert", tmp_path / "x4.pth", tmp_path / "preset", code=2)
    assert output.startswith("Error: x4.pth must be a file of torch.save")


def test_a_state_dictionary_of_stylegan2_becomes_a_preset(cli, tmp_path):
    from style_networks import random_generator

    np.savez(tmp_path / "g.npz", **random_generator())
    output = cli("convert", tmp_path / "g.npz", tmp_path / "preset")
    assert "StyleGAN2 of 16x16" in output
    made = keras_gans.load(tmp_path / "preset").generate(1, truncation=0.7)
    assert made.shape == (1, 16, 16, 3)
