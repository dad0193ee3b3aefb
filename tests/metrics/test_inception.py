"""Our Inception against others' with the same random weights."""

import inception_files
import keras
import numpy as np
import pytest
from oracles import bare, oracle

from keras_gans import metrics
from keras_gans.metrics.features import networks
from keras_gans.pretrained.inception_weights import read_inception_weights

pytestmark = pytest.mark.filterwarnings("ignore:.*does not hold the weights")


@pytest.fixture(scope="module")
def arrays():
    return inception_files.random_arrays()


@pytest.fixture(scope="module")
def pth(arrays, tmp_path_factory):
    pytest.importorskip("torch", reason="PyTorch writes the file")
    path = tmp_path_factory.mktemp("weights") / "random.pth"
    inception_files.write_pth(path, arrays)
    return path


@pytest.fixture(scope="module")
def network(pth):
    """Every tap of one network, from images in [-1, 1] to five outputs."""
    network = metrics.build_inception("logits", "zeros")
    weights, _ = read_inception_weights(pth, inception_files.shapes())
    for layer in network.layers:
        if layer.weights:
            layer.set_weights(weights[layer.name])
    pools = [network.get_layer(x).output for x in ("pool", "pool_1")]
    mixed = network.get_layer("mixed_7_join").output
    taps = [keras.ops.mean(x, axis=(1, 2)) for x in (*pools, mixed)]
    outputs = [*taps, network.get_layer("pool_3").output, network.output]
    return keras.Model(network.input, outputs)


@pytest.fixture(scope="module")
def images():
    rng = np.random.default_rng(1)
    return rng.integers(0, 256, (3, 299, 299, 3), dtype="uint8")


def check(ours, theirs):
    for own, other in zip(ours, theirs, strict=True):
        own, other = keras.ops.convert_to_numpy(own), np.asarray(other)
        assert own.shape == other.shape
        assert other.std() > 0.02
        error = np.linalg.norm(own - other) / np.linalg.norm(other)
        assert error < 1e-5
        np.testing.assert_allclose(own, other, atol=1e-5 * abs(other).max())


@pytest.mark.oracle
def test_every_tap_is_pytorch_fids(network, images, arrays):
    module = oracle("pytorch_fid.inception")
    import torch

    theirs = bare("pytorch_fid.inception", module.fid_inception_v3)
    theirs.load_state_dict(inception_files.state_dict(arrays))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "fid_inception_v3", lambda: theirs)
        wrapped = module.InceptionV3([0, 1, 2, 3]).eval()
    pixels = torch.from_numpy(images).permute(0, 3, 1, 2) / 255
    with torch.no_grad():
        maps = wrapped(pixels)
        logits = theirs.eval()(2 * pixels - 1)
    expected = [m.mean((2, 3)) for m in maps]
    check(network(images / np.float32(127.5) - 1), [*expected, logits])


@pytest.mark.oracle
def test_every_tap_is_torch_fidelitys(network, images, arrays):
    name = "torch_fidelity.feature_extractor_inceptionv3"
    make = oracle(name).FeatureExtractorInceptionV3
    import torch

    taps = ["64", "192", "768", "2048", "logits"]
    theirs = bare(name, lambda: make("random", taps))
    theirs.load_state_dict(inception_files.state_dict(arrays), strict=False)
    expected = theirs.eval()(torch.from_numpy(images).permute(0, 3, 1, 2))
    check(network((images - np.float32(128)) / 128), expected)


def test_the_head_gives_logits_without_bias(network, images, pth, arrays):
    extractor = metrics.load_inception(2048, "legacy_pytorch", pth)
    features = extractor(images)
    assert (features.dtype, extractor.dimensions) == ("float32", 2048)
    *_, logits = network(images / np.float32(127.5) - 1)
    logits = keras.ops.convert_to_numpy(logits)
    unbiased = logits - arrays["softmax/biases"]
    # Sums of 2,048 products, in float64 and in float32, of up to a hundred.
    np.testing.assert_allclose(
        extractor.head(features), unbiased, rtol=1e-5, atol=1e-4
    )


def test_the_batch_size_changes_no_feature(pth):
    rng = np.random.default_rng(2)
    images = rng.integers(0, 256, (9, 32, 32, 3), dtype="uint8")
    extractor = metrics.load_inception(2048, weights=pth)
    one, seven, many = (extractor(images, size) for size in (1, 7, 256))
    scale = 1e-6 * abs(many).max()
    np.testing.assert_allclose(one, many, rtol=0, atol=scale)
    np.testing.assert_allclose(seven, many, rtol=0, atol=scale)
    backwards = extractor(images[::-1], 4)[::-1]
    np.testing.assert_allclose(backwards, many, rtol=0, atol=scale)


def test_images_of_any_size_and_grey_ones(pth):
    rng = np.random.default_rng(3)
    extractor = metrics.load_inception(64, "legacy_tensorflow", pth)
    assert extractor.name == "inception_64/legacy_tensorflow"
    assert (extractor.resize, extractor.dimensions) == ("legacy_tensorflow", 64)
    grey = rng.integers(0, 256, (2, 40, 28, 1), dtype="uint8")
    colour = np.repeat(grey, 3, axis=-1)
    np.testing.assert_allclose(
        extractor(grey), extractor(colour), rtol=1e-5, atol=1e-6
    )
    with pytest.raises(ValueError, match=r"299, 299, 3.*\(40, 28, 4\)"):
        extractor(np.zeros((1, 40, 28, 4), "uint8"))


def test_mixed_precision_changes_nothing(pth):
    images = np.random.default_rng(4).integers(0, 256, (2, 32, 32, 3))
    images = images.astype("uint8")
    expected = metrics.load_inception(192, weights=pth)(images)
    keras.config.set_dtype_policy("mixed_bfloat16")
    networks._load_inception.cache_clear()
    features = metrics.load_inception(192, weights=pth)(images)
    np.testing.assert_allclose(features, expected, rtol=1e-5, atol=1e-6)


def test_the_pooling_of_the_2015_graph():
    # A mean over the pixels that are there: 4 in a corner, 6 on an edge.
    network = metrics.build_inception(2048, "zeros")
    pool = network.get_layer("mixed_9_tower_2_pool")
    ones = pool(np.ones((1, 8, 8, 2), "float32"))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(ones), 1, rtol=1e-6)
    assert isinstance(
        network.get_layer("mixed_10_tower_2_pool"), keras.layers.MaxPooling2D
    )


def test_bad_taps():
    with pytest.raises(ValueError, match="Received: 1024"):
        metrics.build_inception(1024)
    with pytest.raises(ValueError, match="tap='logits', resize='clean'"):
        metrics.load_inception("logits")
    with pytest.raises(ValueError, match="tap=64, resize='nearest'"):
        metrics.load_inception(64, "nearest")
