import keras
import numpy as np
import pytest
from contract import rows_for, tiny
from own_variants.pairs import Pairs
from own_variants.sound import Sound
from own_variants.tree import Tree
from own_variants.unpaired import UnpairedImages
from PIL import Image

from keras_gans import DCGAN, ConditionalGAN, data
from keras_gans.callbacks import SampleGrid, make_grid, save_grid
from keras_gans.modalities.image import to_uint8


def fast(make_gan):
    """A GAN whose pictures differ: Pillow joins frames that are equal."""
    return make_gan(generator_optimizer=keras.optimizers.Adam(0.03))


@pytest.mark.parametrize(
    ("kind", "ending"), [("gif", "gif"), ("apng", "png"), ("webp", "webp")]
)
def test_a_picture_an_epoch_and_an_animation(
    fit, make_gan, images, tmp_path, kind, ending
):
    callback = SampleGrid(tmp_path, (2, 3), every=2, animation=kind, scale=2)
    fit(fast(make_gan), images, 5, callback)
    names = sorted(path.name for path in tmp_path.iterdir())
    numbered = [f"epoch_0000{n}.png" for n in (2, 4, 5)]
    assert names == [f"animation.{ending}", *numbered]
    for name in names:
        with Image.open(tmp_path / name) as picture:
            assert picture.size == (3 * 34 + 2, 2 * 34 + 2)
    with Image.open(tmp_path / f"animation.{ending}") as animation:
        assert animation.n_frames == 3


def test_samples_are_the_gans_own_for_that_seed(
    fit, make_gan, images, tmp_path
):
    gan = make_gan()
    callback = SampleGrid(tmp_path, 4, seed=7, animation=None, scale=1)
    fit(gan, images, 1, callback)
    with Image.open(tmp_path / "epoch_00001.png") as picture:
        drawn = np.asarray(picture)[..., None]
    np.testing.assert_array_equal(drawn, make_grid(gan.generate(4, seed=7)))


def test_a_resumed_run_draws_the_same_latents_and_all_frames(
    fit, make_gan, images, tmp_path
):
    fit(fast(make_gan), images, 3, SampleGrid(tmp_path / "whole", 4))
    gan = fast(make_gan)
    fit(gan, images, 2, SampleGrid(tmp_path / "parts", 4))
    fit(gan, images, 3, SampleGrid(tmp_path / "parts", 4), initial_epoch=2)
    for epoch in (1, 2, 3):
        name = f"epoch_0000{epoch}.png"
        whole = (tmp_path / "whole" / name).read_bytes()
        assert (tmp_path / "parts" / name).read_bytes() == whole
    with Image.open(tmp_path / "parts" / "animation.gif") as animation:
        assert animation.n_frames == 3


def test_pictures_of_another_run_stay_out_of_the_animation(
    fit, make_gan, images, tmp_path
):
    save_grid(tmp_path / "epoch_00009.png", images)  # later
    save_grid(tmp_path / "epoch_00000.png", images)  # of another size
    fit(fast(make_gan), images, 2, SampleGrid(tmp_path, 4))
    with Image.open(tmp_path / "animation.gif") as animation:
        assert animation.n_frames == 2


def test_drawing_does_not_disturb_training(
    fit, keep_state, make_gan, images, tmp_path
):
    gan = make_gan()
    before = keep_state(gan)
    after = keep_state(gan)
    fit(gan, images, 1, before, SampleGrid(tmp_path, 4), after)
    assert (tmp_path / "epoch_00001.png").exists()
    for one, other in zip(before.state, after.state, strict=True):
        np.testing.assert_array_equal(one, other)


def read(path):
    with Image.open(path) as picture:
        return np.asarray(picture)


def sheet(gan, tmp_path, *data, num=2, **arguments):
    """The picture after an epoch, at scale 1 with two samples in a column."""
    grid = SampleGrid(tmp_path, (num, 1), animation=None, scale=1, **arguments)
    gan.compile()
    validation = data[1] if len(data) > 1 else None
    gan.fit(
        data[0],
        batch_size=4,
        verbose=0,
        callbacks=grid,
        validation_data=validation,
    )
    return read(tmp_path / "epoch_00001.png")


def noise(num, seed=0, shape=(16, 16, 1)):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (num, *shape), dtype="uint8")


