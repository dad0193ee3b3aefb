import json
import zipfile

import keras
import numpy as np
import pytest
from exporting.users_variants import VARIANTS, sounds

NAMES = {"tf_saved_model": "g", "litert": "g.tflite", "onnx": "g.onnx"}
ELSEWHERE = keras.backend.backend() != "tensorflow"
in_this_process = pytest.mark.skipif(
    ELSEWHERE, reason="TensorFlow writes and runs the same files everywhere"
)
# On other backends: both inputs, and both outputs.
OTHERS = [("sounds", "litert"), ("pictures_and_depths", "onnx")]


def run(path, inputs):
    """Calls an export as its users do; returns what it makes by name."""
    if path.suffix == ".onnx":
        import onnxruntime

        session = onnxruntime.InferenceSession(str(path))
        names = [output.name for output in session.get_outputs()]
        return dict(zip(names, session.run(names, inputs), strict=True))
    if path.suffix == ".tflite":
        from ai_edge_litert.interpreter import Interpreter

        return Interpreter(str(path)).get_signature_runner()(**inputs)
    import tensorflow as tf

    serve = tf.saved_model.load(str(path)).signatures["serving_default"]
    made = serve(**{name: tf.constant(v) for name, v in inputs.items()})
    return {name: values.numpy() for name, values in made.items()}


@pytest.mark.usefixtures("one_process_for_saved_models")
@pytest.mark.parametrize("format", NAMES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_exports_make_what_the_variant_makes(variant, format, tmp_path):
    if ELSEWHERE and (variant, format) not in OTHERS:
        pytest.skip("in another process TensorFlow converts the same copy")
    gan = VARIANTS[variant]()
    path = tmp_path / NAMES[format]
    report = gan.export(path, format)
    assert report.max_difference < 1e-5
    assert report.inputs == {n: (None, *m.shape) for n, m in gan.takes.items()}
    assert report.outputs == {n: (None, *m.shape) for n, m in gan.makes.items()}
    rng = np.random.default_rng(3)
    inputs = {name: m.noise(4, rng) for name, m in gan.takes.items()}
    expected = gan.generate_from(inputs)
    made = run(path, inputs)
    assert set(made) == set(gan.makes)
    for name, values in expected.items():
        assert np.ptp(values) > 0.5
        np.testing.assert_allclose(made[name], values, atol=1e-5)
    # Outputs that are alike could be exchanged without notice.
    first, *others = expected.values()
    for other in others:
        assert np.abs(first - other).max() > 0.5


@in_this_process
@pytest.mark.parametrize("format", NAMES)
def test_class_names_travel_with_the_export(format, tmp_path):
    path = tmp_path / NAMES[format]
    names = ["oh", "ah", "ü"]
    report = sounds().export(path, format, verify=False)
    assert report.class_names == {"labels": names}
    assert json.loads(report.to_json())["class_names"] == {"labels": names}
    if format == "onnx":
        import onnxruntime

        session = onnxruntime.InferenceSession(str(path))
        properties = session.get_modelmeta().custom_metadata_map
        assert json.loads(properties["class_names"]) == {"labels": names}
        return
    if format == "litert":
        with zipfile.ZipFile(path) as archive:
            text = archive.read("labels.txt").decode()
    else:
        text = (path / "assets.extra" / "labels.txt").read_text("utf-8")
    assert text.split("\n") == names


@in_this_process
@pytest.mark.parametrize("format", NAMES)
def test_classes_without_names_leave_nothing(format, tmp_path):
    gan = sounds()
    gan.takes["labels"].names = None
    path = tmp_path / NAMES[format]
    assert gan.export(path, format, verify=False).class_names == {}
    if format == "tf_saved_model":
        assert not (path / "assets.extra/labels.txt").exists()
    elif format == "litert":
        assert zipfile.ZipFile(path).namelist() == ["generator.json"]


@in_this_process
def test_labels_make_a_difference(tmp_path):
    path = tmp_path / "g.onnx"
    sounds().export(path, "onnx", verify=False)
    z = np.ones((2, 8), "float32")
    made = run(path, {"latents": z, "labels": np.int32([0, 1])})["waveforms"]
    assert np.abs(made[0] - made[1]).max() > 0.1
