import numpy as np
import pytest
from PIL import Image

from keras_gans.pictures import make_grid, save_grid


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
