"""LiteRT files of int8."""

import sys
import zipfile

import keras
import numpy as np
import pytest
from conditional import NAMES, conditional
from contract import tiny

import keras_gans
from keras_gans.exporting.quantizing import draw_examples
from keras_gans.modalities import Image

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow",
    reason="The files that are quantized are the same everywhere",
)
quantizer = pytest.importorskip("ai_edge_quantizer")


def run(path, inputs):
    from ai_edge_litert.interpreter import Interpreter

    return Interpreter(str(path)).get_signature_runner()(**inputs)["images"]


@pytest.fixture(scope="module")
def gan():
    return conditional(8)


@pytest.mark.parametrize(
    "quantize, exact", [("dynamic_int8", 0.02), ("int8", 0.05)]
)
def test_int8_keeps_names_types_and_refusals(gan, quantize, exact, tmp_path):
    path = tmp_path / "g.tflite"
    report = gan.export(path, "litert", quantize=quantize)
    assert 1e-4 < report.mean_difference < exact
    assert report.mean_difference < report.max_difference
    with zipfile.ZipFile(path) as archive:
        assert archive.read("labels.txt").decode().split("\n") == NAMES
    inputs = gan.inputs_for(6, seed=3)
    wanted = gan.generate_from(inputs)["images"]
    assert np.abs(run(path, inputs) - wanted).mean() < exact
    inputs["labels"][:] = [0, 3, 1, -1, 2, 2]
    made = run(path, inputs)
    assert made.dtype == "float32"
    assert np.isnan(made[[1, 3]]).all() and np.isfinite(made[[0, 2, 4]]).all()


@pytest.mark.parametrize("variant", ["StyleGAN2", "TransGAN", "DFGAN"])
def test_products_of_matrices(variant, tmp_path):
    """Some have their weights on the left, some on the right."""
    path = tmp_path / "g.tflite"
    report = tiny(variant).export(path, "litert", quantize="dynamic_int8")
    assert 0 < report.mean_difference < 0.1


def test_what_is_far_from_keras_is_refused_with_what_is_nearer(tmp_path):
    # StyleGAN2 multiplies weights by styles in the graph.
    path = tmp_path / "g.tflite"
    with pytest.raises(RuntimeError, match="'dynamic_int8' is more exact"):
        tiny("StyleGAN2").export(path, "litert", quantize="int8")
    assert not path.exists()


def test_weights_of_int8_are_a_quarter_of_the_file(tmp_path):
    gan = keras_gans.GAN((8, 8, 1), latent_dim=64, units=256, seed=0)
    report = gan.export(tmp_path / "g.tflite", "litert", quantize="int8")
    assert report.bytes < 0.35 * 4 * gan.generator.count_params()


def saturating():
    """A generator whose background is far beyond where tanh ends."""
    z = keras.Input((8,), name="latents")
    dense = keras.layers.Dense(2)
    images = keras.layers.Activation("tanh")(
        keras.layers.Reshape((1, 2, 1))(dense(z))
    )
    network = keras.Model(z, images)
    dense.kernel.assign(0.3 * np.eye(8, 2))
    dense.bias.assign([-200.0, 0.0])
    gan = keras_gans.GAN((1, 2, 1), latent_dim=8, generator=network)
    return gan


def test_greys_beside_a_black_background(tmp_path):
    path = tmp_path / "g.tflite"
    gan = saturating()
    report = gan.export(path, "litert", quantize="int8")
    # 256 steps from -200 up would be 0.8 wide, and those from -4 are 0.03.
    assert report.max_difference < 0.05
    black = run(path, gan.inputs_for(3, seed=0))[:, 0, 0, 0]
    np.testing.assert_allclose(black, -1.0, atol=0.005)


def test_images_have_to_be_given(tmp_path):
    x = keras.Input((4, 4, 1))
    y = keras.layers.Conv2D(1, 3, padding="same")(x)
    part = keras_gans.engine.declarations.Part(
        keras.Model(x, y), {"inputs": Image(4, 4, 1)}, {}
    )
    with pytest.raises(ValueError, match=r"examples.*\['inputs'\]. Received"):
        draw_examples(part, None, None)
    with pytest.raises(ValueError, match=r"\['photos'\]. Received"):
        draw_examples(part, {"inputs": [], "photos": []}, None)
    levels = np.arange(48).reshape(3, 4, 4, 1).astype("uint8")
    batches = draw_examples(part, {"inputs": levels}, 2)
    assert [b["inputs"].shape for b in batches] == [(2, 4, 4, 1)] * 2
    # The last batch begins again where rows are missing.
    np.testing.assert_allclose(
        batches[1]["inputs"], levels[[2, 0]] / 127.5 - 1, atol=1e-6
    )


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"quantize": "int4"}, ValueError, "'int8'.* Received: .*int4"),
        ({"quantize": "float16", "examples": {}}, ValueError, "nothing else"),
        ({"quantize": "int8"}, ImportError, r"\[litert\].*ai_edge_quantizer"),
    ],
)
def test_what_cannot_be(gan, arguments, error, message, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ai_edge_quantizer", None)
    with pytest.raises(error, match=message):
        gan.export(tmp_path / "g.tflite", "litert", **arguments)
    assert not list(tmp_path.iterdir())
