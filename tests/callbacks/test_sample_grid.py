import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans.callbacks import SampleGrid, make_grid, save_grid


def fast(make_gan):
    """A GAN whose pictures differ: Pillow joins frames that are equal."""
    return make_gan(generator_optimizer=keras.optimizers.Adam(0.03))


def test_grid_by_hand():
    images = np.arange(3, dtype="uint8").reshape(3, 1, 1, 1)
    grid = make_grid(images, columns=2, padding=1, scale=1, background=9)
    assert grid[..., 0].tolist() == [
        [9, 9, 9, 9, 9],
        [9, 0, 9, 1, 9],
        [9, 9, 9, 9, 9],
        [9, 2, 9, 9, 9],
        [9, 9, 9, 9, 9],
    ]
    scaled = make_grid(images[:1], padding=0, scale=3)
    assert scaled.shape == (3, 3, 1)


def test_grid_is_square_and_takes_floats():
    grid = make_grid(np.zeros((10, 4, 6, 3), "float32"), padding=0)
    assert grid.shape == (12, 24, 3)
    assert grid[0, 0].tolist() == [128, 128, 128]


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_saved_grid_can_be_read(tmp_path, channels):
    images = np.random.default_rng(0).integers(0, 256, (4, 5, 5, channels))
    save_grid(tmp_path / "new" / "grid.png", images.astype("uint8"))
    with Image.open(tmp_path / "new" / "grid.png") as picture:
        read = np.asarray(picture).reshape(*picture.size[::-1], channels)
    np.testing.assert_array_equal(read, make_grid(images.astype("uint8")))


def test_bad_grids(tmp_path):
    with pytest.raises(ValueError, match=r"Received: shape \(4, 4, 1\)"):
        make_grid(np.zeros((4, 4, 1)))
    with pytest.raises(ValueError, match="Received: 2 channels"):
        save_grid(tmp_path / "grid.png", np.zeros((4, 4, 4, 2)))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("kind", "ending"), [("gif", "gif"), ("apng", "png")])
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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"animation": "mp4"}, "Received: 'mp4'"),
        ({"every": 0}, "Received: every=0"),
        ({"num_images": (0, 4)}, "Received: .*num_images="),
        ({"num_images": 4, "labels": [1, 2]}, "Received: 2 labels for 4"),
    ],
)
def test_bad_arguments(tmp_path, arguments, message):
    with pytest.raises(ValueError, match=message):
        SampleGrid(tmp_path, **arguments)


def test_labels_are_looked_at_before_training(make_gan, images, tmp_path):
    grid = SampleGrid(tmp_path, num_images=4, labels=[0, 1, 2, 3])
    gan = make_gan()
    with pytest.raises(ValueError, match=r"DCGAN cannot be told.*labels"):
        gan.fit(images, batch_size=8, callbacks=[grid], verbose=0)
    assert int(gan.steps.numpy()) == 0
