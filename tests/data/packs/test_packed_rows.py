"""Packs of pairs, of sounds, and of rows of any kind."""

import json
import os
import wave

import numpy as np
import pytest
from PIL import Image

from keras_gans.data import (
    Images,
    PackedImages,
    PackedRows,
    Rows,
    load,
    pack,
    pairs,
    sounds,
    unpaired,
)
from keras_gans.engine.training.feed import Batches
from keras_gans.modalities import Audio, Mask, Modality

pytest.importorskip("array_record")

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (20, 8, 8, 3), "uint8")
LABELS = np.arange(20) % 3


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for i in range(20):
        pixels = RNG.integers(0, 256, (8, 16, 3), "uint8")
        Image.fromarray(pixels).save(folder / f"{i:02}.png")
    return pairs(folder)


@pytest.fixture
def drums(tmp_path):
    for i in range(20):
        path = tmp_path / "drums" / ("kick", "snare")[i % 2] / f"{i:02}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            samples = RNG.integers(-9999, 9999, 30 + i, "int16")
            file.writeframes(samples.tobytes())
    return sounds(tmp_path / "drums", 40)


@pytest.fixture
def arrays():
    return Rows(
        {
            "images": IMAGES,
            "masks": RNG.integers(0, 2, (20, 4, 4, 1)).astype("float32"),
            "audio": RNG.uniform(-1, 1, (20, 30, 2)).astype("float32"),
            "labels": np.array(["ant", "bee", "cat"])[LABELS],
        },
        {"masks": Mask(4, 4), "audio": Audio(30, 8000, 2)},
        name="mixed",
    )


@pytest.fixture(params=["pictures", "drums", "arrays", "labelled"])
def source(request, photos):
    if request.param == "labelled":
        images = Images(IMAGES, LABELS, name="plain")
        modality = images.modalities["labels"]
        return images.with_column("kinds", LABELS[::-1], modality)
    return request.getfixturevalue(request.param)


def carried(source, rows):
    return {
        name: source.modalities[name].carry(values)
        for name, values in source.rows(rows).items()
    }


def same(a, b):
    assert list(a) == list(b)
    for name in a:
        assert a[name].dtype == b[name].dtype
        np.testing.assert_array_equal(a[name], b[name])


def test_read_back_equal(source, tmp_path):
    packed = pack(source, tmp_path / "packed", shard_bytes=900)
    assert isinstance(packed, PackedRows)
    shards = [file["num_rows"] for file in packed.files]
    assert len(shards) > 1 and sum(shards) == 20
    again = load(tmp_path / "packed")
    assert len(again) == 20 and again.name == source.name
    assert list(again.modalities) == list(source.modalities)
    for name, modality in source.modalities.items():
        assert type(again.modalities[name]) is type(modality)
        assert again.modalities[name].get_config() == modality.get_config()
    rows = np.array([19, 0, 7, 7, 12])
    same(again.rows(rows), carried(source, rows))
    last = list(source.modalities)[-1]
    assert list(again.rows(rows, [last])) == [last]
    assert all(v.flags.writeable for v in again.rows(rows).values())
    again.verify()
    parts = [again.shard(i, 3) for i in range(3)]
    assert [part.part for part in parts] == [(0, 3), (1, 3), (2, 3)]
    for i, part in enumerate(parts):
        same(
            part.rows(np.arange(6)),
            carried(source, np.arange(6 * i, 6 * i + 6)),
        )


def test_batches_are_those_of_the_source(pictures, drums, tmp_path):
    for source in (pictures, drums):
        packed = pack(source, tmp_path / source.name / "packed")
        feeds = [Batches(s, batch_size=6, seed=1) for s in (source, packed)]
        for a, b in zip(*feeds, strict=True):
            same(a[0], b[0])


def test_class_names_are_kept(drums, arrays, photos, tmp_path):
    for i, source in enumerate((drums, arrays, load(photos, 8))):
        packed = pack(source, tmp_path / str(i))
        names = packed.modalities["labels"].names
        assert names == source.modalities["labels"].names
        assert names in (
            ["kick", "snare"],
            ["ant", "bee", "cat"],
            ["cats", "dogs"],
        )


