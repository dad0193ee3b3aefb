"""Presets of other people's files."""

import json
import pathlib
import tarfile

import numpy as np
import pytest
from pictures import SHARED, photographs

import keras_gans
from keras_gans.data.degraded.resizing import resize
from keras_gans.metrics import psnr
from keras_gans.presets import convert


@pytest.fixture(scope="module")
def srgan(tmp_path_factory):
    """leftthomas' SRGAN x4."""
    models = SHARED / "weights" / "third_party_models.tar.gz"
    if not models.exists():
        pytest.skip("needs ../shared/weights/third_party_models.tar.gz")
    folder = tmp_path_factory.mktemp("leftthomas")
    with tarfile.open(models) as archive:
        for member in archive.getmembers():
            if member.name.endswith("netG_epoch_4_100.pth"):
                member.name = pathlib.Path(member.name).name
                archive.extract(member, folder)
                return folder / member.name


def test_srgan_has_its_psnr_on_set5(srgan, tmp_path):
    made = convert(srgan, tmp_path / "preset")
    gan = keras_gans.SRGAN.from_preset(tmp_path / "preset")
    assert (gan.scale, gan.perceptual) == (4, "vgg19")
    images = photographs("Set5")
    larger = []
    for image in images:
        height, width = image.shape[:2]
        small = resize(image, (height // 4, width // 4))
        larger.append(gan.generate(inputs=small[None])[0])
    record = psnr(images, larger, color="y", border=4)
    assert record.value == pytest.approx(30.70, abs=0.02)
    for ours, loaded in zip(
        made.generator.get_weights(), gan.generator.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(ours, loaded)
    about = json.loads((tmp_path / "preset" / "metadata.json").read_text())
    (checksum,) = about["metadata"]["converted_from"].values()
    assert checksum.startswith("010d4261")


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(FileExistsError, match="new or empty"):
        convert("any.pth", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"any\.pth"):
        convert("any.pth", tmp_path / "new")
    (tmp_path / "g.weights").touch()
    with pytest.raises(ValueError, match=r"\.pth.*g\.weights"):
        convert(tmp_path / "g.weights", tmp_path / "new")
    assert not (tmp_path / "new").exists()
