import json
import resource
import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gans
from keras_gans import ConditionalGAN, exporting

NAMES = {"tf_saved_model": "g", "litert": "g.tflite", "onnx": "g.onnx"}
SAVED_MODEL_USER = """
import sys
sys.modules["keras_gans"] = None
import numpy as np, tensorflow as tf
serve = tf.saved_model.load("g").signatures["serving_default"]
z = np.load("z.npy")
for n in (1, 5):
    np.save(f"{n}.npy", serve(latents=tf.constant(z[:n]))["images"])
"""


class Own(layers.Layer):
    """A user's layer, which nobody registered."""

    def call(self, x):
        return ops.sin(x)


class Inverse(layers.Layer):
    """What LiteRT alone cannot run."""

    def call(self, x):
        return ops.erfinv(ops.tanh(x))


def vary(gan):
    # Weights at which the images reach from black to white.
    rng = np.random.default_rng(0)
    for weight in gan.inference_generator.weights:
        noise = 0.3 * rng.standard_normal(weight.shape)
        weight.assign(noise if len(weight.shape) > 1 else 1 + noise)
    return gan


def dcgan(width=4, **kwargs):
    return vary(keras_gans.DCGAN((16, 16, 3), 8, width, **kwargs))


@pytest.fixture(scope="module")
def gan():
    gan = dcgan(ema_decay=0.9)
    assert np.ptp(gan.generate(8, seed=0)) > 1
    return gan


def gan_of(inputs, x):
    """A GAN of one's own generator, of the last layers `x` to 16x16."""
    x = layers.Reshape((4, 4, 4))(layers.Dense(64)(x))
    for filters in (4, 1):
        x = keras_gans.layers.UpsamplingConv2D(filters)(x)
    images = layers.Activation("tanh", dtype="float32")(x)
    return vary(
        keras_gans.DCGAN(
            (16, 16, 1),
            latent_dim=8,
            width=4,
            generator=keras.Model(inputs, images),
        )
    )


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
    assert report.outputs == {"images": (None, 16, 16, 3)}
    assert json.loads(report.to_json())["runtime"] == report.runtime
    assert report.runtime in str(report)


def test_saved_model_runs_without_this_package(gan, tmp_path):
    gan.export(tmp_path / "g", verify=False)
    z = gan.sample_latents(5, seed=1)
    np.save(tmp_path / "z.npy", z)
    command = [sys.executable, "-c", SAVED_MODEL_USER]
    subprocess.run(command, cwd=tmp_path, check=True)
    for n in (1, 5):
        images = np.load(tmp_path / f"{n}.npy")
        expected = gan.generate(n, latents=z[:n])
        np.testing.assert_allclose(images, expected, atol=1e-4)


@pytest.mark.parametrize(
    "format, structure",
    [("tf_saved_model", list), ("litert", list), ("onnx", dict)],
)
def test_several_inputs_and_layers_of_ones_own(format, structure, tmp_path):
    z = keras.Input((8,), name="z")
    label = keras.Input((), dtype="int32", name="label")
    inner = keras.Sequential([keras.Input((8,)), Own(), layers.Dense(8)])
    x = layers.Multiply()([inner(z), layers.Embedding(2, 8)(label)])
    inputs = [z, label] if structure is list else {"label": label, "z": z}
    report = gan_of(inputs, x).export(tmp_path / NAMES[format], format)
    assert report.max_difference < 1e-4
    assert report.inputs == {"z": (None, 8), "label": (None,)}
    if format != "tf_saved_model":
        batch = {"z": np.ones((2, 8), "float32"), "label": np.int32([0, 1])}
        images = run(tmp_path / NAMES[format], batch)
        assert np.abs(images[0] - images[1]).max() > 0.1


def test_what_the_runtime_cannot_run_is_refused(tmp_path):
    path = tmp_path / "g.tflite"
    path.write_bytes(b"old")
    z = keras.Input((8,))
    with pytest.raises(RuntimeError, match=r"(?s)to 'litert'.*Erfinv"):
        gan_of(z, Inverse()(z)).export(path, "litert")
    assert contents(tmp_path) == {path: b"old"}


@pytest.mark.skipif(
    keras.backend.backend() == "tensorflow", reason="converts in this process"
)
def test_layers_of_the_running_script(tmp_path, monkeypatch):
    monkeypatch.setattr(Own, "__module__", "__main__")
    z = keras.Input((8,))
    with pytest.raises(RuntimeError, match=r"from modules: \['Own'\]"):
        gan_of(z, Own()(z)).export(tmp_path / "g.onnx", "onnx")


def test_fixed_batch_size_in_place_of_an_older_export(gan, tmp_path):
    path = tmp_path / "g.onnx"
    path.write_bytes(b"old")
    report = gan.export(path, "onnx", batch_size=3)
    assert report.outputs == {"images": (3, 16, 16, 3)}
    assert [p.name for p in tmp_path.iterdir()] == ["g.onnx"]
    with pytest.raises(Exception, match="Got: 2 Expected: 3"):
        run(path, {"latents": gan.sample_latents(2)})


def test_names_do_not_depend_on_the_session(gan, tmp_path):
    gan.generator.save(tmp_path / "g.keras")
    loaded = keras.models.load_model(tmp_path / "g.keras")
    for generator in (loaded, exporting.float32_copy(loaded)):
        signature = exporting.Signature(generator, None)
        assert signature.inputs == {"latents": (None, 8)}
    label = keras.Input((), name="label")
    model = keras.Model([label, keras.Input((8,)), keras.Input((3,))], label)
    names = list(exporting.Signature(model, None).inputs)
    assert names == ["label", "latents", "input_2"]


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
    copy = exporting.float32_copy(model)
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
        ("litert", "ai_edge_litert", r'"keras-gans\[litert\]"'),
        ("onnx", "tf2onnx", r'"keras-gans\[onnx\]"'),
        ("tf_saved_model", "tensorflow", '"keras-gans"'),
    ],
)
def test_missing_package(gan, format, package, line, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=f"pip install {line}.*Received"):
        gan.export(tmp_path / NAMES[format], format)
    assert not list(tmp_path.iterdir())


def contents(folder):
    files = [p for p in folder.rglob("*") if p.is_file()]
    return {p: p.read_bytes() for p in files}


@pytest.mark.parametrize("format", NAMES)
def test_disk_full_leaves_the_old_export_whole(gan, format, tmp_path):
    path = tmp_path / NAMES[format]
    if format == "tf_saved_model":
        path.mkdir()
        (path / "saved_model.pb").write_bytes(b"old")
    else:
        path.write_bytes(b"old")
    before = contents(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, hard))
    try:
        with pytest.raises(RuntimeError, match="could not be converted"):
            gan.export(path, format, verify=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert contents(tmp_path) == before
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


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
    monkeypatch.setattr(
        exporting, "convert", lambda _, *rest: convert(gan.generator, *rest)
    )
    with pytest.raises(RuntimeError, match="not those of Keras"):
        gan.export(path, "onnx")
    assert contents(tmp_path) == {path: b"old"}


def test_every_class_is_tried(tmp_path):
    gan = ConditionalGAN((8, 8, 1), 1, latent_dim=4, units=24, seed=1)
    assert gan.export(tmp_path / "one.onnx", "onnx").max_difference < 1e-4
    label = keras.Input((), dtype="int32", name="label")
    model = keras.Model(label, keras.ops.cast(label, "float32"))
    drawn = exporting.Signature(model, None, 3).sample(50)["label"]
    assert set(drawn.tolist()) == {0, 1, 2}
