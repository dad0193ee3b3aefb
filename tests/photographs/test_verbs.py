"""Photographs in, photographs out."""

import errno
import os

import numpy as np
import pytest
from networks import OfPhotographs, call, convolutional, filling, nearest, noise
from PIL import Image

import keras_gans
from keras_gans import photographs
from keras_gans.modalities.image import to_float, to_uint8
from keras_gans.photographs import PhotographsError
from keras_gans.photographs.channels import as_floats, as_type
from keras_gans.photographs.cutting import Cutter
from keras_gans.photographs.reading import read_photograph


def save(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels).save(
        path
    )
    return path


def read(path):
    with Image.open(path) as image:
        return np.asarray(image)


def near(made, expected, steps=1):
    """Equal, but for what rounds to the other side."""
    return np.abs(made.astype(int) - expected.astype(int)).max() <= steps


@pytest.fixture
def doubling():
    return OfPhotographs(nearest(2), times=2)


@pytest.fixture
def convolving():
    return OfPhotographs(convolutional())


@pytest.fixture
def fills():
    return OfPhotographs(filling(), masked=True)


def test_upscale_a_file(doubling, tmp_path):
    pixels = noise(21, 34)
    save(tmp_path / "in.png", pixels)
    report = doubling.upscale(tmp_path / "in.png", tmp_path / "new" / "out.png")
    assert report.written == [tmp_path / "new" / "out.png"]
    expected = pixels.repeat(2, 0).repeat(2, 1)
    np.testing.assert_array_equal(read(report.written[0]), expected)


@pytest.mark.parametrize("scale", [2, 4])
def test_tiles_are_those_of_the_whole(tmp_path, scale):
    network = convolutional(scale=scale)
    gan = OfPhotographs(network, times=scale)
    pixels = noise(70, 45)
    save(tmp_path / "in.png", pixels)
    gan.upscale(tmp_path / "in.png", tmp_path / "a.png", tile=24)
    gan.upscale(tmp_path / "in.png", tmp_path / "b.png")
    expected = to_uint8(call(network, to_float(pixels)))
    assert near(read(tmp_path / "a.png"), expected)
    assert near(read(tmp_path / "b.png"), expected)


def test_translate_a_folder(convolving, tmp_path):
    network = convolving.generator
    names = ["a.png", "sub/b.tif", "sub/deeper/c.PNG"]
    for i, name in enumerate(names):
        save(tmp_path / "in" / name, noise(9 + i, 8, seed=i))
    save(tmp_path / "in" / ".hidden.png", noise(4, 4))
    (tmp_path / "in" / "notes.txt").write_text("not a picture")
    seen = []
    report = photographs.translate(
        convolving, tmp_path / "in", tmp_path / "out", progress=seen.append
    )
    assert report.written == [tmp_path / "out" / name for name in names]
    assert seen[-1] == 3 and seen == sorted(seen)
    for i, name in enumerate(names):
        expected = to_uint8(call(network, to_float(noise(9 + i, 8, seed=i))))
        assert near(read(tmp_path / "out" / name), expected)
    found = {p.name for p in (tmp_path / "out").rglob("*") if p.is_file()}
    assert found == {"a.png", "b.tif", "c.PNG"}


def test_inpaint_leaves_all_other_pixels(fills, tmp_path):
    pixels = noise(30, 20)
    save(tmp_path / "in" / "a.png", pixels)
    mask = np.zeros((30, 20, 1), "uint8")
    mask[5:9, 10:13] = 255
    save(tmp_path / "masks" / "a.png", mask)
    photographs.inpaint(
        fills, tmp_path / "in", tmp_path / "out", masks=tmp_path / "masks",
        dilate=2, tile=16,
    )  # fmt: skip
    made = read(tmp_path / "out" / "a.png")
    inside = np.zeros((30, 20), bool)
    inside[3:11, 8:15] = True
    np.testing.assert_array_equal(made[~inside], pixels[~inside])
    assert (np.abs(made[inside].astype(int) - 127.5) <= 0.5).all()


