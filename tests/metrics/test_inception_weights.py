import functools
import hashlib
import io
import zipfile

import inception_files
import keras
import numpy as np
import pytest
from real_images import WEIGHTS

from keras_gans import metrics
from keras_gans.pretrained.inception_formats import graph_name, torch_name
from keras_gans.pretrained.inception_weights import (
    SHA256,
    VARIABLE,
    find_inception_weights,
    read_inception_weights,
)

other_weights = pytest.mark.filterwarnings("ignore:.*not hold the weights")


@pytest.fixture(scope="module")
def shapes():
    """Three layers of different kinds are enough to read."""
    every = inception_files.shapes()
    names = ("conv", "mixed_9_tower_1_mixed_conv_1", "softmax")
    return {name: every[name] for name in names}


@pytest.fixture(scope="module")
def arrays(shapes):
    names = tuple(graph_name(layer) + "/" for layer in shapes)
    every = inception_files.random_arrays().items()
    return {name: array for name, array in every if name.startswith(names)}


@pytest.fixture
def only(monkeypatch, shapes):
    """Lets the helper write these layers only."""
    monkeypatch.setattr(inception_files, "shapes", lambda: shapes)


def expected(arrays):
    """Batch normalisation after a convolution, folded by hand."""
    name = "mixed_9/tower_1/mixed/conv_1"
    gamma, beta, mean, variance = (
        arrays[f"{name}/batchnorm/{part}"].astype("float64")
        for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    deviation = np.sqrt(variance + 0.001)
    kernel = arrays[f"{name}/conv2d_params"] * (gamma / deviation)
    return kernel, beta - gamma * mean / deviation


@other_weights
@pytest.mark.parametrize("format", ["zip", "row", "pb", "tgz"])
def test_formats(format, tmp_path, arrays, shapes, only):
    if format in ("zip", "row"):
        pytest.importorskip("torch", reason="PyTorch writes the file")
        path = tmp_path / "random.pth"
        inception_files.write_pth(
            path, arrays, _use_new_zipfile_serialization=format == "zip"
        )
    else:
        pytest.importorskip("tensorflow", reason="TensorFlow reads the file")
        path = tmp_path / f"graph.{format}"
        graph = inception_files.graph_bytes(arrays)
        if format == "tgz":
            inception_files.write_tgz(path, graph)
        else:
            path.write_bytes(graph)
    weights, checksum = read_inception_weights(path, shapes)
    assert checksum == hashlib.sha256(path.read_bytes()).hexdigest()
    assert list(weights) == list(shapes)
    kernel, bias = weights["mixed_9_tower_1_mixed_conv_1"]
    assert kernel.dtype == bias.dtype == "float32"
    for own, by_hand in zip((kernel, bias), expected(arrays), strict=True):
        np.testing.assert_allclose(own, by_hand, rtol=1e-6, atol=1e-7)
    kernel, bias = weights["softmax"]
    np.testing.assert_array_equal(kernel, arrays["softmax/weights"])
    np.testing.assert_array_equal(bias, arrays["softmax/biases"])


def test_names_of_layers():
    every = inception_files.shapes()
    assert len({torch_name(x) for x in every if x != "softmax"}) == 94
    assert len({graph_name(x) for x in every}) == 95
    assert torch_name("conv_4") == "Conv2d_4a_3x3"
    assert torch_name("mixed_3_tower_conv_2") == "Mixed_6a.branch3x3dbl_3"
    assert torch_name("mixed_8_tower_1_conv_3") == "Mixed_7a.branch7x7x3_4"
    assert torch_name("mixed_10_tower_2_conv") == "Mixed_7c.branch_pool"
    assert graph_name("mixed_tower_conv_1") == "mixed/tower/conv_1"
    assert graph_name("mixed_9_tower_mixed_conv") == "mixed_9/tower/mixed/conv"


def test_another_network_is_said_to_be_one(tmp_path, arrays, shapes, only):
    pytest.importorskip("torch", reason="PyTorch writes the file")
    path = tmp_path / "random.pth"
    inception_files.write_pth(path, arrays)
    with pytest.warns(UserWarning, match="random.pth does not hold"):
        read_inception_weights(path, shapes)


@pytest.mark.skipif(not WEIGHTS.exists(), reason="needs ../shared/weights")
def test_real_weights_end_with_mixed_8(monkeypatch, recwarn):
    monkeypatch.setenv(VARIABLE, str(WEIGHTS))
    extractor = metrics.get_feature_extractor("inception_192/legacy_pytorch")
    assert extractor is metrics.load_inception(192, "legacy_pytorch", WEIGHTS)
    assert extractor.name == "inception_192/legacy_pytorch"
    assert extractor.head is None
    digest = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
    assert extractor.checksum == digest
    assert not [w for w in recwarn if "does not hold" in str(w.message)]
    with pytest.raises(ValueError, match=r"mixed_9_.*64, 192 and 768"):
        metrics.get_feature_extractor("inception_2048")


def test_files_that_are_not_there(monkeypatch, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"Received: .*none\.pth"):
        metrics.load_inception(weights=tmp_path / "none.pth")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "none.npz"))
    with pytest.raises(FileNotFoundError, match=r"Received: .*none\.npz"):
        metrics.get_feature_extractor("inception_2048")


