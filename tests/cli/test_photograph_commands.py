import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from own_variants.pairs import Pairs
from PIL import Image

import keras_gans


@pytest.fixture
def esrgan(tmp_path):
    gan = keras_gans.ESRGAN(
        (32, 32, 3), scale=2, width=4, blocks=1, growth=2, seed=1,
        discriminator_width=4, perceptual=None,
    )  # fmt: skip
    gan.save_to_preset(tmp_path / "esrgan")
    return tmp_path / "esrgan"


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "in" / "sub"
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for i in range(4):
        pixels = rng.integers(0, 256, (9, 14 + i, 3), "uint8")
        Image.fromarray(pixels).save(folder / f"{i}.png")
    return tmp_path / "in"


def size(path):
    with Image.open(path) as image:
        return image.size


def test_upscale(cli, esrgan, pictures, tmp_path):
    out = tmp_path / "out"
    output = cli("upscale", pictures, out, "--preset", esrgan)
    assert f"4 written: {out}" in output
    assert size(out / "sub" / "3.png") == (34, 18)
    (out / "sub" / "2.png").unlink()
    output = cli("upscale", pictures, out, "--preset", esrgan)
    assert "1 written; 3 were there already" in output
    one = pictures / "sub" / "3.png"
    more = ["--preset", esrgan, "--format", "jpg", "--tile", 16, "--overlap", 2]
    output = cli("upscale", one, out, *more)
    assert "overlap by 2 pixels, where the network looks" in output
    assert size(out / "3.jpg") == (34, 18)
    output = cli("upscale", one, out, *more, code=1)
    assert "not replaced unasked" in output and "--overwrite" in output
    cli("upscale", one, out, *more, "--overwrite")


def test_a_corrupt_file_is_named_and_the_exit_code_says_so(
    cli, esrgan, pictures, tmp_path
):
    (pictures / "sub" / "1.png").write_bytes(b"no picture")
    out = tmp_path / "out"
    output = cli("upscale", pictures, out, "--preset", esrgan, code=1)
    assert "3 written" in output
    assert "1 of 4 photographs could not be made. The other 3 are" in output
    assert "sub/1.png: cannot identify image file" in output
    assert len(list((out / "sub").iterdir())) == 3


def test_translate(cli, pictures, tmp_path):
    Pairs(seed=1).save_to_preset(tmp_path / "pairs")
    out = tmp_path / "out"
    cli("translate", pictures, out, "--preset", tmp_path / "pairs")
    assert size(out / "sub" / "3.png") == (17, 9)
    gan = keras_gans.CycleGAN(
        (16, 16, 3), width=2, blocks=1, receptive_field=16, seed=1
    )
    gan.save_to_preset(tmp_path / "cycle")
    one = pictures / "sub" / "0.png"
    made = []
    for name, more in (("a", []), ("b", ["--reverse"])):
        path = tmp_path / f"{name}.png"
        cli("translate", one, path, "--preset", tmp_path / "cycle", *more)
        made.append(np.asarray(Image.open(path)))
    assert made[0].shape == (9, 14, 3)
    assert not np.array_equal(*made)
    pixels = np.asarray(Image.open(one))
    back = gan.reversed().translate(pixels)
    assert np.abs(made[1] - back.astype(int)).max() <= 1


def test_inpaint(cli, pictures, tmp_path):
    gan = keras_gans.GatedInpainting(
        (16, 16, 3), width=4, attention=False, critic_width=4, seed=1
    )
    gan.save_to_preset(tmp_path / "fills")
    pixels = np.asarray(Image.open(pictures / "sub" / "2.png"))
    mask = np.zeros(pixels.shape[:2], "uint8")
    mask[2:5, 3:9] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    out = tmp_path / "out.png"
    cli("inpaint", pictures / "sub" / "2.png", out, "--masks",
        tmp_path / "mask.png", "--dilate", 1,
        "--preset", tmp_path / "fills")  # fmt: skip
    made = np.asarray(Image.open(out))
    inside = np.zeros(mask.shape, bool)
    inside[1:6, 2:10] = True
    np.testing.assert_array_equal(made[~inside], pixels[~inside])
    assert (made[inside] != pixels[inside]).any(-1).mean() > 0.9
    Image.fromarray(mask[1:]).save(tmp_path / "small.png")
    output = cli("inpaint", pictures / "sub" / "2.png", tmp_path / "no.png",
                 "--masks", tmp_path / "small.png",
                 "--preset", tmp_path / "fills", code=1)  # fmt: skip
    assert "of the size of its photograph, 16x9" in output


def test_a_preset_of_another_task(cli, esrgan, pictures, tmp_path):
    output = cli("translate", pictures, tmp_path / "out", "--preset", esrgan,
                 code=2)  # fmt: skip
    assert "ESRGAN is for another task: `upscale`" in output
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="POSIX signals")
def test_ctrl_c_half_way(esrgan, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for i in range(100):
        pixels = np.full((90, 90, 3), i, "uint8")
        Image.fromarray(pixels).save(folder / f"{i:03d}.png")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "keras_gans", "upscale"]
    command += [str(folder), str(out), "--preset", str(esrgan)]
    run = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 300
    while len(list(out.glob("*.png"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    run.send_signal(signal.SIGINT)
    _, stderr = run.communicate(timeout=120)
    assert run.returncode == 130, stderr
    assert "the same command goes on from there" in " ".join(stderr.split())
    done = sorted(out.iterdir())
    assert 2 <= len(done) < 100
    for path in done:  # All are whole, and no drafts are left.
        assert size(path) == (180, 180)
