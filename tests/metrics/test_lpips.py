import functools
import pathlib
import tarfile
from unittest import mock

import h5py
import keras
import numpy as np
import pytest
from keras import ops
from oracles import oracle
from pictures import SHARED, bicubic, photographs, scene, worse

from keras_gans import metrics
from keras_gans.backend import input_gradient
from keras_gans.files import sha256_of
from keras_gans.pretrained import lpips_files, lpips_weights
from keras_gans.pretrained.lpips_networks import SMALLEST, build_lpips

CAFFE = "squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5"


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    """The folder of SqueezeNet in Keras's format, and of all heads."""
    models = SHARED / "weights" / "third_party_models.tar.gz"
    if not models.exists():
        pytest.skip("needs ../shared/weights/third_party_models.tar.gz")
    folder = tmp_path_factory.mktemp("lpips")
    with tarfile.open(models) as archive:
        for member in archive.getmembers():
            if "lpips" in member.name or member.name.endswith(CAFFE):
                member.name = pathlib.Path(member.name).name
                archive.extract(member, folder)
    return folder


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """The folder of a SqueezeNet and heads with random weights."""
    torch = pytest.importorskip("torch", reason="PyTorch writes the files")
    folder = tmp_path_factory.mktemp("made")
    model = build_lpips("squeeze")
    save_torch_weights(model, folder / "backbone.pth")
    heads = {
        f"{layer.name}.model.1.weight": torch.tensor(
            np.abs(layer.get_weights()[0]).transpose(3, 2, 0, 1).copy()
        )
        for layer in model.layers
        if layer.name.startswith("lin")
    }
    torch.save(heads, folder / "heads.pth")
    return folder


def save_torch_weights(model, path):
    import torch

    state = {"classifier.1.weight": torch.zeros(3, 5, 1, 1)}
    for layer in model.get_layer("features").layers:
        if layer.weights:
            kernel, bias = map(torch.tensor, layer.get_weights())
            name = layer.name.replace("_", ".")
            state[f"{name}.weight"] = kernel.permute(3, 2, 0, 1)
            state[f"{name}.bias"] = bias
    torch.save(state, path)


@pytest.fixture(scope="session")
def network(made):
    return metrics.load_lpips(
        "squeeze", made / "backbone.pth", made / "heads.pth"
    )


@pytest.fixture(scope="session")
def caffe(files):
    return metrics.load_lpips("squeeze", files / CAFFE, files)


def random_pair(height=24, width=24, num=2, seed=0):
    rng = np.random.default_rng(seed)
    return rng.uniform(-1, 1, (2, num, height, width, 3)).astype("float32")


def theirs(backbone, model, calibrated=True):
    """The network of the package `lpips`, with our backbone's weights."""
    library = oracle("lpips")
    import torch

    class Small(torch.nn.Linear):
        def __init__(self, *_):
            super().__init__(1, 1)

    # Without the classifiers' 130 million weights, which it does not use.
    with mock.patch.object(torch.nn, "Linear", Small):
        network = library.LPIPS(
            net=backbone, pnet_rand=True, lpips=calibrated, verbose=False
        )
    features = model.get_layer("features")
    for part in network.net.children():
        for name, module in part.named_modules():
            if isinstance(module, torch.nn.Conv2d):
                layer = features.get_layer(f"features_{name.replace('.', '_')}")
                kernel, bias = map(torch.tensor, layer.get_weights())
                module.weight.data = kernel.permute(3, 2, 0, 1).contiguous()
                module.bias.data = bias

    def distance(real, fake):
        pair = [torch.tensor(x).permute(0, 3, 1, 2) for x in (real, fake)]
        with torch.no_grad():
            return network(*pair).numpy().ravel()

    return distance


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("size", [(24, 24), (17, 34)])
def test_squeeze_as_the_package_lpips(caffe, size):
    real, fake = random_pair(*size)
    expected = theirs("squeeze", caffe.model)(real, fake)
    ours = ops.convert_to_numpy(caffe(real, fake))
    assert (expected > 0.05).all()
    np.testing.assert_allclose(ours, expected, rtol=1e-4)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_unweighted_as_the_package_lpips(made):
    network = metrics.load_lpips("squeeze", made / "backbone.pth", linear=False)
    assert network.name == "squeeze_custom_unweighted"
    real, fake = random_pair()
    expected = theirs("squeeze", network.model, calibrated=False)(real, fake)
    ours = ops.convert_to_numpy(network(real, fake))
    np.testing.assert_allclose(ours, expected, rtol=1e-4)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("backbone", ["squeeze", "alex", "vgg"])