def test_16_bits_from_end_to_end(tmp_path):
    network = convolutional()
    gan = OfPhotographs(network)
    pixels = noise(20, 31, dtype="uint16")
    np.save(tmp_path / "in.npy", pixels)
    for name in ("out.png", "out.tif", "out.npy"):
        gan.translate(tmp_path / "in.npy", tmp_path / name, tile=16)
        made = read_photograph(tmp_path / name).pixels
        assert made.dtype == np.uint16
        expected = as_type(call(network, as_floats(pixels)), np.uint16)
        assert near(made, expected)
        assert np.unique(made % 256).size > 200  # The lower bytes matter.


def test_16_bits_outside_of_a_mask_are_untouched(fills, tmp_path):
    pixels = noise(16, 16, dtype="uint16")
    np.save(tmp_path / "a.npy", pixels)
    mask = np.zeros((16, 16, 1), "uint8")
    mask[4:6] = 255
    save(tmp_path / "m.png", mask)
    fills.inpaint(tmp_path / "a.npy", tmp_path / "m.png", tmp_path / "b.png")
    made = read_photograph(tmp_path / "b.png").pixels
    np.testing.assert_array_equal(np.delete(made, (4, 5), 0),
                                  np.delete(pixels, (4, 5), 0))  # fmt: skip
    assert (np.abs(made[4:6].astype(int) - 32767.5) <= 0.5).all()


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_grey_stays_grey(doubling, tmp_path, dtype):
    pixels = noise(9, 8, 1, dtype)
    save(tmp_path / "in.png", pixels)
    doubling.upscale(tmp_path / "in.png", tmp_path / "out.png")
    made = read_photograph(tmp_path / "out.png").pixels
    assert made.dtype == dtype
    assert near(made, pixels.repeat(2, 0).repeat(2, 1))


def test_grey_networks_enlarge_every_channel(tmp_path):
    network = convolutional(1, 1, scale=2)
    gan = OfPhotographs(network, times=2)
    pixels = noise(9, 8)
    save(tmp_path / "in.png", pixels)
    gan.upscale(tmp_path / "in.png", tmp_path / "out.png")
    made = read(tmp_path / "out.png")
    for i in range(3):
        one = to_uint8(call(network, to_float(pixels[..., i : i + 1])))
        assert near(made[..., i], one[..., 0])


def test_colours_from_grey(tmp_path):
    network = convolutional(1, 3)
    gan = OfPhotographs(network)
    pixels = noise(9, 8)
    save(tmp_path / "in.png", pixels)
    gan.translate(tmp_path / "in.png", tmp_path / "out.png")
    grey = to_float(pixels) @ np.array([0.299, 0.587, 0.114], "float32")
    expected = to_uint8(call(network, grey[..., None]))
    assert near(read(tmp_path / "out.png"), expected)


def test_alpha_is_enlarged_apart(doubling, tmp_path):
    pixels = noise(40, 30, 4)
    pixels[..., 3] = np.linspace(0, 255, 30)[None]
    save(tmp_path / "in.png", pixels)
    doubling.upscale(tmp_path / "in.png", tmp_path / "whole.png")
    doubling.upscale(tmp_path / "in.png", tmp_path / "tiles.png", tile=12)
    whole, tiles = read(tmp_path / "whole.png"), read(tmp_path / "tiles.png")
    np.testing.assert_array_equal(
        whole[..., :3], pixels[..., :3].repeat(2, 0).repeat(2, 1)
    )
    smooth = Image.fromarray(pixels[..., 3]).resize((60, 80), 1)
    assert near(whole[..., 3], np.asarray(smooth))
    assert near(tiles, whole)


def test_networks_of_four_channels_see_the_alpha(tmp_path):
    gan = OfPhotographs(nearest(1, channels=4))
    for channels in (3, 4):
        pixels = noise(9, 8, channels)
        save(tmp_path / "in.png", pixels)
        gan.translate(tmp_path / "in.png", tmp_path / "o.png", overwrite=True)
        opaque = np.full((9, 8, 4 - channels), 255, "uint8")
        expected = np.concatenate([pixels, opaque], -1)
        np.testing.assert_array_equal(read(tmp_path / "o.png"), expected)


