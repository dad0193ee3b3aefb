"""Class folders, links and splits: nothing changes a label without a word."""

import os
import shutil
import warnings

import numpy as np
import pytest
from PIL import Image

from keras_gans.data import FolderImages, load, pairs, sounds, unpaired


@pytest.fixture
def animals(tmp_path):
    """Two images each of cats, dogs and eels, whose grey tells the class."""
    folder = tmp_path / "animals"
    for i, name in enumerate(["cats", "dogs", "eels"]):
        (folder / name).mkdir(parents=True)
        for number in "ab":
            image = Image.new("L", (4, 4), 100 * i)
            image.save(folder / name / f"{number}.png")
    return folder


def classes_of(source):
    """The class name of each grey value."""
    return {
        int(image.max()) // 100: source.class_names[label]
        for image, label in zip(source[:], source.labels, strict=True)
    }


ALL = {0: "cats", 1: "dogs", 2: "eels"}


def broken_link(animals):
    shutil.rmtree(animals / "dogs")
    (animals / "dogs").symlink_to(animals / "gone")
    return "dogs .a broken link."


def unreadable_folder(animals):
    (animals / "dogs").chmod(0)
    return "dogs .Permission denied."


def damaged_files(animals):
    for path in (animals / "dogs").iterdir():
        path.write_bytes(b"no image")
    return r"dogs.a\.png .*dogs.b\.png"


def broken_files(animals):
    for path in (animals / "dogs").iterdir():
        path.unlink()
        path.symlink_to("nothing.png")
    return r"dogs.a\.png .a broken link.*dogs.b\.png"


@pytest.mark.parametrize(
    "spoil", [broken_link, unreadable_folder, damaged_files, broken_files]
)
def test_a_class_that_cannot_be_read_keeps_its_number(
    animals, spoil, monkeypatch
):
    named = spoil(animals)
    if spoil is unreadable_folder and os.geteuid() == 0:
        listdir = os.listdir  # nothing is forbidden to root

        def refuse(folder):
            if str(folder).endswith("dogs"):
                raise PermissionError(13, "Permission denied")
            return listdir(folder)

        monkeypatch.setattr(os, "listdir", refuse)
    with pytest.raises(ValueError, match=f"cannot be read.*Received: {named}"):
        FolderImages(animals)
    with pytest.warns(UserWarning, match=named):
        source = FolderImages(animals, corrupt="skip")
    assert source.class_names == ["cats", "dogs", "eels"]
    assert source.labels.tolist() == [0, 0, 2, 2]
    assert classes_of(source) == {0: "cats", 2: "eels"}


def test_class_folders_may_be_links(animals, tmp_path):
    (animals / "dogs").rename(tmp_path / "elsewhere")
    (animals / "dogs").symlink_to(tmp_path / "elsewhere")
    (animals / "eels" / "a.png").rename(tmp_path / "eel.png")
    (animals / "eels" / "a.png").symlink_to(tmp_path / "eel.png")
    assert classes_of(FolderImages(animals)) == ALL


@pytest.mark.parametrize("target", [".", "cats", "../animals"])
def test_links_in_a_circle_end(animals, target):
    (animals / "cats" / "again").symlink_to(animals / target)
    source = FolderImages(animals)
    assert len(source) == 6 and classes_of(source) == ALL


def test_a_link_to_nothing_of_another_kind_is_left_out(animals):
    (animals / "notes.txt").symlink_to("gone.txt")
    assert classes_of(FolderImages(animals)) == ALL


def quietly(call, *args, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return call(*args, **options)


def test_classes_one_level_deeper_are_said(animals, tmp_path):
    (tmp_path / "set").mkdir()
    animals.rename(tmp_path / "set" / "all")
    message = (
        "no labels. Received: .*set with all, which holds cats, dogs, eels"
    )
    with pytest.warns(UserWarning, match=message):
        source = FolderImages(tmp_path / "set")
    assert source.labels is None and len(source) == 6
    assert classes_of(quietly(load, tmp_path / "set" / "all")) == ALL


def test_images_beside_the_classes_are_said(animals):
    Image.new("L", (4, 4)).save(animals / "stray.png")
    with pytest.warns(UserWarning, match=r"no labels. Received: .*stray\.png"):
        assert FolderImages(animals).labels is None


@pytest.mark.parametrize("names", [(), ("a.heic", "b.heic")])
def test_a_folder_without_pictures_is_named(animals, names):
    (animals / "birds").mkdir()
    for name in names:
        (animals / "birds" / name).write_bytes(b"")
    with pytest.warns(UserWarning, match="are no classes. Received: .*birds"):
        source = FolderImages(animals)
    assert source.class_names == ["cats", "dogs", "eels"]


def test_one_class_is_none(animals):
    shutil.rmtree(animals / "cats")
    shutil.rmtree(animals / "dogs")
    assert quietly(FolderImages, animals).labels is None


@pytest.mark.parametrize("name", ["test", "val", "Train", "validation"])
def test_another_split_taken_for_train_is_said(animals, tmp_path, name):
    (tmp_path / "set").mkdir()
    animals.rename(tmp_path / "set" / name)
    with pytest.warns(UserWarning, match=f'no sub-folder "train".*{name}'):
        source = load(tmp_path / "set")
    assert len(source) == 6
    assert classes_of(quietly(load, tmp_path / "set", split=name)) == ALL


def test_a_split_that_is_there_is_taken_quietly(animals, tmp_path):
    for name in ("train", "test"):
        shutil.copytree(animals, tmp_path / "set" / name)
    shutil.rmtree(tmp_path / "set" / "test" / "cats")
    assert len(quietly(load, tmp_path / "set")) == 6
    assert len(quietly(load, tmp_path / "set", split="test")) == 4


def test_every_kind_of_folder_refuses_a_split_that_is_not_there(animals):
    shutil.rmtree(animals / "eels")
    for call in (
        load,
        pairs,
        unpaired,
        lambda f, split: sounds(f, 8, split=split),
    ):
        with pytest.raises(ValueError, match="Received: split='test'"):
            call(animals, split="test")
        with pytest.raises((FileNotFoundError, ValueError), match="Received"):
            call(animals / "nowhere", split="train")


def test_npz_files_say_what_they_take(tmp_path):
    images = np.zeros((3, 4, 4, 1), "uint8")
    for name, split in [
        ("x_test", "train"),
        ("val_images", "train"),
        ("images", "test"),
    ]:
        np.savez(tmp_path / "x.npz", **{name: images})
        with pytest.warns(UserWarning, match=f"{name}.*split='{split}'"):
            load(tmp_path / "x.npz", split=split)
    np.savez(tmp_path / "x.npz", images=images)
    assert len(quietly(load, tmp_path / "x.npz")) == 3