def test_images_are_still_packed_as_before(photos, tmp_path):
    packed = pack(load(photos, 8), tmp_path / "packed")
    assert isinstance(packed, PackedImages)
    index = json.loads((tmp_path / "packed" / "pack.json").read_text())
    assert index["version"] == 1 and index["num_images"] == 12
    with pytest.raises(ValueError, match=r"holds images.*Received: .*packed"):
        PackedRows(tmp_path / "packed")


def test_each_class_reads_its_own(arrays, tmp_path):
    pack(arrays, tmp_path / "packed")
    with pytest.raises(ValueError, match=r"`PackedRows`.*Received: .*packed"):
        PackedImages(tmp_path / "packed")
    with pytest.raises(ValueError, match="Received: image_size=4"):
        load(tmp_path / "packed", image_size=4)


def test_goes_on_and_mends(arrays, tmp_path):
    out = tmp_path / "packed"
    pack(arrays, out, shard_bytes=900)
    first, second, *_ = sorted(out.glob("rows-*"))
    time = first.stat().st_mtime_ns
    data = bytearray(second.read_bytes())
    data[len(data) // 2] ^= 1
    second.write_bytes(data)
    with pytest.raises(OSError, match=r"Received: .*00001.*another SHA-256"):
        load(out).verify()
    with pytest.raises(OSError, match=f"is damaged .*Received: {second}"):
        load(out).rows(np.arange(20))
    mended = pack(arrays, out, shard_bytes=900, verify=True)
    same(mended.rows(np.arange(20)), carried(arrays, np.arange(20)))
    assert first.stat().st_mtime_ns == time
    other = Rows({**arrays.arrays, "images": 255 - IMAGES}, arrays.modalities)
    with pytest.raises(ValueError, match=r"differ in name, origin\. Received"):
        pack(other, out, shard_bytes=900)


def test_what_cannot_be_packed(pictures, drums, tmp_path):
    five = Images(np.zeros((3, 4, 4, 5), "uint8"))
    cases = [
        (pictures, "png", "images alone.*Received: AlignedImages"),
        (drums, "original", "files, and this source has none"),
        (five, "png", "1, 3 or 4 channels.*Received: Images"),
        (unpaired(IMAGES, IMAGES), "raw", "`sides`.*Received: Unpaired"),
    ]
    for source, encoding, message in cases:
        with pytest.raises(ValueError, match=message):
            pack(source, tmp_path / "packed", encoding)
    assert not (tmp_path / "packed").exists()
    sides = unpaired(IMAGES, IMAGES[:5]).sides
    packed = [pack(s, tmp_path / str(i)) for i, s in enumerate(sides)]
    assert list(map(len, packed)) == [20, 5]


@pytest.mark.parametrize("channels", [2, 5, 12])
def test_any_number_of_channels(channels, tmp_path):
    images = RNG.integers(0, 256, (5, 8, 8, channels), "uint8")
    pack(Images(images), tmp_path / "packed")
    np.testing.assert_array_equal(load(tmp_path / "packed")[:], images)
    np.testing.assert_array_equal(
        load(tmp_path / "packed", 4)[:], load(images, 4)[:]
    )
    with pytest.raises(ValueError, match=f"Received: 3 for .*{channels} chan"):
        load(tmp_path / "packed", channels=3)


def test_a_modality_of_ones_own(tmp_path):
    class Spectrum(Modality):
        def __init__(self, bands):
            self.bands = bands
            self.shape = (bands,)

    values = RNG.normal(size=(20, 7)).astype("float32")
    rows = Rows({"spectra": values}, {"spectra": Spectrum(7)})
    packed = pack(rows, tmp_path / "packed")
    assert isinstance(packed.modalities["spectra"], Spectrum)
    np.testing.assert_array_equal(packed.rows(np.arange(20))["spectra"], values)
    path = tmp_path / "packed" / "pack.json"
    path.write_text(path.read_text().replace("Spectrum", "Spectra"))
    with pytest.raises(ValueError, match=r"modality must be one of.*Spectra"):
        load(tmp_path / "packed")


def test_nothing_is_left_over(arrays, tmp_path):
    pack(arrays, tmp_path / "packed")
    assert sorted(os.listdir(tmp_path / "packed")) == [
        "pack.json",
        "rows-00000.array_record",
    ]
