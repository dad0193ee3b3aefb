import json
import sys

import keras
import numpy as np
import pytest
from conditional import conditional
from keras import layers, ops

import keras_gans
from keras_gans import ConditionalGAN, exporting
from keras_gans.modalities import ClassLabel
from keras_gans.networks.copying import float32_copy

NAMES = {
    "tf_saved_model": "g",
    "litert": "g.tflite",
    "onnx": "g.onnx",
    "openvino": "g",
}


def vary(gan):
    # Weights at which the images reach from black to white.
    rng = np.random.default_rng(0)
    for weight in gan.inference_generator.weights:
        noise = 0.3 * rng.standard_normal(weight.shape)
        weight.assign(noise if len(weight.shape) > 1 else 1 + noise)
    return gan


def dcgan(width=4, **kwargs):
    return vary(keras_gans.DCGAN((16, 24, 3), 8, width, **kwargs))


@pytest.fixture(scope="module")
def gan():
    gan = dcgan(ema_decay=0.9)
    assert np.ptp(gan.generate(8, seed=0)) > 1
    return gan


def run(path, inputs):
    if path.suffix == ".onnx":
        import onnxruntime

        session = onnxruntime.InferenceSession(str(path))
        return session.run(["images"], inputs)[0]
    from ai_edge_litert.interpreter import Interpreter

    return Interpreter(str(path)).get_signature_runner()(**inputs)["images"]


@pytest.mark.parametrize("format", ["litert", "onnx"])
def test_files_give_the_average_generators_images(gan, format, tmp_path):
    path = tmp_path / NAMES[format]
    report = gan.export(path, format)
    z = gan.sample_latents(5, seed=1)
    expected = gan.generate(5, latents=z)
    assert np.abs(expected - ops.convert_to_numpy(gan.generator(z))).max() > 0.1
    for n in (1, 5):
        images = run(path, {"latents": z[:n]})
        np.testing.assert_allclose(images, expected[:n], atol=1e-4)
    assert report.max_difference < 1e-4
    assert report.bytes == path.stat().st_size
    assert report.inputs == {"latents": (None, 8)}
    assert report.outputs == {"images": (None, 16, 24, 3)}
    assert json.loads(report.to_json())["runtime"] == report.runtime
    assert report.runtime in str(report)


def test_fixed_batch_size_in_place_of_an_older_export(gan, tmp_path):
    path = tmp_path / "g.onnx"
    path.write_bytes(b"old")
    report = gan.export(path, "onnx", batch_size=3)
    assert report.outputs == {"images": (3, 16, 24, 3)}
    assert [p.name for p in tmp_path.iterdir()] == ["g.onnx"]
    with pytest.raises(Exception, match="Got: 2 Expected: 3"):
        run(path, {"latents": gan.sample_latents(2)})


@pytest.mark.parametrize("format", ["litert", "onnx"])
def test_mixed_precision_is_exported_as_float32(format, tmp_path):
    gan = dcgan(dtype="mixed_bfloat16")
    report = gan.export(tmp_path / NAMES[format], format)
    assert report.max_difference < 1e-4


def test_float32_copy_reaches_the_layers_of_wrappers():
    x = keras.Input((4, 8))
    inner = layers.TimeDistributed(layers.Dense(2, dtype="mixed_bfloat16"))
    model = keras.Model(x, keras.Sequential([inner])(x))
    assert inner.layer.compute_dtype == "bfloat16"
    copy = float32_copy(model)
    assert {layer.compute_dtype for layer in copy._flatten_layers()} == {
        "float32"
    }
    np.testing.assert_array_equal(copy.get_weights()[0], model.get_weights()[0])


def test_float16_halves_the_file(tmp_path):
    gan = dcgan(width=32)
    report = gan.export(tmp_path / "g.tflite", "litert", quantize="float16")
    assert report.bytes < 0.6 * 4 * gan.generator.count_params()
    assert 1e-6 < report.max_difference < 0.01


def test_export_without_verification(gan, tmp_path):
    report = gan.export(tmp_path / "g.tflite", "litert", verify=False)
    assert report.max_difference is report.runtime is None
    assert "not verified" in str(report)


