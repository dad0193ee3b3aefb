"""Parts of a generator with styles, each exported by itself."""

import json

import keras
import numpy as np
import pytest

import keras_gans
from keras_gans import latents
from keras_gans.networks.noise import fixed_noise

NAMES = {"tf_saved_model": "g", "litert": "g.tflite", "onnx": "g.onnx"}
if keras.backend.backend() != "tensorflow":
    # In another process TensorFlow converts to all of them alike.
    NAMES = {"onnx": "g.onnx"}
CLOSE = 1e-4
"""The tolerance; a level of an 8-bit image is 0.0078."""


def varied(variant, **arguments):
    """A small GAN whose noise, truncation and styles all show."""
    gan = variant(
        (8, 8, 2),
        latent_dim=4,
        style_dim=5,
        width=8,
        mapping_layers=2,
        seed=1,
        **arguments,
    )
    rng = np.random.default_rng(0)
    for weight in gan.inference_generator.weights:
        if weight.name in ("factor", "mean", "bias"):
            weight.assign(0.3 * rng.standard_normal(weight.shape))
    return gan


GANS = {
    "StyleGAN": lambda: varied(keras_gans.StyleGAN, growth=None),
    "StyleGAN2": lambda: varied(keras_gans.StyleGAN2, num_classes=3),
}


@pytest.fixture(scope="module", params=GANS)
def gan(request):
    return GANS[request.param]()


def run(path, inputs):
    """Runs an export in its runtime, as its users do."""
    inputs = {k: np.asarray(v) for k, v in inputs.items()}
    if path.suffix == ".onnx":
        import onnxruntime

        (made,) = onnxruntime.InferenceSession(str(path)).run(None, inputs)
        return made
    if path.suffix == ".tflite":
        from ai_edge_litert.interpreter import Interpreter

        runner = Interpreter(str(path)).get_signature_runner()
    else:
        import tensorflow as tf

        runner = tf.saved_model.load(str(path)).signatures["serving_default"]
        inputs = {k: tf.constant(v) for k, v in inputs.items()}
    (made,) = runner(**inputs).values()
    return np.asarray(made)


@pytest.mark.parametrize("format", NAMES)
def test_mapping_and_synthesis_in_a_row_are_the_generator(
    gan, format, tmp_path
):
    paths = {p: tmp_path / p / NAMES[format] for p in gan.parts[:2]}
    reports = {p: gan.export(path, format, part=p) for p, path in paths.items()}
    assert max(r.max_difference for r in reports.values()) < CLOSE
    taken = {name: (None, *m.shape) for name, m in gan.takes.items()}
    styles = {"styles": (None, gan.generator.get_layer("repeated").n, 5)}
    images = {"images": (None, 8, 8, 2)}
    assert reports["mapping"].inputs == taken
    assert reports["mapping"].outputs == styles
    assert reports["synthesis"].inputs == styles
    assert reports["synthesis"].outputs == images
    assert json.loads(reports["mapping"].to_json())["format"] == format
    for psi in (1.0, 0.4):
        inputs = gan.inputs_for(3, seed=2, truncation=psi)
        made = run(paths["mapping"], inputs)
        wanted = latents.to_styles(gan, **inputs)
        np.testing.assert_allclose(made, wanted, atol=CLOSE)
        made = run(paths["synthesis"], {"styles": made})
        wanted = gan.generate(3, seed=2, truncation=psi)
        np.testing.assert_allclose(made, wanted, atol=CLOSE)
    mixed = latents.to_styles(gan, num=2, seed=3)
    mixed[:, 2:] = mixed[::-1, 2:]
    np.testing.assert_allclose(
        run(paths["synthesis"], {"styles": mixed}),
        latents.from_styles(gan, mixed),
        atol=CLOSE,
    )


@pytest.mark.parametrize("format", NAMES)
def test_noise_as_an_input(gan, format, tmp_path):
    synthesis = gan.inference_generator.get_layer("synthesis")
    fixed = fixed_noise(synthesis)
    path = tmp_path / NAMES[format]
    report = gan.export(path, format, part="noisy_generator")
    assert report.max_difference < CLOSE
    assert report.inputs["noise"] == (None, len(fixed))
    inputs = gan.inputs_for(3, seed=2, truncation=0.7)
    wanted = gan.generate(3, seed=2, truncation=0.7)
    made = run(path, {**inputs, "noise": np.tile(fixed, (3, 1))})
    np.testing.assert_allclose(made, wanted, atol=CLOSE)
    drawn = np.random.default_rng(0).standard_normal((3, len(fixed)))
    other = run(path, {**inputs, "noise": drawn.astype("float32")})
    assert np.abs(other - wanted).max() > 0.1


def test_noisy_synthesis(gan, tmp_path):
    part = gan.part("noisy_synthesis")
    assert list(part.takes) == ["styles", "noise"]
    styles = latents.to_styles(gan, num=2, seed=0)
    none = np.zeros((2, part.takes["noise"].dim), "float32")
    one = none.copy()
    one[1] = np.random.default_rng(0).standard_normal(none.shape[1])
    plain, changed = (
        keras.ops.convert_to_numpy(part.network([styles, noise]))
        for noise in (none, one)
    )
    difference = np.abs(changed - plain)
    assert difference[0].max() == 0.0
    assert difference[1].max() > 0.1
    path = tmp_path / "g.onnx"
    report = gan.export(path, "onnx", part="noisy_synthesis")
    assert report.max_difference < CLOSE
    made = run(path, {"styles": styles, "noise": one})
    np.testing.assert_allclose(made, changed, atol=CLOSE)


def test_parts_that_are_not_there(gan, tmp_path):
    with pytest.raises(ValueError, match=r"'mapping'.*Received: part='map'"):
        gan.export(tmp_path / "g", part="map")
    plain = keras_gans.GAN((4, 4, 1), latent_dim=2, units=6)
    assert plain.parts == ()
    with pytest.raises(ValueError, match=r"\[None\]. Received: part='mapping'"):
        plain.export(tmp_path / "g", part="mapping")
    assert not list(tmp_path.iterdir())
