import zipfile
from pathlib import Path

import numpy as np
import pytest

from keras_gans.data import load

SHARED = Path(__file__).parents[4] / "shared" / "data"
IMAGES = np.random.default_rng(0).integers(0, 256, (6, 8, 8, 3), "uint8")
LABELS = np.arange(6)


def test_npy_is_memory_mapped(tmp_path):
    np.save(tmp_path / "x.npy", IMAGES)
    source = load(tmp_path / "x.npy")
    assert isinstance(source.images.base, np.memmap)
    assert type(source[:2]) is np.ndarray
    np.testing.assert_array_equal(source[[5, 0]], IMAGES[[5, 0]])
    assert source.name == "x"


def test_npz_finds_images_and_labels(tmp_path):
    path = tmp_path / "x.npz"
    np.savez(path, a=IMAGES[..., 0], b=LABELS[:, None], mean=0.5)
    source = load(path)
    assert source.image_shape == (8, 8, 1)
    np.testing.assert_array_equal(source.labels, LABELS)


def test_npz_with_splits(tmp_path):
    path = tmp_path / "x.npz"
    np.savez(
        path,
        x_train=IMAGES,
        y_train=LABELS,
        x_test=IMAGES[:2],
        y_test=LABELS[:2],
    )
    assert len(load(path)) == 6
    test = load(path, split="test")
    assert len(test) == 2 and test.labels.tolist() == [0, 1]


def test_npz_by_key(tmp_path):
    path = tmp_path / "x.npz"
    np.savez(path, p=IMAGES, q=255 - IMAGES, fine=LABELS, coarse=LABELS // 2)
    source = load(path, image_key="q", label_key="coarse")
    np.testing.assert_array_equal(source[:], 255 - IMAGES)
    assert source.labels.tolist() == [0, 0, 1, 1, 2, 2]
    assert load(path, image_key="p").labels is None
    with pytest.raises(ValueError, match="image_key=None"):
        load(path)
    with pytest.raises(ValueError, match="image_key='r'"):
        load(path, image_key="r")
    with pytest.raises(ValueError, match="label_key='r'"):
        load(path, image_key="p", label_key="r")


def test_nothing_is_unpickled(tmp_path):
    for name in ("x.npy", "x.npz"):
        save = np.save if name.endswith("npy") else np.savez
        save(tmp_path / name, np.array([{}, []], object))
        with pytest.raises(ValueError, match=f"Received: .*{name}"):
            load(tmp_path / name)


@pytest.mark.parametrize("name", ["x.npy", "x.npz"])
@pytest.mark.parametrize("keep", [0, 60, 1000])
def test_truncated_files_are_refused(tmp_path, name, keep):
    path = tmp_path / name
    (np.save if name.endswith("npy") else np.savez)(path, IMAGES)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ValueError, match=f"Received: {path}"):
        load(path)


def test_a_real_file():
    path = SHARED / "cifar10_lossless_3000.npz"
    if not path.exists():
        pytest.skip("cifar10_lossless_3000.npz is not here")
    source = load(path, image_size=16)
    assert source.image_shape == (16, 16, 3) and len(source) == 3000


def header(text, version=1):
    size = len(text).to_bytes(2 if version == 1 else 4, "little")
    return b"\x93NUMPY" + bytes([version, 0]) + size + text


FINE = b"{'descr': '|u1', 'fortran_order': False, 'shape': (2, 4, 4, 1), }\n"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x93NUMPY",
        b"PK\x03\x04 no archive",
        b"\x80\x04\x95 a pickle",
        header(FINE),
        header(FINE.replace(b"2, 4", b"10000000000000, 4")) + bytes(32),
        header(FINE.replace(b"2, 4", b"-2, 4")) + bytes(32),
        header(FINE.replace(b"'|u1'", b"'|O'")) + bytes(32),
        header(FINE.replace(b"'|u1'", b"'nonsense'")) + bytes(32),
        header(FINE.replace(b"False", b"Maybe")) + bytes(32),
        header(FINE.replace(b"'shape'", b"'shapes'")) + bytes(32),
        header(b"(" * 5000 + b"\n") + bytes(32),
        header(b"\xff\xfe\n", 3) + bytes(32),
        header(FINE, 9) + bytes(32),
    ],
    ids=range(14),
)
@pytest.mark.parametrize("packed", [False, True], ids=["npy", "npz"])
def test_damaged_headers_are_refused(tmp_path, content, packed):
    path = tmp_path / ("x.npz" if packed else "x.npy")
    path.write_bytes(content)
    if packed:
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("images.npy", content)
    with pytest.raises(ValueError, match=f"damaged.*Received: {path}"):
        load(path)


@pytest.mark.parametrize("place", [6, 8, 14, 18, 22, 26, 28])
def test_damaged_archives_are_refused(tmp_path, place):
    """Flags, compression, checksum, sizes: every byte of the two headers."""
    path = tmp_path / "x.npz"
    np.savez_compressed(path, images=IMAGES)
    whole = path.read_bytes()
    directory = whole.index(b"PK\x01\x02") + 2  # the same fields once more
    for start in (0, directory):
        data = bytearray(whole)
        data[start + place] ^= 0xFF
        path.write_bytes(data)
        try:
            source = load(path)
        except ValueError as error:
            assert str(path) in str(error)
        else:
            np.testing.assert_array_equal(source[:], IMAGES)


def test_files_that_may_not_be_read_say_so(tmp_path, monkeypatch):
    path = tmp_path / "x.npz"
    np.savez(path, images=IMAGES)

    def refuse(*args, **options):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(np, "load", refuse)
    with pytest.raises(PermissionError, match="Permission denied"):
        load(path)
