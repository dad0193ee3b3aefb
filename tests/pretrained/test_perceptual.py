"""Perceptual networks by name, from real files or random ones."""

import pathlib
import tarfile

import keras
import numpy as np
import pytest
from contract import EAGER, rows_for, tiny
from keras import ops
from pictures import SHARED

from keras_gans.files import sha256_of_weights
from keras_gans.pretrained import perceptual
from keras_gans.pretrained.perceptual import load_features

IMAGES = np.random.default_rng(0).uniform(-1, 1, (1, 32, 48, 3))


def features(network):
    return ops.convert_to_numpy(network(IMAGES.astype("float32")))


@pytest.fixture(scope="module")
def squeeze(tmp_path_factory):
    models = SHARED / "weights" / "third_party_models.tar.gz"
    if not models.exists():
        pytest.skip("needs ../shared/weights/third_party_models.tar.gz")
    folder = tmp_path_factory.mktemp("squeeze")
    with tarfile.open(models) as archive:
        for member in archive.getmembers():
            if member.name.endswith("kernels_notop.h5"):
                member.name = pathlib.Path(member.name).name
                archive.extract(member, folder)
                return folder / member.name


def test_squeeze(squeeze, monkeypatch):
    monkeypatch.setenv("KERAS_GANS_LPIPS", str(squeeze))
    network = load_features("squeeze")
    maps = features(network)
    assert maps.shape == (1, 1, 2, 512)
    assert maps.min() == 0 and maps.std() > 0.1
    assert not network.trainable_weights


def random_file(folder, network):
    torch = pytest.importorskip("torch", reason="PyTorch writes the file")
    state = {}
    for layer in network.get_layer("features").layers:
        if layer.weights:
            kernel, bias = map(torch.tensor, layer.get_weights())
            name = layer.name.replace("_", ".")
            state[f"{name}.weight"] = kernel.permute(3, 2, 0, 1)
            state[f"{name}.bias"] = bias
    torch.save(state, folder / "vgg.pth")
    return folder / "vgg.pth"


def test_vgg16_is_known_by_the_checksum_of_its_convolutions(
    tmp_path, monkeypatch
):
    network = perceptual.build_lpips("vgg")
    monkeypatch.setenv("KERAS_GANS_LPIPS", str(random_file(tmp_path, network)))
    with pytest.raises(ValueError, match=r"must be those of vgg16-397923af"):
        load_features("vgg16")
    weights = network.get_layer("features").get_weights()
    known = {"vgg": sha256_of_weights(weights)}
    monkeypatch.setattr(perceptual, "CONVOLUTIONS", known)
    before, after = (
        features(load_features("vgg16", activated))
        for activated in (False, True)
    )
    assert before.shape == (1, 2, 3, 512) and before.min() < 0
    np.testing.assert_allclose(np.maximum(before, 0), after, atol=1e-6)


def test_vgg19_is_that_of_keras_with_its_preprocessing(monkeypatch):
    real = keras.applications.VGG19
    made = []

    def random(include_top, weights):
        assert (include_top, weights) == (False, "imagenet")
        made.append(real(include_top=False, weights=None))
        return made[-1]

    monkeypatch.setattr(keras.applications, "VGG19", random)
    keras.config.set_dtype_policy("mixed_bfloat16")
    network = load_features("vgg19")
    assert network.compute_dtype == "float32"
    assert keras.config.dtype_policy().name == "mixed_bfloat16"
    keras.config.set_dtype_policy("float32")
    prepared = keras.applications.vgg19.preprocess_input(
        (IMAGES + 1) * 127.5
    ).astype("float32")
    inner = keras.Model(
        made[0].inputs, made[0].get_layer("block5_conv4").output
    )
    after = features(network)
    np.testing.assert_allclose(
        after, ops.convert_to_numpy(inner(prepared)), rtol=1e-3, atol=1e-4
    )
    monkeypatch.setattr(keras.applications, "VGG19", lambda **_: made[0])
    before = features(load_features("vgg19", activated=False))
    assert before.min() < 0
    np.testing.assert_allclose(np.maximum(before, 0), after, atol=1e-4)


def test_vgg19_without_a_connection(monkeypatch):
    def fail(**_):
        raise OSError("no route")

    monkeypatch.setattr(keras.applications, "VGG19", fail)
    with pytest.raises(ConnectionError, match=r'perceptual="vgg16".*no route'):
        load_features("vgg19")


def test_an_unknown_network():
    with pytest.raises(ValueError, match="perceptual='alex'"):
        load_features("alex")


def test_training_loads_the_network_and_files_hold_its_checksum(
    squeeze, tmp_path, monkeypatch
):
    monkeypatch.setenv("KERAS_GANS_LPIPS", str(tmp_path / "missing"))
    shape = {"image_shape": (32, 32, 1), "pixel_steps": None}
    gan = tiny("SRGAN", perceptual="squeeze", run_eagerly=EAGER, **shape)
    rows = rows_for(gan, 4)
    # Without its file a GAN can be built, saved, loaded and used.
    gan.save_to_preset(tmp_path / "untrained")
    gan = type(gan).from_preset(tmp_path / "untrained")
    gan.compile(run_eagerly=EAGER)
    with pytest.raises(FileNotFoundError, match="squeezenet"):
        gan.fit(rows, batch_size=4, verbose=0)
    monkeypatch.setenv("KERAS_GANS_LPIPS", str(squeeze))
    logs = gan.fit(rows, batch_size=4, verbose=0).history
    assert logs["content"][0] > 0
    gan.save_to_preset(tmp_path / "trained")
    monkeypatch.setenv("KERAS_GANS_LPIPS", str(tmp_path / "missing"))
    loaded = type(gan).from_preset(tmp_path / "trained")
    np.testing.assert_array_equal(
        gan.generate(inputs=rows["inputs"]),
        loaded.generate(inputs=rows["inputs"]),
    )
    # With other weights it is refused once they are needed.
    monkeypatch.setenv("KERAS_GANS_LPIPS", str(squeeze))
    sums = loaded._helpers.checksums()
    loaded._helpers.check(sums)
    assert loaded.helper("perceptual")
    again = type(gan).from_preset(tmp_path / "trained")
    again._helpers.check({"perceptual": "0" * 64})
    with pytest.raises(ValueError, match="other weights of the helper"):
        again.helper("perceptual")
