import os

import numpy as np
import pytest

from keras_gans.data import load

pytest.importorskip("array_record")


@pytest.fixture
def pack(cli, photos, tmp_path):
    """Packs the photos into `tmp_path / "packed"`."""

    def run(*more, code=0):
        return cli("pack", photos, tmp_path / "packed", *more, code=code)

    return run


def test_packs_a_folder(pack, cli, photos, tmp_path):
    output = pack("--image-size", 8, "--channels", 3)
    assert "40" in output and "8x8x3" in output and "raw" in output
    assert "not checked" in output
    np.testing.assert_array_equal(
        load(tmp_path / "packed")[:], load(photos, 8, 3)[:]
    )
    assert "checked" in pack("--image-size", 8, "--channels", 3, "--verify")


def test_trains_on_shards(pack, cli, tmp_path):
    pack("--encoding", "original")
    run = ["--latent-dim", 4, "--batch-size", 8, "--set", "units=20"]
    cli(
        "train", "GAN", "--data", tmp_path / "packed", "--epochs", 1,
        "--out", tmp_path / "run", *run,
    )  # fmt: skip
    assert (tmp_path / "run" / "log.csv").is_file()


def test_verifies_shards_alone(pack, cli, tmp_path):
    pack()
    assert "checked" in cli("pack", tmp_path / "packed", "--verify")
    shard = tmp_path / "packed" / "images-00000.array_record"
    data = bytearray(shard.read_bytes())
    data[5000] ^= 1
    shard.write_bytes(data)
    output = cli("pack", tmp_path / "packed", "--verify", code=1)
    assert "Received" in output and "SHA-256" in output
    pack("--verify")
    cli("pack", tmp_path / "packed", "--verify")


def test_corrupt_files_are_skipped_where_asked(pack, photos, tmp_path):
    (photos / "00.png").write_bytes(b"no image")
    assert "00.png" in pack(code=2)
    assert not (tmp_path / "packed").exists()
    with pytest.warns(UserWarning, match=r"00\.png"):
        pack("--corrupt", "skip")
    assert len(load(tmp_path / "packed")) == 39


def test_what_is_no_pack_is_refused(cli, pack, photos, tmp_path):
    assert "Received: pack photos" in cli("pack", "photos", code=2)
    assert "Received" in cli("pack", photos, "--verify", code=2)
    assert "Received: 'jpeg'" in pack("--encoding", "jpeg", code=2)
    os.mkdir(tmp_path / "packed")
    (tmp_path / "packed" / "mine.txt").write_text("mine")
    assert "other files" in pack(code=2)
