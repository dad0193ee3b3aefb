"""All that goes with photographs is kept."""

import io

import numpy as np
import pytest
from networks import noise
from PIL import Image, ImageCms, PngImagePlugin

from keras_gans.photographs.reading import read_photograph
from keras_gans.photographs.writing import write_photograph

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">five stars</x:xmpmeta>'


def exif(orientation=1):
    data = Image.Exif()
    data[0x010F] = "Maker of cameras"
    data[0x0112] = orientation
    inner = data.get_ifd(0x8769)
    inner[0x829A] = 0.005  # exposure
    inner[0xA002], inner[0xA003] = 9, 7
    data.get_ifd(0x8825)[1] = "N"
    return data


def again(path, photograph=None, suffix=None):
    """Reads a file and writes it again, unchanged."""
    photograph = photograph or read_photograph(path)
    parts = [p for p in (photograph.pixels, photograph.alpha) if p is not None]
    pixels = np.concatenate(parts, -1)
    out = path.with_name("out" + (suffix or path.suffix))
    bands = (pixels[i : i + 3] for i in range(0, len(pixels), 3))
    write_photograph(out, bands, pixels.shape, pixels.dtype, photograph.kept)
    return out, pixels


def save(path, pixels, **options):
    pixels = pixels[..., 0] if pixels.shape[-1] == 1 else pixels
    Image.fromarray(pixels).save(path, **options)