@pytest.mark.parametrize(
    "path, arguments, message",
    [
        ("g.tflite", {"format": "litrt"}, "'litert'.* Received: 'litrt'"),
        ("g.onnx", {"format": "litert"}, r"'\.tflite'. Received: path=.*onnx"),
        ("g.onnx", {}, "is a folder. Received: path=.*onnx"),
        ("g", {"format": "onnx"}, r"'\.onnx'. Received"),
        ("g", {"batch_size": 0}, "at least 1, or None for any. Received: 0"),
        ("g", {"quantize": "float16"}, "Received: quantize='float16'"),
        (".", {}, "new, empty or an older export. Received"),
        (".", {"format": "web"}, "new, empty or an older export. Received"),
    ],
)
def test_arguments_that_cannot_be(gan, path, arguments, message, tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(ValueError, match=message):
        gan.export(tmp_path / path, **arguments)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    "format, package, line",
    [
        ("onnx", "tf2onnx", r'"keras-gans\[onnx\]"'),
        ("openvino", "openvino", r'"keras-gans\[openvino\]"'),
        ("litert", "ai_edge_litert", '"keras-gans"'),
        ("tf_saved_model", "tensorflow", '"keras-gans"'),
    ],
)
def test_missing_package(gan, format, package, line, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=f"pip install {line}.*Received"):
        gan.export(tmp_path / NAMES[format], format)
    assert not list(tmp_path.iterdir())


def test_openvino_names_what_goes_in_and_out(tmp_path):
    openvino = pytest.importorskip("openvino")
    gan = conditional(4)
    gan.export(tmp_path / "g", "openvino", verify=False)
    file = tmp_path / "g" / "generator.xml"
    model = openvino.Core().read_model(file)
    assert {x.any_name for x in model.inputs} == {"latents", "labels"}
    run = openvino.Core().compile_model(
        model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )
    inputs = gan.inputs_for(3, seed=0)
    wanted = gan.generate_from(inputs)["images"]
    np.testing.assert_allclose(run(inputs)["images"], wanted, atol=1e-5)
    inputs["labels"][:] = [0, 3, 1]
    assert np.isnan(run(inputs)["images"][1]).all()
    assert (tmp_path / "g" / "labels.txt").read_text("utf-8").startswith("Bag")


def contents(folder):
    files = [p for p in folder.rglob("*") if p.is_file()]
    return {p: p.read_bytes() for p in files}


def test_folder_is_put_back_if_the_new_one_cannot_take_its_place(tmp_path):
    old = tmp_path / "g"
    old.mkdir()
    (old / "saved_model.pb").write_bytes(b"old")
    (tmp_path / "draft").mkdir()
    with pytest.raises(OSError):
        # A draft that vanished stands for a move that the system refuses.
        exporting.replace(tmp_path / "draft" / "g", old)
    assert contents(tmp_path) == {old / "saved_model.pb": b"old"}


def test_wrong_images_are_refused(gan, tmp_path, monkeypatch):
    path = tmp_path / "g.onnx"
    path.write_bytes(b"old")
    convert = exporting.convert

    def convert_others(generator, *rest):
        for weight in generator.weights:
            weight.assign(0.5 * weight)
        convert(generator, *rest)

    monkeypatch.setattr(exporting, "convert", convert_others)
    with pytest.raises(RuntimeError, match=r"'images' in onnx.* is not"):
        gan.export(path, "onnx")
    assert contents(tmp_path) == {path: b"old"}


def test_every_class_is_tried(tmp_path):
    gan = ConditionalGAN((8, 8, 1), 1, latent_dim=4, units=24, seed=1)
    assert gan.export(tmp_path / "one.onnx", "onnx").max_difference < 1e-4
    gan.takes["labels"] = ClassLabel(3)
    part = gan.part()
    signature = exporting.Signature(part, exporting.named_copy(part), None)
    drawn = signature.sample(50)["labels"]
    assert set(drawn.tolist()) == {0, 1, 2}