def test_pairs_show_input_made_and_real(tmp_path):
    rows = {"inputs": noise(4), "images": noise(4, 1)}
    gan = Pairs(seed=1)
    pixels = sheet(gan, tmp_path, rows)
    made = to_uint8(gan.generate(inputs=rows["inputs"][:2]))
    assert pixels.shape == (2 * 18 + 2, 3 * 16 + 4)
    for i, top in enumerate((2, 20)):
        cell = pixels[top : top + 16, 2:50]
        np.testing.assert_array_equal(cell[:, :16], rows["inputs"][i, ..., 0])
        assert np.abs(cell[:, 16:32] - made[i, ..., 0].astype(int)).max() <= 1
        np.testing.assert_array_equal(cell[:, 32:], rows["images"][i, ..., 0])


def test_held_out_rows_are_shown_where_there_are_any(tmp_path):
    rows = {"inputs": noise(4), "images": noise(4, 1)}
    held_out = {"inputs": noise(1, 2), "images": noise(1, 3)}
    pixels = sheet(Pairs(seed=1), tmp_path, rows, held_out)
    for top in (2, 20):  # the only row, twice
        np.testing.assert_array_equal(
            pixels[top : top + 16, 2:18], held_out["inputs"][0, ..., 0]
        )


def test_unpaired_images_have_nothing_to_be_compared_with(tmp_path):
    source = data.unpaired(noise(4), noise(5, 1))
    pixels = sheet(UnpairedImages(seed=1), tmp_path, source)
    assert pixels.shape == (2 * 18 + 2, 2 * 16 + 4)
    np.testing.assert_array_equal(pixels[2:18, 2:18], noise(4)[0, ..., 0])


def test_both_directions_of_a_translation_are_shown(tmp_path):
    gan = tiny("CycleGAN", ema_decay=0.5)
    rows = {"images_a": noise(4), "images_b": noise(5, 1)}
    pixels = sheet(gan, tmp_path, data.unpaired(*rows.values()))
    assert pixels.shape == (2 * 18 + 2, 4 * 16 + 4)
    for i in range(2):
        cells = np.split(pixels[2 + 18 * i : 18 + 18 * i, 2:66], 4, 1)
        for j, (name, values) in enumerate(rows.items()):
            one = values[i : i + 1]
            made = to_uint8(gan.generate(**{name: one}))[0, ..., 0].astype(int)
            np.testing.assert_array_equal(cells[2 * j], one[0, ..., 0])
            assert np.abs(cells[2 * j + 1] - made).max() <= 1


def test_several_outputs_are_side_by_side(tmp_path):
    gan = Tree(seed=1)
    pixels = sheet(gan, tmp_path, {"images": noise(4), "maps": noise(4, 1)})
    made = gan.generate(2, seed=0)
    both = np.concatenate([made["images"], made["maps"]], 2)
    cell = pixels[2:18, 2:34]
    assert np.abs(cell - to_uint8(both)[0, ..., 0].astype(int)).max() <= 1


def test_sounds_are_drawn_with_their_classes(tmp_path):
    sounds = np.random.default_rng(0).uniform(-1, 1, (6, 64, 1))
    gan = Sound(seed=1, class_names=["drum", "flute", "horn"])
    rows = {"audio": sounds.astype("float32"), "labels": np.arange(6) % 3}
    pixels = sheet(gan, tmp_path, rows, num=3)
    kind = gan.makes["audio"]
    made = kind.pictures(
        gan.generate(3, seed=0, labels=["drum", "flute", "horn"])
    )
    width = made.shape[2]
    assert pixels.shape[1] > width + 4  # the names
    for i in range(3):
        top = 2 + i * 66
        np.testing.assert_array_equal(
            pixels[top : top + 64, -width - 2 : -2], made[i, ..., 0]
        )
        name = pixels[top : top + 64, : -width - 4]
        assert (name < 128).any() and (name == 255).any()


@pytest.mark.parametrize("labels", [None, [2, 0, 1, 2, 1, 0, 0]])
def test_a_row_for_each_class(tmp_path, images, labels):
    gan = ConditionalGAN((16, 16, 1), 3, latent_dim=4, units=24, seed=1)
    gan.compile()
    grid = SampleGrid(tmp_path, np.int64(7), labels=labels, scale=1)
    labelled = np.arange(16) % 3
    gan.fit(images, labelled, batch_size=16, verbose=0, callbacks=grid)
    pixels = read(tmp_path / "epoch_00001.png")
    made = to_uint8(gan.generate(7, seed=0, labels=labels))[..., 0]
    labels = np.arange(7) % 3 if labels is None else np.array(labels)
    pixels = pixels[:, -3 * 18 - 2 :]
    for label in range(3):
        row = pixels[2 + 18 * label :][:16]
        for column in range(3):
            cell = row[:, 2 + 18 * column :][:, :16]
            rows = made[labels == label]
            expected = rows[column] if column < len(rows) else 255
            assert np.abs(cell - np.array(expected, int)).max() <= 1


