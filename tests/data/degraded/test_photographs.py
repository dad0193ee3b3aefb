import numpy as np
import pytest
from pictures import scene
from PIL import Image

from keras_gans import data
from keras_gans.data.degraded.resizing import resize
from keras_gans.engine.training.feed import Batches


@pytest.fixture
def folder(tmp_path):
    """Five photographs of several sizes."""
    folder = tmp_path / "scenes"
    folder.mkdir()
    for i in range(5):
        Image.fromarray(scene(48 + i, 60 - i, i)).save(folder / f"{i}.png")
    return folder


def test_rows_are_middles_and_their_small_copies(folder):
    source = data.degraded(folder, (24, 32), scale=4)
    assert len(source) == 5
    rows = source.rows(np.array([3, 0]))
    photograph = np.asarray(Image.open(folder / "3.png"))  # 51x57
    np.testing.assert_array_equal(rows["images"][0], photograph[13:37, 12:44])
    for large, small in zip(rows["images"], rows["inputs"], strict=True):
        np.testing.assert_array_equal(small, resize(large, (6, 8)))
    assert set(source.rows(np.array([0]), ["images"])) == {"images"}


@pytest.mark.parametrize("degradation", ["bicubic", "second_order"])
def test_a_row_follows_from_the_seed_the_pass_and_its_number(
    degradation, folder
):
    options = {"degradation": degradation, "turn": True, "crops": 3}
    one, other, third = (
        data.degraded(folder, 16, seed=seed, **options) for seed in (0, 0, 1)
    )
    assert len(one) == 15
    alone = one.in_pass(2).rows(np.array([7]))
    among = other.in_pass(2).rows(np.array([1, 7, 3]))
    for name, values in alone.items():
        np.testing.assert_array_equal(values[0], among[name][1])
    changed = [
        source.in_pass(nth).rows(np.array([row]))["images"]
        for source, nth, row in (
            (one, 2, 7),
            (one, 3, 7),
            (one, 2, 12),  # the same photograph's next crop
            (third, 2, 7),
        )
    ]
    assert len({image.tobytes() for image in changed}) == 4
    # A pass changes nothing of the source itself.
    np.testing.assert_array_equal(
        one.rows(np.array([7]))["images"], one.rows(np.array([12]))["images"]
    )


def test_crops_are_turned_and_flipped(tmp_path):
    ramp = np.add.outer(10 * np.arange(16), np.arange(16)).astype("uint8")
    Image.fromarray(ramp).save(tmp_path / "ramp.png")
    kinds = {}
    for flip, turn in ((False, False), (True, False), (True, True)):
        source = data.degraded(tmp_path, 16, flip=flip, turn=turn, crops=40)
        rows = source.in_pass(0).rows(np.arange(40))["images"]
        kinds[flip, turn] = {row.tobytes() for row in rows}
    assert [len(found) for found in kinds.values()] == [1, 2, 8]
    assert ramp[:, ::-1].tobytes() in kinds[True, False]


def test_the_feed_takes_new_crops_in_every_pass(folder):
    source = data.degraded(folder, 16, cache=True)
    batches = Batches(source, batch_size=5, steps_per_epoch=2)
    first, second = (batches[i][0]["images"] for i in (0, 1))
    assert not set(map(bytes, first)) & set(map(bytes, second))
    again = Batches(data.degraded(folder, 16), batch_size=5, steps_per_epoch=2)
    np.testing.assert_array_equal(again[1][0]["images"], second)
    assert "cropped at random" in str(source.report())


def test_an_own_degradation(folder):
    def dark(image, size, rng):
        return resize(image, size) // 2

    rows = data.degraded(folder, 16, degradation=dark).rows(np.array([1]))
    np.testing.assert_array_equal(
        rows["inputs"][0], resize(rows["images"][0], (4, 4)) // 2
    )


def test_modes_of_files(tmp_path):
    grey = Image.fromarray(scene(32, 32)[..., 0])
    grey.save(tmp_path / "grey.png")
    assert data.degraded(tmp_path, 16).image_shape == (16, 16, 1)
    clear = Image.new("RGBA", (32, 32), (255, 0, 0, 0))
    clear.save(tmp_path / "clear.png")
    source = data.degraded(tmp_path, 16, background="blue")
    first = source.rows(np.array([0]))["images"][0]
    assert (first == (0, 0, 255)).all()


def test_images_smaller_than_a_crop_are_named(folder):
    Image.fromarray(scene(15, 40)).save(folder / "small.png")
    with pytest.raises(ValueError, match=r"(?s)small\.png.*15x40 pixels"):
        data.degraded(folder, 16)
    source = data.degraded(folder, 16, corrupt="skip")
    assert len(source) == 5
    assert [path.name for path in source.skipped] == ["small.png"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"image_size": 18}, "multiple of `scale`"),
        ({"scale": 0}, "scale=0"),
        ({"crops": 0}, "crops=0"),
        ({"degradation": "blur"}, "degradation='blur'"),
        ({"image_size": (16, 32), "turn": True}, "square"),
        ({"degradation": "second_order", "channels": 4}, "transparency"),
    ],
)
def test_bad_arguments(options, message, folder):
    with pytest.raises(ValueError, match=message):
        data.degraded(folder, **{"image_size": 16, **options})
