import collections
import os
import pathlib
import pickle
import tarfile

import numpy as np
import pytest

from keras_gans.pretrained.torch_files import read_torch_tensors

SHARED = pathlib.Path(__file__).parents[3] / "shared"


def save(tmp_path, content, **options):
    torch = pytest.importorskip("torch", reason="PyTorch writes the files")
    path = tmp_path / "weights.pth"
    torch.save(content, path, **options)
    return path


def contents():
    torch = pytest.importorskip("torch", reason="PyTorch writes the files")
    whole = torch.arange(24, dtype=torch.float32)
    return {
        "epoch": 3,
        "state_dict": collections.OrderedDict(
            kernel=whole.reshape(2, 3, 4).permute(2, 0, 1),
            bias=whole[5:9],
            half=torch.tensor([0.5, -2.0], dtype=torch.float16),
            steps=torch.tensor(7),
            empty=torch.zeros(0, 3),
            parameter=torch.nn.Parameter(torch.eye(2)),
        ),
    }


@pytest.mark.parametrize("zipped", [True, False])
def test_both_formats(tmp_path, zipped):
    content = contents()
    path = save(tmp_path, content, _use_new_zipfile_serialization=zipped)
    tensors = read_torch_tensors(path)
    expected = content["state_dict"]
    assert list(tensors) == [f"state_dict.{name}" for name in expected]
    for name, tensor in expected.items():
        array, wanted = tensors[f"state_dict.{name}"], tensor.detach().numpy()
        assert (array.dtype, array.shape) == (wanted.dtype, wanted.shape)
        np.testing.assert_array_equal(array, wanted)


class Command:
    def __reduce__(self):
        return os.system, ("echo should never run > /dev/null",)


@pytest.mark.parametrize("zipped", [True, False])
def test_code_is_refused(tmp_path, zipped):
    content = {**contents(), "evil": Command()}
    path = save(tmp_path, content, _use_new_zipfile_serialization=zipped)
    with pytest.raises(ValueError, match=r"Received: posix.system|nt.system"):
        read_torch_tensors(path)


def test_a_whole_module_is_refused(tmp_path):
    torch = pytest.importorskip("torch", reason="PyTorch writes the files")
    path = save(tmp_path, torch.nn.Linear(2, 2))
    with pytest.raises(ValueError, match=r"state_dict.*Received: torch\.nn"):
        read_torch_tensors(path)


@pytest.mark.parametrize("zipped", [True, False])
def test_a_torn_file_is_refused_wherever_it_is_torn(tmp_path, zipped):
    path = save(tmp_path, contents(), _use_new_zipfile_serialization=zipped)
    whole = path.read_bytes()
    for length in [0, 1, 3, *range(4, len(whole) - 1, 97), len(whole) - 3]:
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"damaged\. Received: "):
            read_torch_tensors(path)


def test_other_files_are_refused(tmp_path):
    path = tmp_path / "weights.pth"
    for content in (b"<html>not found</html>", pickle.dumps([1]), b"\x89HDF"):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=r"weights\.pth must be a file"):
            read_torch_tensors(path)


def test_files_of_old_pytorch(tmp_path):
    models = SHARED / "weights" / "third_party_models.tar.gz"
    if not models.exists():
        pytest.skip("needs ../shared/weights/third_party_models.tar.gz")
    torch = pytest.importorskip("torch", reason="PyTorch is the oracle")
    with tarfile.open(models) as archive:
        names = [n for n in archive.getnames() if n.endswith((".pth", ".ckpt"))]
        archive.extractall(tmp_path, names)
    assert len(names) == 6
    for name in names:
        tensors = read_torch_tensors(tmp_path / name)
        expected = torch.load(tmp_path / name, "cpu", weights_only=True)
        assert list(tensors) == list(expected)
        for key, tensor in expected.items():
            np.testing.assert_array_equal(tensors[key], tensor.numpy())
