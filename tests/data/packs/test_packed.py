import json
import os
import resource
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from keras_gans.data import FolderImages, Images, PackedImages, load, pack
from keras_gans.data.packs.lock import LOCK
from keras_gans.engine.training.feed import Batches

pytest.importorskip("array_record")

SHAPE = (8, 8, 3)
NUM_BYTES = 8 * 8 * 3
CLASSES = ["cat", "dog", "eel"]
FILES = [f"images-0000{i}.array_record" for i in range(4)]


@pytest.fixture
def source():
    """50 images of 8x8x3, labelled."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (50, *SHAPE), "uint8")
    return Images(images, np.arange(50) % 3, CLASSES, "noise")


@pytest.fixture
def packed(source, tmp_path):
    """The 50 images in four shards, of 15, 15, 15 and 5."""
    return pack(source, tmp_path / "packed", shard_bytes=15 * NUM_BYTES)


def run(code, shell=()):
    """Runs Python code that knows what the fixtures are made of."""
    setup = f"""
import os, signal, sys
import numpy as np
from keras_gans.data import Images, pack
from keras_gans.data.packs import records
rng = np.random.default_rng(0)
images = rng.integers(0, 256, (50, *{SHAPE}), "uint8")
source = Images(images, np.arange(50) % 3, {CLASSES}, "noise")
"""
    return subprocess.run(
        [*shell, sys.executable, "-c", setup + code],
        capture_output=True,
        text=True,
    )


def test_read_back_equal(source, packed):
    files = sorted(os.listdir(packed.folder))
    assert files == [*FILES, "labels.npy", "pack.json"]
    assert [f["num_images"] for f in packed.files[:4]] == [15, 15, 15, 5]
    again = load(packed.folder)
    assert isinstance(again, PackedImages) and len(again) == 50
    assert again.image_shape == SHAPE and again.name == "noise"
    assert again.class_names == CLASSES
    np.testing.assert_array_equal(again.labels, source.labels)
    np.testing.assert_array_equal(again[:], source[:])
    rows = np.array([49, 0, 15, 14, 0, -1])
    np.testing.assert_array_equal(again[rows], source[rows])
    np.testing.assert_array_equal(again[7], source[7])
    assert again[[]].shape == (0, *SHAPE)
    again.verify()


def test_floats_become_8_bits(source, tmp_path):
    floats = Images(source.images / 127.5 - 1.0)
    packed = pack(floats, tmp_path / "packed")
    np.testing.assert_array_equal(packed[:], source[:])
    assert packed.labels is None


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_png_is_lossless(channels, tmp_path):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (5, 6, 4, channels), "uint8")
    packed = pack(Images(images), tmp_path / "packed", "png")
    np.testing.assert_array_equal(packed[:], images)


def test_original_keeps_the_files(photos, tmp_path):
    folder = FolderImages(photos, image_size=10)
    packed = pack(folder, tmp_path / "packed", "original", shard_bytes=8000)
    sizes = {f["num_images"] for f in packed.files[:-1]}
    assert len(sizes) > 1  # files of several sizes: unequal shards
    np.testing.assert_array_equal(packed[:], folder[:])
    np.testing.assert_array_equal(packed.labels, folder.labels)
    assert packed.records(np.array([3]))[0] == folder.paths[3].read_bytes()
    larger = load(packed.folder, image_size=16, channels=1)
    np.testing.assert_array_equal(
        larger[:], load(photos, image_size=16, channels=1)[:]
    )


def test_original_needs_files(source, tmp_path):
    with pytest.raises(ValueError, match="Received: Images"):
        pack(source, tmp_path / "packed", "original")
    with pytest.raises(ValueError, match="Received: 'jpeg'"):
        pack(source, tmp_path / "packed", "jpeg")


def test_raw_is_resized_like_an_array(source, packed):
    np.testing.assert_array_equal(
        load(packed.folder, 5, 1)[:], load(source, 5, 1)[:]
    )


def test_threads_read_the_same(source, packed):
    rng = np.random.default_rng(0)
    orders = [rng.permutation(50)[:16] for _ in range(100)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda rows: packed[rows], orders))
    for rows, images in zip(orders, found, strict=True):
        np.testing.assert_array_equal(images, source[rows])


def test_feeds_batches_like_the_source(source, packed):
    for a, b in zip(
        Batches(source, batch_size=16, seed=1),
        Batches(packed, batch_size=16, seed=1),
        strict=True,
    ):
        assert list(a[0]) == list(b[0]) == ["images", "labels"]
        np.testing.assert_array_equal(a[0]["images"], b[0]["images"])
        np.testing.assert_array_equal(a[0]["labels"], b[0]["labels"])


def test_streams_through_tf_data(source, packed):
    pytest.importorskip("tensorflow")
    one, other = (
        s.to_tf_dataset(16, shuffle_seed=1, with_labels=True)
        for s in (source, packed)
    )
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a[0], b[0])
        np.testing.assert_array_equal(a[1], b[1])


def test_parts_are_equal_and_share_nothing(source, packed):
    parts = [packed.shard(i, 3) for i in range(3)]
    assert [len(part) for part in parts] == [16, 16, 16]
    images = np.concatenate([part[:] for part in parts])
    np.testing.assert_array_equal(images, source[:48])
    labels = np.concatenate([part.labels for part in parts])
    np.testing.assert_array_equal(labels, source.labels[:48])
    with pytest.raises(ValueError, match=r"Received: part=\(3, 3\)"):
        packed.shard(3, 3)


def test_a_host_needs_the_shards_of_its_part_alone(source, packed):
    (packed.folder / FILES[3]).unlink()
    part = PackedImages(packed.folder, part=(0, 2))
    np.testing.assert_array_equal(part[:], source[:25])
    with pytest.raises(OSError, match=r"images-00003.array_record is missing"):
        PackedImages(packed.folder, part=(1, 2))


def test_goes_on_after_a_kill(source, tmp_path):
    out = tmp_path / "packed"
    result = run(
        f"""