@pytest.mark.oracle
def test_geometry_and_heads_as_the_package_lpips(backbone):
    library = oracle("lpips")
    model = build_lpips(backbone)
    heads = pathlib.Path(library.__file__).parent / "weights" / "v0.1"
    lpips_weights.load_heads(model, heads / f"{backbone}.pth")
    assert lpips_files.is_published(
        lpips_files.HEAD_FILES[backbone], heads / f"{backbone}.pth"
    )
    distance = theirs(backbone, model)
    real, fake = random_pair(SMALLEST[backbone], 34)
    ours = ops.convert_to_numpy(model([real, fake]))
    np.testing.assert_allclose(ours, distance(real, fake), rtol=1e-4)


def test_caffe_weights_see_bgr_less_the_mean(files, caffe):
    with h5py.File(files / CAFFE) as file:
        kernel = file["conv1/uniform1"][()]
        bias = file["conv1/conv1_b"][()]
    image = scene(9, 9)
    window = image[2:5, 4:7, ::-1] - np.array([104.006, 116.669, 122.679])
    expected = np.maximum(np.tensordot(window, kernel, 3) + bias, 0)
    assert caffe.name == "squeeze_caffe"
    features = caffe.model.get_layer("features")
    first = keras.Model(features.input, features.outputs[0])
    ours = first(image[None].astype("float32") / 127.5 - 1.0)
    ours = ops.convert_to_numpy(ours)[0, 1, 2]
    assert expected.max() > 10
    np.testing.assert_allclose(ours, expected, rtol=1e-4, atol=1e-2)


def test_files_of_another_network_are_refused(made, network):
    assert network.name == "squeeze_custom_custom_heads"
    backbone = made / "backbone.pth"
    with pytest.raises(ValueError, match=r"'features_2'; .*Received: \[\]"):
        metrics.load_lpips("vgg", backbone, made / "heads.pth")
    with pytest.raises(ValueError, match=r"lin0'.*of another network. Rec"):
        metrics.load_lpips("squeeze", backbone, backbone)
    with pytest.raises(ValueError, match=r"'features_0'; .*Received: \[\]"):
        metrics.load_lpips("squeeze", made / "heads.pth", made / "heads.pth")


def test_keras_files_of_another_network_are_refused(tmp_path):
    path = tmp_path / "weights.h5"
    with h5py.File(path, "w") as file:
        file["block1_conv1/block1_conv1_W"] = np.zeros((3, 3, 3, 64))
    with pytest.raises(ValueError, match=r"'features_0'; .*Received: \[\]"):
        metrics.load_lpips("squeeze", path)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ValueError, match=r"HDF5 file.*damaged\. Received"):
        metrics.load_lpips("squeeze", path)


def test_equal_images_have_distance_zero_and_a_gradient(network):
    real = random_pair()[0]
    black = np.full_like(real, -1.0)
    for images in (real, black):
        assert ops.convert_to_numpy(network(images, images)).max() == 0.0
    gradient = input_gradient(
        lambda x: network(real, x), ops.convert_to_tensor(real)
    )
    assert np.isfinite(ops.convert_to_numpy(gradient)).all()


def test_gradient_by_finite_differences(network):
    real, fake = random_pair()
    gradient = ops.convert_to_numpy(
        input_gradient(lambda x: network(real, x), ops.convert_to_tensor(fake))
    )
    length = np.linalg.norm(gradient)
    step = (0.02 * gradient / length).astype("float32")
    ends = [
        ops.convert_to_numpy(network(real, ops.convert_to_tensor(x))).sum()
        for x in (fake + step, fake - step)
    ]
    assert (ends[0] - ends[1]) / 0.04 == pytest.approx(length, rel=0.05)


@pytest.mark.parametrize("linear", [True, False])
def test_a_larger_enlargement_is_farther(files, linear):
    image = photographs("Set5")[2]
    network = metrics.load_lpips("squeeze", files / CAFFE, files, linear)
    distances = [
        float(network(image[None], bicubic(image, factor)[None])[0])
        for factor in (1, 2, 4)
    ]
    assert distances[0] < 1e-3 < distances[1] < distances[2]


