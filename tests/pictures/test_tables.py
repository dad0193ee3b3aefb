import numpy as np
import pytest

from keras_gans.pictures import make_table


def cells(*shape):
    rng = np.random.default_rng(0)
    return rng.integers(1, 256, shape, dtype="uint8")


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_pictures_frames_and_names(channels):
    images = cells(2, 3, 20, 30, channels)
    framed = np.array([[0, 0, 1], [0, 0, 0]], bool)
    rows, columns = ["a name of a row", "b"], ["c", "", "long name"]
    table = make_table(images, rows, columns, framed)
    plain = make_table(images, rows, columns)
    assert table.shape == plain.shape and table.dtype == np.uint8
    grid = table[-3 - 2 * 23 :, -3 - 3 * 33 :]
    for i, row in enumerate(images):
        for j, image in enumerate(row):
            top, left = 3 + 23 * i, 3 + 33 * j
            found = grid[top : top + 20, left : left + 30]
            np.testing.assert_array_equal(found, image)
    frame = grid[: 23 + 3, 2 * 33 :, :3]
    inside = np.zeros(frame.shape[:2], bool)
    inside[3:-3, 3:-3] = True
    assert (frame[~inside] == 0).all() and (frame[inside] != 0).all()
    changed = (table != plain).any(-1)
    assert changed.sum() == (~inside).sum()  # the frame alone
    if channels == 4:
        assert (table[: -2 * 23, ..., 3] == 255).all()
    # The names: dark pixels above the first column, and none above the second.
    above = table[: -3 - 2 * 23, -3 * 33 :, 0] < 128
    assert above[:, :30].any() and not above[:, 34:60].any()
    beside = table[-2 * 23 :, : -3 - 3 * 33, 0] < 128
    assert beside[:20].any() and beside[23:].any()
    # The name of a row stands at its right end: "b" is the shorter one.
    assert np.argmax(beside[:20].any(0)) < np.argmax(beside[23:].any(0))


def test_small_pictures_are_enlarged_and_floats_are_taken():
    images = cells(1, 2, 16, 16, 1)
    floats = images / np.float32(127.5) - 1.0
    large = make_table(floats, ["a"], ["b", "c"], scale=None)
    np.testing.assert_array_equal(
        large[-3 - 64 : -3, -3 - 64 : -3],
        images[0, 1].repeat(4, 0).repeat(4, 1),
    )


@pytest.mark.parametrize("shape", [(4, 8, 8, 1), (3, 2, 8, 8, 1)])
def test_names_that_do_not_fit(shape):
    with pytest.raises(ValueError, match=r"Received: .*2 and 2 names"):
        make_table(cells(*shape), ["a", "b"], ["c", "d"])