def test_rows_that_are_asked_for_are_classes(tmp_path, images):
    gan = ConditionalGAN((16, 16, 1), 3, latent_dim=4, units=24, seed=1)
    gan.compile()
    grid = SampleGrid(tmp_path, (4, 2), scale=1)
    gan.fit(images, np.arange(16) % 3, batch_size=16, verbose=0, callbacks=grid)
    made = gan.generate(8, seed=0, labels=[0, 0, 1, 1, 2, 2, 0, 0])
    expected = make_grid(made, columns=2)[..., 0].astype(int)
    pixels = read(tmp_path / "epoch_00001.png")[:, -expected.shape[1] :]
    assert np.abs(pixels - expected).max() <= 1


@pytest.mark.parametrize("depth", [2, 5])
def test_other_numbers_of_channels(tmp_path, depth):
    images = noise(8, shape=(16, 16, depth))
    gan = DCGAN((16, 16, depth), latent_dim=4, width=2, seed=1)
    gan.compile()
    with pytest.raises(ValueError, match=f"16x16x{depth}, channels=None"):
        gan.fit(
            images,
            batch_size=8,
            verbose=0,
            callbacks=SampleGrid(tmp_path / "none"),
        )
    assert int(gan.steps.numpy()) == 0
    assert not (tmp_path / "none").exists()
    pixels = sheet(gan, tmp_path, images, channels=np.array([1]))
    made = to_uint8(gan.generate(2, seed=0))[..., 1]
    assert np.abs(pixels[2:18, 2:18] - made[0].astype(int)).max() <= 1


def test_a_folder_that_cannot_be_written_to(make_gan, images, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    gan = make_gan()
    with pytest.raises(OSError, match=r"Received: .*file/samples"):
        gan.fit(
            images,
            batch_size=8,
            callbacks=SampleGrid(tmp_path / "file" / "samples"),
        )
    assert int(gan.steps.numpy()) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"animation": "avi"}, "Received: 'avi'"),
        ({"every": 0}, "Received: every=0"),
        ({"num_images": (0, 4)}, "Received: num_images=0"),
        ({"num_images": 2.5}, r"Received: num_images=2\.5"),
        ({"num_images": 4, "labels": [1, 2]}, "Received: 2 labels for 4"),
    ],
)
def test_bad_arguments(tmp_path, arguments, message):
    with pytest.raises(ValueError, match=message):
        SampleGrid(tmp_path, **arguments)


def test_labels_are_looked_at_before_training(make_gan, images, tmp_path):
    grid = SampleGrid(tmp_path, num_images=4, labels=[0, 1, 2, 3])
    gan = make_gan()
    with pytest.raises(ValueError, match=r"DCGAN takes latents.*labels"):
        gan.fit(images, batch_size=8, callbacks=[grid], verbose=0)
    assert int(gan.steps.numpy()) == 0


def test_sentences_are_rows_of_the_same_latents(tmp_path):
    gan = tiny("Worded", run_eagerly=True)
    rows = rows_for(gan, 16)

    def sheet(name, **arguments):
        callback = SampleGrid(
            tmp_path / name, animation=None, scale=1, **arguments
        )
        gan.fit(rows, batch_size=16, verbose=0, callbacks=[callback])
        with Image.open(tmp_path / name / "epoch_00001.png") as picture:
            return callback, np.asarray(picture)

    callback, picture = sheet("own", num_images=6, prompts=["red hair", "eyes"])
    made = gan.generate(["red hair", "eyes"], num_images=3, seed=0)
    wanted = make_grid(to_uint8(made), 3)[..., 0]
    np.testing.assert_array_equal(picture[:, -wanted.shape[1] :], wanted)
    assert picture.shape[1] > wanted.shape[1]  # the sentences
    callback, _ = sheet("one", num_images=3, prompts="red hair")
    ids = callback._inputs["prompts"]
    one = gan.takes["prompts"].check("red hair")
    np.testing.assert_array_equal(ids, np.repeat(one, 3, axis=0))
    callback, _ = sheet("examples", num_images=9)
    ids = callback._inputs["prompts"]
    examples = gan.takes["prompts"].check(gan.takes["prompts"].examples)
    np.testing.assert_array_equal(ids, np.repeat(examples, 3, axis=0))


def test_sentences_for_a_gan_without_words(fit, make_gan, images, tmp_path):
    with pytest.raises(ValueError, match="DCGAN takes no words"):
        fit(make_gan(), images, 1, SampleGrid(tmp_path, 4, prompts=["red"]))
