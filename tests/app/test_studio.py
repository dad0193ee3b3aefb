"""What the app does, without a browser and without Gradio."""

import keras
import numpy as np
import pytest
from exporting.users_variants import Variant, sounds
from serving.served import NAMES, conditional, copying

import keras_gans
from keras_gans.app import photographs
from keras_gans.app.card import card_of, plain
from keras_gans.app.pictures import fitted, shown
from keras_gans.app.studio import ALL, Studio
from keras_gans.modalities import Image, Mask
from keras_gans.modalities.image import to_uint8


@pytest.fixture(scope="module")
def gan():
    return conditional()


@pytest.fixture(scope="module")
def studio(gan):
    return Studio(gan)


@pytest.fixture(scope="module")
def styles():
    return Studio(
        keras_gans.StyleGAN2(
            (16, 16, 3), latent_dim=8, style_dim=8, width=4, mapping_layers=2
        )
    )


def cells(picture, columns, rows, size, scale, padding=2):
    """Cuts a grid into its images, and shrinks their pixels."""
    step = size * scale + padding
    cut = [
        picture[y : y + size * scale : scale, x : x + size * scale : scale]
        for y in range(padding, padding + rows * step, step)
        for x in range(padding, padding + columns * step, step)
    ]
    return np.stack(cut)


def test_a_grid_is_what_generate_makes(studio, gan):
    assert studio.classes == NAMES and studio.draws and studio.walks
    made = studio.grid(3, 4, "Bag")
    wanted = to_uint8(gan.generate(4, seed=3, labels="Bag"))[..., 0]
    np.testing.assert_array_equal(cells(made, 2, 2, 8, 32), wanted)
    made = studio.grid(3, 4, ALL, 0.5)
    wanted = to_uint8(gan.generate(4, seed=3, truncation=0.5))[..., 0]
    np.testing.assert_array_equal(cells(made, 2, 2, 8, 32), wanted)
    one = shown(gan.generate(1, seed=3))
    assert one.shape == (512, 512)


def test_interpolation_begins_and_ends_at_the_seeds(studio, gan):
    made = cells(studio.between(3, 4, 4, "Coat"), 4, 1, 8, 16)
    for i, seed in ((0, 3), (3, 4)):
        wanted = to_uint8(gan.generate(1, seed=seed, labels="Coat"))[0, ..., 0]
        # On a great circle the ends are the latents themselves, rounded.
        assert np.abs(made[i].astype(int) - wanted).max() <= 1
    assert np.abs(made[1].astype(int) - made[0]).max() > 1


def test_a_walk_is_a_video(studio):
    pytest.importorskip("imageio_ffmpeg")
    from imageio_ffmpeg import count_frames_and_secs

    path = studio.walk(3, 2, 1)
    assert path.endswith("walk_of_seed_3.mp4")
    frames, seconds = count_frames_and_secs(path)
    assert frames == 24 and seconds == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda s: s.grid(None), "whole number. Received: None"),
        (lambda s: s.grid(1.5), "whole number. Received: 1.5"),
        (lambda s: s.grid(-1), "from 0 to 2147483647"),
        (lambda s: s.grid(2**31), "from 0 to 2147483647"),
        (lambda s: s.grid(0, 4, "Bagg"), "nearest"),
        (lambda s: s.grid(0, 4, None, float("nan")), "finite number"),
        (lambda s: s.grid(0, 4, None, 0.001), "at least 0.01"),
        (lambda s: s.walk(2**31 - 1), "from 0 to 2147483647"),
        (lambda s: photographs.project(s, None), "Choose a picture"),
    ],
)
def test_what_is_refused(studio, call, message):
    with pytest.raises(ValueError, match=message):
        call(studio)
    assert studio.grid(0, 10_000).shape == studio.grid(0, 64).shape


def test_styles_are_truncated_and_found(styles):
    assert styles.styles and styles.truncates and styles.walks
    same = styles.grid(0, 4, None, 0.0)
    first, *others = cells(same, 2, 2, 16, 16)
    for other in others:
        np.testing.assert_allclose(other, first, atol=1)
    photo = np.random.default_rng(0).integers(0, 256, (20, 30, 3), "uint8")
    steps = []
    pair, file = photographs.project(
        styles, photo, 2, progress=lambda step, _: steps.append(step)
    )
    assert steps == [1, 2] and pair.shape == (260, 518, 3)
    with np.load(file, allow_pickle=False) as found:
        assert found["styles"].shape[0] == 1 and found["noise"].shape[0] == 1


def test_photographs(monkeypatch):
    studio = Studio(copying())
    assert not studio.draws and studio.task.name == "translate"
    photo = np.random.default_rng(0).integers(0, 256, (6, 10, 3), "uint8")
    made = photographs.photograph(studio, photo, fit=True)
    np.testing.assert_array_equal(made[::64, ::64], photo[:, 1:-1])
    made = photographs.photograph(studio, photo)
    np.testing.assert_array_equal(made[::51, ::51], photo)
    monkeypatch.setattr(photographs, "MOST_PIXELS_WHOLE", 59)
    with pytest.raises(ValueError, match=r"59 pixels here. Received: 10x6"):
        photographs.photograph(studio, photo)
    with pytest.raises(ValueError, match="Choose a picture"):
        photographs.photograph(studio, None)


def filling():
    """A GAN that turns the colours of what is masked."""
    pixels, masks = keras.Input((16, 16, 3)), keras.Input((16, 16, 1))
    whole = keras.layers.Subtract()([pixels, pixels])
    turned = keras.layers.Subtract()([whole, pixels])
    kept = keras.layers.Multiply()([turned, masks])
    takes = {"images": Image(16, 16, 3), "masks": Mask(16, 16)}
    makes = {"completed": Image(16, 16, 3)}
    return Variant(keras.Model([pixels, masks], kept), takes, makes)


def test_holes_are_filled_in_where_it_is_painted():
    studio = Studio(filling())
    photo = np.random.default_rng(0).integers(0, 256, (32, 32, 3), "uint8")
    mask = np.zeros((32, 32), bool)
    mask[8:16, 4:24] = True
    wanted = np.where(mask[..., None], 255 - photo, photo)
    made = photographs.photograph(studio, photo, mask=mask)[::16, ::16]
    np.testing.assert_array_equal(made, wanted)
    with pytest.raises(ValueError, match="Paint over"):
        photographs.photograph(studio, photo, mask=np.zeros((32, 32)))
    made = photographs.photograph(studio, photo, mask=mask, fit=True)
    small = fitted(photo, (16, 16, 3))
    wanted = np.where(mask[::2, ::2, None], 255 - small, small)
    np.testing.assert_array_equal(made[::32, ::32], wanted)


def test_a_gan_of_sounds_has_no_app():
    with pytest.raises(ValueError, match="must make images"):
        Studio(sounds())


def test_cards_ask_nobody_for_anything(gan, tmp_path):
    card = (
        "# name\n\n![a](https://a.example/a.png) **bold**\n"
        "[![b](http://b.example)](https://b.example/) ![c][c]\n"
        '<img src="https://c.example"> <script>x</script>\n<!-- d -->end'
    )
    (tmp_path / "README.md").write_text(card)
    text = card_of(str(tmp_path), gan)
    assert text.startswith("**bold**") and text.endswith("end")
    assert "![" not in text and "<" not in text and "a.example" not in text
    assert "takes latents" in card_of("nowhere", gan)
    assert "fid[" in card_of("acgan_mnist", gan)
    assert "![" not in plain("x ![a ![b](c)](d) y")