def test_any_number_of_channels_from_arrays(tmp_path):
    gan = OfPhotographs(convolutional(6, 5, scale=2), times=2)
    pixels = noise(9, 8, 6, "uint16") / np.float32(40000) - np.float32(0.7)
    np.save(tmp_path / "a.npy", pixels)
    gan.upscale(tmp_path / "a.npy", tmp_path / "b.npy")
    made = np.load(tmp_path / "b.npy")
    assert made.shape == (18, 16, 5)
    np.testing.assert_allclose(made, call(gan.generator, pixels), atol=1e-6)


def test_names_of_what_is_read_but_not_written(doubling, tmp_path):
    save(tmp_path / "in" / "a.gif", noise(6, 6))
    save(tmp_path / "in" / "a.png", noise(6, 6))
    report = doubling.upscale(tmp_path / "in", tmp_path / "out")
    assert [p.name for p in report.written] == ["a.gif.png", "a.png"]


def test_images_in_memory_go_the_same_way(doubling, convolving):
    one = noise(9, 8)
    np.testing.assert_array_equal(
        doubling.upscale(one), one.repeat(2, 0).repeat(2, 1)
    )
    batch = to_float(np.stack([one, noise(9, 8, seed=1)]))
    made = convolving.translate(batch)
    assert made.dtype == np.float32
    np.testing.assert_allclose(
        made[1], call(convolving.generator, batch[1]), atol=1e-6
    )


def test_a_pix2pix_of_16x16_translates_any_size(tmp_path):
    gan = keras_gans.Pix2Pix(
        (16, 16, 3), width=4, depth=2, receptive_field=16, seed=1
    )
    inputs = noise(16, 16)
    expected = gan.generate(inputs=inputs[None])[0]
    np.testing.assert_allclose(
        gan.translate(to_float(inputs)), expected, atol=1e-6
    )
    save(tmp_path / "in.jpg", noise(70, 53))
    report = gan.translate(tmp_path / "in.jpg", tmp_path / "out.jpg", tile=40)
    assert report.notes == {}
    assert Image.open(tmp_path / "out.jpg").size == (53, 70)


def test_what_is_not_exact_is_noted(tmp_path):
    save(tmp_path / "in.png", noise(70, 53))
    out = tmp_path / "out.png"
    gan = keras_gans.Pix2Pix(
        (16, 16, 3), width=4, depth=3, receptive_field=16, norm="instance"
    )
    report = gan.translate(tmp_path / "in.png", out)
    assert report.notes == {}  # It fits in one tile.
    report = gan.translate(
        tmp_path / "in.png", out, tile=32, overlap=4, overwrite=True
    )
    assert "looks at the whole picture (group_norm" in report.notes[out]
    gan = OfPhotographs(convolutional())
    report = gan.translate(
        tmp_path / "in.png", out, tile=16, overlap=1, overwrite=True
    )
    assert "overlap by 1 pixels, where the network looks 3" in report.notes[out]


def test_overlaps_that_are_too_large_are_measured():
    # 12 convolutions of 5x5 look 25 pixels far; their weights fade.
    import keras
    from keras import layers

    kernel = np.full((5, 5, 1, 1), 1e-3, "float32")
    kernel[2, 2] = 0.9
    x = inputs = keras.Input((None, None, 1))
    for _ in range(12):
        x = layers.Conv2D(1, 5, padding="same", use_bias=False)(x)
    network = keras.Model(inputs, x)
    network.set_weights([kernel] * 12)
    cutter = Cutter(network, 1, tile=64)
    photograph = noise(100, 100, 1)

    def run(tile):
        return to_uint8(call(network, to_float(tile)))

    tiling, note = cutter.tiling_for([photograph], run)
    assert cutter.field.overlap == 24
    assert 1 <= tiling.overlap <= 16
    assert f"overlap by {tiling.overlap} pixels, where the network" in note
    from keras_gans.photographs.tiling import bands

    made = np.concatenate([*bands([photograph], run, tiling)])
    assert near(made, run(photograph))
    # A photograph that fits in a tile needs no overlap.
    assert cutter.tiling_for([photograph[:60, :60]], run)[1] == ""