def test_without_a_connection_the_error_says_what_to_do(monkeypatch):
    def get_file(name, url, cache_subdir, file_hash):
        assert url.endswith(name)
        assert (cache_subdir, file_hash) == ("keras_gans", SHA256)
        raise Exception("URL fetch failure: Name or service not known")

    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(keras.utils, "get_file", get_file)
    with pytest.raises(ConnectionError) as caught:
        metrics.get_feature_extractor("inception_2048")
    for part in (SHA256, VARIABLE, "weights=", ".pth", ".tgz", "service not"):
        assert part in str(caught.value)


def test_a_damaged_download_is_refused(monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE, raising=False)
    source = tmp_path / "pt_inception-2015-12-05-6726825d.pth"
    source.write_bytes(b"not the weights")
    monkeypatch.setattr(
        "keras_gans.pretrained.inception_weights.URL", source.as_uri()
    )
    in_folder = functools.partial(keras.utils.get_file, cache_dir=tmp_path)
    monkeypatch.setattr(keras.utils, "get_file", in_folder)
    with pytest.raises(ConnectionError, match=r"corrupted file"):
        find_inception_weights()


def test_damaged_files(tmp_path, shapes):
    named = tmp_path / "pt_inception-2015-12-05-6726825d.pth"
    named.write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(ValueError, match=f"SHA-256 {SHA256}.*damaged"):
        read_inception_weights(named, shapes)
    for suffix in ("pth", "npz", "tgz"):
        path = tmp_path / f"cut.{suffix}"
        path.write_bytes(b"PK\x03\x04 cut")
        with pytest.raises(ValueError, match="Received"):
            read_inception_weights(path, shapes)
    pytest.importorskip("tensorflow", reason="TensorFlow reads the file")
    path = tmp_path / "cut.pb"
    path.write_bytes(b"\x0a\xff\xff cut")
    with pytest.raises(ValueError, match=r"cut\.pb is damaged"):
        read_inception_weights(path, shapes)
    with pytest.raises(ValueError, match=r"end in .npz, .pth.*weights.h5"):
        read_inception_weights(tmp_path / "weights.h5", shapes)


def test_other_shapes_are_refused(tmp_path):
    path = tmp_path / "small.npz"
    np.savez(
        path,
        **{
            "conv/weight_flat_OHWI": np.ones(9 * 3 * 8, "float32"),
            "conv/bias": np.ones(8, "float32"),
        },
    )
    with pytest.raises(ValueError, match=r"conv must.*\(3, 3, 3, 8\)"):
        read_inception_weights(path, {"conv": (3, 3, 3, 32)})


def test_nothing_is_run_from_a_file(tmp_path, shapes):
    # A pickle that would write a file, in PyTorch's archive.
    evidence = tmp_path / "evidence"
    program = f"cbuiltins\nopen\n(V{evidence}\nVw\ntR.".encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02" + program)
    path = tmp_path / "evil.pth"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(ValueError, match=r"builtins\.open"):
        read_inception_weights(path, shapes)
    assert not evidence.exists()
