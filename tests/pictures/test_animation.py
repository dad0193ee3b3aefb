import importlib.util

import numpy as np
import pytest
from PIL import Image

from keras_gans.pictures import save_animation
from keras_gans.pictures.animation import check_animation, write_animation

LEVELS = (0, 120, 240)


@pytest.fixture(params=["L", "RGB", "P", "RGBA"])
def frames(request, tmp_path):
    """Three grey pictures of 15x20, and one of another run."""
    files = [tmp_path / f"{i}.png" for i in range(4)]
    Image.new(request.param, (9, 9)).save(files[0])
    for file, level in zip(files[1:], LEVELS, strict=True):
        grey = Image.fromarray(np.full((15, 20), level, "uint8"))
        grey.convert(request.param).save(file)
    return files


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
def test_frames_of_any_mode_follow_each_other(frames, suffix, tmp_path):
    out = tmp_path / f"out{suffix}"
    save_animation(out, frames, seconds=0.9)
    with Image.open(out) as picture:
        assert picture.n_frames == 3
        for i, level in enumerate(LEVELS):
            picture.seek(i)
            assert picture.size == (20, 15)
            shown = np.asarray(picture.convert("L")).astype(int)
            assert np.abs(shown - level).max() <= 3
            assert picture.info["duration"] == 300 + 1000 * (i == 2)


def test_videos(frames, tmp_path):
    ffmpeg = pytest.importorskip("imageio_ffmpeg")
    out = tmp_path / "out.mp4"
    save_animation(out, frames, seconds=1.5)  # 0.5 s each, and one more
    video = ffmpeg.read_frames(str(out))
    facts = next(video)
    assert facts["size"] == (20, 16)  # sides must be even
    assert facts["codec"] == "h264" and "yuv420p" in facts["pix_fmt"]
    assert facts["fps"] == 2
    shown = [np.frombuffer(f, "uint8").reshape(16, 20, 3) for f in video]
    assert len(shown) == 5
    for image, level in zip(shown, (*LEVELS, 240, 240), strict=True):
        assert np.abs(image.astype(int) - level).max() <= 6


def test_pictures_that_are_made_show_as_long_as_asked(tmp_path):
    ffmpeg = pytest.importorskip("imageio_ffmpeg")
    pictures = [Image.new("RGB", (32, 24), (9 * i, 0, 0)) for i in range(25)]
    write_animation(tmp_path / "out.mp4", pictures, [40] * 25)
    facts = next(ffmpeg.read_frames(str(tmp_path / "out.mp4")))
    assert facts["duration"] == pytest.approx(1.0, abs=0.05)


def test_files_that_cannot_be(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"\.mp4.*Received: out\.avi"):
        save_animation(tmp_path / "out.avi", [])
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"keras-gans\[video\].*out\.mp4"):
        check_animation(tmp_path / "out.mp4")
    assert not list(tmp_path.iterdir())