def dcgan():
    return keras_gans.DCGAN((16, 16, 3), latent_dim=4, width=2)


MISTAKES = {
    "a preset of another task": (
        lambda gan, at: gan.translate(at / "in", at / "out"),
        ValueError, "another task: `upscale`. Received: `translate`"),
    "masks for one that enlarges": (
        lambda gan, at: gan.inpaint(at / "in", at / "in", at / "out"),
        ValueError, "another task: `upscale`. Received: `inpaint`"),
    "a GAN of noise": (
        lambda gan, at: dcgan().upscale(at / "in", at / "out"),
        ValueError, "DCGAN takes latents .* nothing of photographs alone"),
    "nothing there": (
        lambda gan, at: gan.upscale(at / "no.png", at / "out"),
        FileNotFoundError, "no such file or folder.*no.png"),
    "no images": (
        lambda gan, at: gan.upscale(at / "empty", at / "out"),
        ValueError, "no images. Received: .*empty"),
    "the same folder": (
        lambda gan, at: gan.upscale(at / "in", at / "in"),
        ValueError, "not replaced by what is made of them"),
    "two of one name": (
        lambda gan, at: gan.upscale(at / "two", at / "out", format="png"),
        ValueError, "Two files would become .*a.png.*a.jpg and .*a.png"),
    "an unknown format": (
        lambda gan, at: gan.upscale(at / "in", at / "out", format="xyz"),
        ValueError, r"Files to write end in .png.*Received: x.xyz"),
    "an unknown ending": (
        lambda gan, at: gan.upscale(at / "in" / "a.png", at / "out.gif"),
        ValueError, "Files to write end in .*out.gif"),
    "a folder to a file": (
        lambda gan, at: gan.upscale(at / "in", at / "in" / "a.png"),
        ValueError, "Of a folder comes a folder"),
    "a tile of nothing": (
        lambda gan, at: gan.upscale(at / "in", at / "out", tile=0),
        ValueError, "`tile` must be at least 1"),
    "an array without a place": (
        lambda gan, at: gan.upscale(at / "in"),
        ValueError, "Where to write must be said"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes(doubling, tmp_path, name):
    save(tmp_path / "in" / "a.png", noise(6, 6))
    save(tmp_path / "two" / "a.png", noise(6, 6))
    save(tmp_path / "two" / "a.jpg", noise(6, 6))
    (tmp_path / "empty").mkdir()
    do, error, words = MISTAKES[name]
    with pytest.raises(error, match=words):
        do(doubling, tmp_path)
    assert not (tmp_path / "out").exists()


def black(height, width):
    return np.zeros((height, width, 1), "uint8")


BAD_MASKS = {
    "of another size": (black(9, 8), "of the size of its photograph, 8x10"),
    "not binary": (black(10, 8) + 100, "black .* white .* nothing between"),
}


@pytest.mark.parametrize("name", BAD_MASKS)
def test_bad_masks_are_named_and_the_others_are_done(fills, tmp_path, name):
    mask, words = BAD_MASKS[name]
    for photo in ("a", "b", "c"):
        save(tmp_path / "in" / f"{photo}.png", noise(10, 8))
        good = black(10, 8)
        save(
            tmp_path / "masks" / f"{photo}.png", mask if photo == "b" else good
        )
    with pytest.raises(PhotographsError, match=f"1 of 3 .*b.png: .*{words}"):
        fills.inpaint(tmp_path / "in", tmp_path / "masks", tmp_path / "out")
    written = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert written == ["a.png", "c.png"]
    (tmp_path / "masks" / "b.png").unlink()
    with pytest.raises(
        PhotographsError, match=r"no mask of it: .*b.png is mis"
    ):
        fills.inpaint(tmp_path / "in", tmp_path / "masks", tmp_path / "out")


def ten(tmp_path):
    for i in range(10):
        save(tmp_path / "in" / f"{i}.png", noise(6, 6, seed=i))


@pytest.mark.parametrize(
    "contents",
    [b"", b"not a picture", "truncated"],
    ids=["empty", "text", "cut"],
)
def test_a_corrupt_file_in_the_middle(doubling, tmp_path, contents):
    ten(tmp_path)
    path = tmp_path / "in" / "4.png"
    if contents == "truncated":
        contents = save(path, noise(60, 60)).read_bytes()[:2000]
    path.write_bytes(contents)
    with pytest.raises(PhotographsError) as caught:
        doubling.upscale(tmp_path / "in", tmp_path / "out")
    assert "1 of 10 photographs could not be made" in str(caught.value)
    assert "in/4.png" in str(caught.value)
    report = caught.value.report
    assert [*report.failed] == [path]
    assert len(report.written) == 9
    assert not (tmp_path / "out" / "4.png").exists()


def test_nothing_is_overwritten_unasked(doubling, tmp_path):
    ten(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "3.png").write_bytes(b"mine")
    report = doubling.upscale(tmp_path / "in", tmp_path / "out")
    assert report.skipped == [tmp_path / "out" / "3.png"]
    assert (tmp_path / "out" / "3.png").read_bytes() == b"mine"
    one = tmp_path / "in" / "3.png", tmp_path / "out" / "3.png"
    with pytest.raises(FileExistsError, match="not replaced unasked"):
        doubling.upscale(*one)
    doubling.upscale(*one, overwrite=True)
    assert read(one[1]).shape == (12, 12, 3)


def test_ctrl_c_half_way_and_a_second_run(doubling, tmp_path):
    ten(tmp_path)

    def press(done):
        if done > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        doubling.upscale(tmp_path / "in", tmp_path / "out", progress=press)
    done = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert done == [f"{i}.png" for i in range(5)]
    for name in done:
        assert read(tmp_path / "out" / name).shape == (12, 12, 3)
    report = doubling.upscale(tmp_path / "in", tmp_path / "out")
    assert len(report.skipped) == 5 and len(report.written) == 5


def test_a_full_disk(doubling, tmp_path, monkeypatch):
    ten(tmp_path)
    replace = os.replace

    def full(draft, path):
        if path.name == "7.png":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(draft))
        replace(draft, path)

    monkeypatch.setattr(os, "replace", full)
    words = "No space left on device: .*7.png could not be written.*7 files"
    with pytest.raises(OSError, match=words) as caught:
        doubling.upscale(tmp_path / "in", tmp_path / "out")
    assert caught.value.errno == errno.ENOSPC
    monkeypatch.undo()
    names = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert names == [f"{i}.png" for i in range(7)]  # and no drafts
    assert len(doubling.upscale(tmp_path / "in", tmp_path / "out").written) == 3


def test_an_image_that_the_network_cannot_take_is_named(convolving, tmp_path):
    np.save(tmp_path / "five.npy", noise(6, 6, 5))
    with pytest.raises(PhotographsError, match=r"five.npy: .*takes 3 channels"):
        convolving.translate(tmp_path / "five.npy", tmp_path / "out.npy")


def test_an_image_smaller_than_the_network(tmp_path):
    gan = keras_gans.Pix2Pix((32, 32, 3), width=4, receptive_field=16)
    save(tmp_path / "in.png", noise(3, 5))
    gan.translate(tmp_path / "in.png", tmp_path / "out.png")
    assert read(tmp_path / "out.png").shape == (3, 5, 3)


def test_a_target_within_the_source_is_not_read(doubling, tmp_path):
    ten(tmp_path)
    out = tmp_path / "in" / "large"
    assert len(doubling.upscale(tmp_path / "in", out).written) == 10
    report = doubling.upscale(tmp_path / "in", out)
    assert len(report.skipped) == 10 and not report.written


def test_more_pixels_than_pillow_allows(doubling, tmp_path, monkeypatch):
    save(tmp_path / "in.png", noise(6, 6))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    doubling.upscale(tmp_path / "in.png", tmp_path / "out.png")
    assert Image.MAX_IMAGE_PIXELS == 10
    monkeypatch.setattr("keras_gans.photographs.reading.MOST_PIXELS", 30)
    with pytest.raises(PhotographsError, match=r"30 pixels at most.*6x6"):
        doubling.upscale(tmp_path / "in.png", tmp_path / "b.png")