@pytest.mark.parametrize("suffix", [".png", ".tif", ".webp", ".bmp"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_8_bits(tmp_path, suffix, channels):
    if suffix == ".bmp" and channels in (2, 4):
        pytest.skip("BMP files have no alpha here")
    pixels = noise(7, 9, channels)
    path = tmp_path / f"in{suffix}"
    if suffix == ".webp":
        pixels = pixels if channels != 2 else noise(7, 9, 4)
        pixels = pixels if channels != 1 else noise(7, 9, 3)
        save(path, pixels, lossless=True, exact=True)
    else:
        save(path, pixels)
    out, read = again(path)
    np.testing.assert_array_equal(read, pixels)
    if suffix == ".webp":  # It is written at quality 95.
        assert Image.open(out).size == (9, 7)
        return
    with Image.open(out) as image:
        written = np.asarray(image)
    np.testing.assert_array_equal(written.reshape(pixels.shape), pixels)


def wide_png(path, pixels):
    """A 16-bit PNG file by TensorFlow, whose decoder is an oracle too."""
    tf = pytest.importorskip("tensorflow")
    path.write_bytes(tf.io.encode_png(pixels).numpy())


def decoded(path):
    tf = pytest.importorskip("tensorflow")
    return tf.io.decode_png(path.read_bytes(), dtype="uint16").numpy()


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_16_bits_of_png(tmp_path, channels):
    pixels = noise(40, 33, channels, "uint16")
    wide_png(tmp_path / "in.png", pixels)
    out, read = again(tmp_path / "in.png")
    assert read.dtype == np.uint16
    np.testing.assert_array_equal(read, pixels)
    np.testing.assert_array_equal(decoded(out), pixels)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_16_bits_of_tiff(tmp_path, channels):
    pixels = noise(40, 33, channels, "uint16")
    wide_png(tmp_path / "in.png", pixels)
    out, _ = again(tmp_path / "in.png", suffix=".tif")
    out.rename(tmp_path / "first.tif")
    # Its tags by Pillow, its values by the bytes at the end of the file.
    data = (tmp_path / "first.tif").read_bytes()[-pixels.nbytes :]
    np.testing.assert_array_equal(
        np.frombuffer(data, "<u2").reshape(pixels.shape), pixels
    )
    out, read = again(tmp_path / "first.tif")
    np.testing.assert_array_equal(read, pixels)
    with Image.open(out) as image:
        assert image.tag_v2[258] == (16,) * channels
        assert image.size == (33, 40)


def big_endian_tiff(pixels, compression):
    """A 16-bit RGB TIFF file as cameras' software writes it, by hand."""
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    data = pixels.astype(">u2").tobytes()
    if compression == 8:
        import zlib

        data = zlib.compress(data)
    tags = ImageFileDirectory_v2(b"MM\0\x2a\0\0\0\0")
    height, width, channels = pixels.shape
    tags[256], tags[257], tags[258] = width, height, (16,) * channels
    tags[259], tags[262], tags[277] = compression, 2, channels
    tags.tagtype[273] = tags.tagtype[279] = 4
    tags[278], tags[273], tags[279] = height, 0, len(data)
    file = io.BytesIO()
    tags.save(file)
    return file.getvalue() + data


@pytest.mark.parametrize("compression", [1, 8], ids=["raw", "deflate"])
def test_16_bits_of_other_peoples_tiff(tmp_path, compression):
    pixels = noise(5, 6, 3, "uint16")
    path = tmp_path / "in.tif"
    path.write_bytes(big_endian_tiff(pixels, compression))
    np.testing.assert_array_equal(read_photograph(path).pixels, pixels)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
def test_exif_profile_and_xmp_are_kept(tmp_path, suffix):
    path = tmp_path / f"in{suffix}"
    options = {"exif": exif(), "icc_profile": PROFILE}
    if suffix == ".png":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", XMP)
    elif suffix == ".tif":
        # Pillow writes these to a TIFF file only where they are entries.
        for tag in (0x8769, 0x8825):
            options["exif"][tag] = dict(options["exif"].get_ifd(tag))
        options["exif"][700] = XMP
    else:
        options["xmp"] = XMP
    save(path, noise(7, 9), **options)
    photograph = read_photograph(path)
    # As if it had been enlarged.
    photograph.pixels = noise(14, 18)
    out, _ = again(path, photograph)
    with Image.open(out) as image:
        assert image.info["icc_profile"] == PROFILE
        found = image.getexif()
        assert found[0x010F] == "Maker of cameras"
        inner = found.get_ifd(0x8769)
        assert float(inner[0x829A]) == pytest.approx(0.005)
        assert (inner[0xA002], inner[0xA003]) == (18, 14)
        assert found.get_ifd(0x8825)[1] == "N"
        xmp = image.info.get("xmp")
        assert (xmp.encode() if isinstance(xmp, str) else xmp) == XMP


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photographs_are_turned_upright(tmp_path, orientation):
    from PIL import ImageOps

    path = tmp_path / "in.png"
    save(path, noise(7, 9), exif=exif(orientation))
    photograph = read_photograph(path)
    with Image.open(path) as image:
        expected = np.asarray(ImageOps.exif_transpose(image))
    np.testing.assert_array_equal(photograph.pixels, expected)
    out, _ = again(path)
    with Image.open(out) as image:
        assert image.getexif().get(0x0112, 1) == 1
        np.testing.assert_array_equal(np.asarray(image), expected)


def test_a_pngs_text_and_resolution_are_kept(tmp_path):
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Ann")
    text.add_text("Comment", "packed " * 50, zip=True)
    text.add_itxt("Title", "Zürich ☀", "de", "Titel")
    path = tmp_path / "in.png"
    save(path, noise(7, 9), pnginfo=text, dpi=(300, 300))
    out, _ = again(path)
    with Image.open(out) as image:
        assert image.text["Author"] == "Ann"
        assert image.text["Comment"] == "packed " * 50
        assert image.text["Title"] == "Zürich ☀"
        assert image.text["Title"].lang == "de"
        assert image.text["Software"] == "keras_gans"
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.01)


def test_what_a_png_says_of_its_colours_is_kept(tmp_path):
    from PIL.PngImagePlugin import putchunk

    plain = io.BytesIO()
    save(plain, noise(7, 9), format="PNG")
    data, more = plain.getvalue(), io.BytesIO()
    putchunk(more, b"gAMA", (45455).to_bytes(4, "big"))
    putchunk(more, b"sRGB", b"\1")
    path = tmp_path / "in.png"
    path.write_bytes(data[:33] + more.getvalue() + data[33:])
    out, _ = again(path)
    with Image.open(out) as image:
        assert image.info["gamma"] == pytest.approx(0.45455)
        assert image.info["srgb"] == 1


def test_palettes_and_animations_become_colours(tmp_path):
    colours = Image.fromarray(noise(7, 9)).quantize(8)
    path = tmp_path / "in.gif"
    colours.save(path, transparency=0)
    photograph = read_photograph(path)
    expected = np.asarray(Image.open(path).convert("RGBA"))
    np.testing.assert_array_equal(photograph.pixels, expected[..., :3])
    np.testing.assert_array_equal(photograph.alpha, expected[..., 3:])


def test_cmyk_becomes_rgb_without_its_profile(tmp_path):
    path = tmp_path / "in.jpg"
    Image.fromarray(noise(7, 9)).convert("CMYK").save(path, icc_profile=PROFILE)
    photograph = read_photograph(path)
    assert photograph.pixels.shape == (7, 9, 3)
    assert photograph.kept.profile is None


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_arrays_have_any_number_of_channels(tmp_path, dtype):
    pixels = noise(7, 9, 6, "uint16").astype(dtype)
    if dtype == "float32":
        pixels = pixels / 65535
    np.save(tmp_path / "in.npy", pixels)
    out, _ = again(tmp_path / "in.npy")
    np.testing.assert_array_equal(np.load(out), pixels)


def test_values_without_a_range_are_refused(tmp_path):
    np.save(tmp_path / "a.npy", np.full((4, 4, 1), 3.0))
    with pytest.raises(ValueError, match=r"float in \[-1, 1\]. Received"):
        read_photograph(tmp_path / "a.npy")
    Image.fromarray(np.zeros((4, 4), "float32")).save(tmp_path / "a.tif")
    with pytest.raises(ValueError, match="no stated range"):
        read_photograph(tmp_path / "a.tif")


@pytest.mark.parametrize(
    ("suffix", "channels", "words"),
    [
        (".jpg", 4, "hold no transparency"),
        (".bmp", 2, "hold no transparency"),
        (".png", 5, "1 to 4 channels"),
    ],
)
def test_what_a_format_cannot_hold(tmp_path, suffix, channels, words):
    pixels = noise(4, 4, channels)
    out = tmp_path / f"out{suffix}"
    with pytest.raises(ValueError, match=words):
        write_photograph(
            out, iter([pixels]), pixels.shape, "uint8", read_kept()
        )
    assert not out.exists()


def read_kept():
    from keras_gans.photographs.reading import Kept

    return Kept()


def test_16_bits_become_8_where_a_format_has_no_more(tmp_path):
    pixels = np.arange(12, dtype="uint16").reshape(2, 2, 3) * 257 + 100
    out = tmp_path / "out.bmp"
    write_photograph(out, iter([pixels]), pixels.shape, "uint16", read_kept())
    written = np.asarray(Image.open(out))
    np.testing.assert_array_equal(written.ravel(), np.arange(12))