class Killed(Images):
    def read(self, rows):
        if 40 in rows:  # in the middle of the third shard
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(rows)
records.CHUNK = 4
source = Killed(images, np.arange(50) % 3, {CLASSES}, "noise")
pack(source, {str(out)!r}, shard_bytes={15 * NUM_BYTES})
"""
    )
    assert result.returncode == -signal.SIGKILL, result.stderr
    names = sorted(set(os.listdir(out)) - {LOCK})
    draft, *finished, index = names
    assert draft.startswith(".images-00002") and index == "pack.json"
    assert finished == FILES[:2]
    with pytest.raises(ValueError, match=f"not finished.*Received: {out}"):
        load(out)
    times = [(out / name).stat().st_mtime_ns for name in finished]
    done = []
    packed = pack(source, out, shard_bytes=15 * NUM_BYTES, progress=done.append)
    assert [(out / name).stat().st_mtime_ns for name in finished] == times
    assert done == [15, 30, 45, 50]
    np.testing.assert_array_equal(packed[:], source[:])
    assert not [name for name in os.listdir(out) if name.startswith(".")]


def test_a_kill_before_the_first_shard(source, tmp_path):
    draft = tmp_path / "packed" / ".pack.json-1234"
    draft.mkdir(parents=True)
    (draft / "pack.json").write_text("{")
    packed = pack(source, tmp_path / "packed")
    np.testing.assert_array_equal(packed[:], source[:])
    assert not draft.exists()


def test_packing_again_writes_nothing(source, packed):
    times = {p: p.stat().st_mtime_ns for p in packed.folder.glob("images*")}
    pack(source, packed.folder, shard_bytes=15 * NUM_BYTES)
    assert {p: p.stat().st_mtime_ns for p in times} == times


def test_other_data_or_options_are_not_mixed_in(source, packed):
    size = 15 * NUM_BYTES
    with pytest.raises(ValueError, match=r"differ in encoding\. Received: /"):
        pack(source, packed.folder, "png", size)
    other = Images(255 - source.images, source.labels, CLASSES, "noise")
    with pytest.raises(ValueError, match=r"differ in origin\. Received: /"):
        pack(other, packed.folder, shard_bytes=size)


def test_a_folder_of_other_things_is_left_alone(source, photos):
    with pytest.raises(ValueError, match=r"Received: .* holds other files"):
        pack(source, photos)


def test_truncated_shard(source, packed):
    path = packed.folder / FILES[1]
    os.truncate(path, 1000)
    with pytest.raises(OSError, match=r"Received: .*00001.* has 1000 bytes"):
        load(packed.folder)
    again = pack(source, packed.folder, shard_bytes=15 * NUM_BYTES)
    np.testing.assert_array_equal(again[:], source[:])


def test_flipped_bit(source, packed):
    path = packed.folder / FILES[1]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    again = load(packed.folder)
    with pytest.raises(OSError, match=r"Received: .*00001.* another SHA-256"):
        again.verify()
    with pytest.raises(OSError, match=f"is damaged .*Received: {path}"):
        again[:]
    np.testing.assert_array_equal(again[30:], source[30:])
    mended = pack(
        source, packed.folder, shard_bytes=15 * NUM_BYTES, verify=True
    )
    np.testing.assert_array_equal(mended[:], source[:])


@pytest.mark.parametrize(
    "change",
    [{"version": 3}, {"format": "other"}],
    ids=["version", "format"],
)
def test_an_index_of_another_version(packed, change):
    path = packed.folder / "pack.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    value = next(iter(change.values()))
    with pytest.raises(ValueError, match=f"Received: .*{value}"):
        load(packed.folder)


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_a_damaged_index(packed, text):
    (packed.folder / "pack.json").write_text(text)
    with pytest.raises(ValueError, match=r"damaged.*Received: .*pack\.json"):
        load(packed.folder)


def test_a_file_that_cannot_grow(source, tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20 * NUM_BYTES, limits[1]))
    try:
        with pytest.raises(OSError, match=r"too large.*Received: .*00000"):
            pack(source, tmp_path / "packed")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert os.listdir(tmp_path / "packed") == ["pack.json"]


def test_a_full_disk(source, tmp_path):
    mount = f"mount -t tmpfs -o size=300k none {tmp_path}"
    shell = ["unshare", "-m", "sh", "-c"]
    if os.geteuid() or subprocess.run([*shell, mount]).returncode:
        pytest.skip("only root may mount a small disk")
    code = f"""
