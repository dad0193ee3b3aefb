"""What a user does wrong with the tools."""

import numpy as np
import pytest
from PIL import Image

import keras_gans
from keras_gans import latents


@pytest.fixture(scope="module")
def gan():
    return keras_gans.StyleGAN2(
        (8, 8, 3), latent_dim=4, width=4, mapping_layers=1, seed=1
    )


@pytest.mark.parametrize("psi", [-0.5, 1.5])
def test_truncation_beyond_its_range_warns(gan, psi):
    for call in (
        lambda: gan.generate(2, truncation=psi),
        lambda: gan.walk(2, 2, truncation=psi),
        lambda: gan.walk(2, 2, truncation=psi, space="z"),
        lambda: gan.mix(1, 1, truncation=psi),
        lambda: gan.truncation_sweep(values=(psi,), num=1),
        lambda: gan.to_styles(num=1, truncation=psi),
    ):
        with pytest.warns(UserWarning, match=rf"\[0, 1\].*Received: {psi:g}"):
            made = call()
        assert np.isfinite(made).all()


@pytest.mark.parametrize("layers", [[4], [-1], [0, 9], []])
def test_layers_out_of_range(gan, layers):
    w = gan.to_styles(num=1, seed=0)
    for call in (
        lambda: gan.mix(1, 1, layers=layers),
        lambda: gan.sefa(2, layers=layers),
        lambda: gan.edit(w, np.eye(4)[0], layers=layers),
    ):
        with pytest.raises(ValueError, match=r"from 0 to 3\. Received: "):
            call()


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (
            np.zeros((1, 16, 16, 3)),
            r"`images`.*\(8, 8, 3\).*Received: \(16, 16, 3",
        ),
        (np.zeros((1, 8, 8, 1)), r"Received: \(8, 8, 1\)"),
        (np.zeros((8, 8, 3)), r"Received: shape \(8, 8, 3\)"),
        (np.full((1, 8, 8, 3), np.nan), "finite. Received: values from nan"),
        (np.full((1, 8, 8, 3), 200.0), "Received: .*200"),
    ],
)
def test_images_that_cannot_be_projected(gan, images, message):
    with pytest.raises(ValueError, match=message):
        gan.project(images, steps=1, distance="pixels", progress=False)


MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "I")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_photographs_of_any_size_and_mode(mode, channels, tmp_path):
    grey = np.full((30, 50), 255, "uint8")
    if mode.startswith("I"):
        wide = grey.astype("uint16" if mode == "I;16" else "int32") * 257
        photograph = Image.fromarray(wide)
    else:
        photograph = Image.fromarray(grey).convert(mode)
    suffix = ".tif" if mode in ("CMYK", "YCbCr", "I;16", "I") else ".png"
    photograph.save(tmp_path / f"photo{suffix}")

    class Made:
        image_shape = (8, 8, channels)

    (target,) = latents.read_targets(Made, [tmp_path / f"photo{suffix}"])
    assert target.shape == (8, 8, channels) and target.dtype == np.uint8
    assert target.min() >= 253


def test_what_is_transparent_is_white(gan, tmp_path):
    pixels = np.zeros((8, 8, 4), "uint8")
    pixels[:4, :, 3] = 255  # black above, and nothing below
    Image.fromarray(pixels).save(tmp_path / "half.png")
    (target,) = latents.read_targets(gan, [tmp_path / "half.png"])
    assert target[:4].max() == 0 and target[4:].min() == 255


def test_what_is_no_photograph(gan, tmp_path):
    (tmp_path / "no.png").write_bytes(b"no")
    with pytest.raises(ValueError, match=r"Received: .*no\.png"):
        latents.read_targets(gan, [tmp_path / "no.png"])
    with pytest.raises(FileNotFoundError, match=r"gone\.png"):
        latents.read_targets(gan, [tmp_path / "gone.png"])

    class Bands:
        image_shape = (8, 8, 2)

    with pytest.raises(ValueError, match=r"Received: .*\(8, 8, 2\)"):
        latents.read_targets(Bands, [tmp_path / "no.png"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda g, w: g.ganspace(5), "from 1 to 4. Received: num=5"),
        (lambda g, w: g.ganspace(0), "Received: num=0"),
        (lambda g, w: g.ganspace(3, samples=3), "from 1 to 2"),
        (lambda g, w: g.ganspace(1, samples=1), "Received: samples=1"),
        (lambda g, w: g.mix(0, 2), "Received: rows and columns=0"),
        (
            lambda g, w: g.edit(w, np.eye(4)[0], noise=np.zeros((2, 144))),
            r"\(5, 144\). Received: shape \(10, 144\)",
        ),
        (
            lambda g, w: latents.boundary(np.ones((4, 4)), [0, 1, 0, 1]),
            "finite and differ",
        ),
        (
            lambda g, w: latents.boundary(np.full((2, 4), np.nan), [0, 1]),
            "finite and differ",
        ),
        (lambda g, w: latents.read_targets(g, []), "Received: none"),
    ],
)
def test_numbers_of_directions_and_rows(gan, call, message):
    with pytest.raises(ValueError, match=message):
        call(gan, gan.to_styles(num=1, seed=0))


def test_numpys_numbers_are_numbers(gan):
    assert gan.mix(np.int64(1), np.int64(2)).shape == (2, 3, 8, 8, 3)
