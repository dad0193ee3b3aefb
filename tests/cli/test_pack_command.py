import os

import numpy as np
import pytest
from PIL import Image

from keras_gans.data import load
from keras_gans.modalities import Audio

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


def test_packs_pairs_and_sounds(cli, tmp_path):
    rng = np.random.default_rng(0)
    (tmp_path / "pairs").mkdir()
    (tmp_path / "drums").mkdir()
    for i in range(3):
        pixels = rng.integers(0, 256, (8, 16, 3), "uint8")
        Image.fromarray(pixels).save(tmp_path / "pairs" / f"{i}.png")
        samples = rng.integers(-999, 999, (20, 1), "int16")
        Audio(20, 8000).write(tmp_path / "drums" / f"{i}.wav", samples)
    where = [tmp_path / "pairs", tmp_path / "p"]
    output = cli("pack", *where, "--kind", "pairs", "--image-size", 4)
    assert "inputs │ images of 4x4x3" in output
    assert load(tmp_path / "p").rows(np.arange(3))["images"].shape[1:] == (
        4, 4, 3,
    )  # fmt: skip
    where = [tmp_path / "drums", tmp_path / "s"]
    output = cli("pack", *where, "--kind", "sounds", "--length", 16)
    assert "waveforms of 16 samples at 8000 Hz" in output
    assert len(load(tmp_path / "s")) == 3
    assert "checked" in cli("pack", tmp_path / "s", "--verify")


def test_options_of_another_kind_are_refused(pack):
    cases = [
        (["--kind", "smells"], "Received: 'smells'"),
        (["--kind", "sounds"], "give --length. Received: pack"),
        (["--kind", "sounds", "--image-size", 8], "--image-size is no option"),
        (["--length", 8], "--length is no option of images. Received: 8"),
        (["--kind", "pairs", "--rate", 8], "--rate is no option of pairs"),
    ]
    for options, message in cases:
        assert message in pack(*options, code=2)