def test_grey_images_stand_for_three_channels(network):
    real, fake = random_pair()
    grey = network(real[..., :1], fake[..., :1])
    colored = network(*(np.repeat(x[..., :1], 3, 3) for x in (real, fake)))
    np.testing.assert_array_equal(*map(ops.convert_to_numpy, (grey, colored)))


def test_metric_streams_merges_and_has_a_record(made):
    real = np.stack([scene(24, 24, seed) for seed in range(4)])
    fake = np.stack([worse(image) for image in real])
    options = {"weights": made / "backbone.pth", "heads": made / "heads.pth"}
    whole = metrics.LPIPS("squeeze", **options)
    for i in (0, 2):
        whole.update_state(real[i : i + 2], fake[i : i + 2])
    parts = [whole.from_config(whole.get_config()) for _ in range(2)]
    assert parts[0].network is whole.network
    parts[0].update_state(real[2:], fake[2:])
    parts[1].update_state(real[:2], fake[:2])
    parts[0].merge_state(parts[1:])
    assert parts[0].result() == whole.result() > 0
    record = metrics.lpips(real, fake, "squeeze", **options, batch_size=2)
    assert record.value == whole.result()
    assert record.name == "lpips[squeeze_custom_custom_heads]"
    assert record.feature_network_checksum == whole.network.checksum
    assert record.channels is None
    grey = metrics.lpips(real[..., :1], fake[..., :1], "squeeze", **options)
    assert grey.channels == "grey repeated"
    path = metrics.PPL(whole.network)
    path.update_state(real[..., :1] / 255.0, fake[..., :1] / 255.0)
    assert path.record().channels == "grey repeated"


@pytest.fixture
def published(made):
    """The file of heads as if it were a published one."""
    checksum = sha256_of(made / "heads.pth")
    return lpips_files.WeightsFile("heads.pth", made.as_uri(), checksum[:8])


def test_the_variable_names_a_folder(made, published, monkeypatch):
    monkeypatch.setenv(lpips_files.VARIABLE, str(made))
    assert lpips_files.find(published, None) == made / "heads.pth"
    metrics.load_lpips.cache_clear()
    with pytest.raises(FileNotFoundError, match=r"Received: '.*b8a52dc0\.pth'"):
        metrics.load_lpips("squeeze")


def test_a_damaged_file_is_refused(made, published, tmp_path):
    data = bytearray((made / "heads.pth").read_bytes())
    data[-1] ^= 1
    (tmp_path / "heads.pth").write_bytes(data)
    with pytest.raises(ValueError, match=r"damaged.*Received: [0-9a-f]{64}"):
        lpips_files.find(published, tmp_path)


def test_downloads_once_and_keeps_only_what_is_right(
    published, tmp_path, monkeypatch
):
    monkeypatch.delenv(lpips_files.VARIABLE, raising=False)
    get_file = functools.partial(keras.utils.get_file, cache_dir=tmp_path)
    monkeypatch.setattr(keras.utils, "get_file", get_file)
    nowhere = published._replace(folder="file:///nowhere")
    with pytest.raises(ConnectionError, match=r"set KERAS_GANS_LPIPS.*Rec"):
        lpips_files.find(nowhere, None)
    wrong = published._replace(sha256="0" * 64)
    with pytest.raises(ConnectionError, match="SHA-256 that begins with 0000"):
        lpips_files.find(wrong, None)
    cached = tmp_path / "keras_gans" / "heads.pth"
    assert not cached.exists()
    assert lpips_files.find(published, None) == cached
    assert lpips_files.find(nowhere, None) == cached  # No second download.


def test_bad_input(network):
    small, large = np.zeros((1, 16, 20, 3)), np.zeros((1, 20, 20, 3))
    with pytest.raises(ValueError, match=r"17 pixels or more.*Received: 16x20"):
        network(small, small)
    with pytest.raises(ValueError, match=r"Received: \(1, 16, 20, 3\) and"):
        network(small, large)
    with pytest.raises(ValueError, match=r"1 or 3 channels\. Received: 2"):
        network(large[..., :2], large[..., :2])
    with pytest.raises(ValueError, match=r"\[-1, 1\].*Received: float64"):
        network(large + 200, large)
    with pytest.raises(
        ValueError, match=r"'alex', 'squeeze'.*Received: 'vgg19'"
    ):
        metrics.load_lpips("vgg19")