out, size = {str(tmp_path / "packed")!r}, {15 * NUM_BYTES}
try:
    pack(source, out, shard_bytes=size)
except OSError as error:
    print(error)
print(*sorted(os.listdir(out)))
os.system("mount -o remount,size=1m {tmp_path}")
print((pack(source, out, shard_bytes=size)[:] == images).all())
"""
    result = run(code, [*shell, f'{mount} && exec "$0" "$@"'])
    message, files, equal = result.stdout.splitlines()
    assert "No space left on device" in message
    assert message.endswith(f"Received: {tmp_path}/packed/{FILES[2]}")
    assert files.split() == [*FILES[:2], "pack.json"]
    assert equal == "True"


def test_a_missing_package_is_named(source, tmp_path, monkeypatch):
    module = "array_record.python.array_record_module"
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match="pip install array_record"):
        pack(source, tmp_path / "packed")


def test_an_image_that_cannot_be_read_names_itself(photos, tmp_path):
    folder = FolderImages(photos, image_size=8)
    folder.paths[5].write_bytes(b"no image")
    with pytest.raises(OSError, match=f"Image 5.*Received: {folder.paths[5]}"):
        pack(folder, tmp_path / "packed")
    folder.paths[5].unlink()
    with pytest.raises(OSError, match=f"Image 5.*Received: {folder.paths[5]}"):
        pack(folder, tmp_path / "packed2", "original")
