"""Labels in files that cannot raise, and what the files say of themselves."""

import json
import runpy
import sys
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest
from conditional import NAMES, conditional

EXAMPLES = Path(__file__).parents[2] / "export"
FILES = {"litert": "g.tflite", "onnx": "g.onnx"}
pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow",
    reason="TensorFlow writes the same files everywhere",
)


@pytest.fixture(scope="module")
def gan():
    return conditional(4)


@pytest.fixture(scope="module")
def paths(gan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    paths = {format: folder / name for format, name in FILES.items()}
    for format, path in paths.items():
        gan.export(path, format, verify=False)
    return paths


def run(path, labels):
    rng = np.random.default_rng(0)
    inputs = {
        "latents": rng.standard_normal((len(labels), 4), "float32"),
        "labels": np.array(labels, "int32"),
    }
    if path.suffix == ".onnx":
        import onnxruntime

        return onnxruntime.InferenceSession(str(path)).run(None, inputs)[0]
    from ai_edge_litert.interpreter import Interpreter

    return Interpreter(str(path)).get_signature_runner()(**inputs)["images"]


@pytest.mark.parametrize("format", FILES)
def test_a_label_out_of_range_makes_nan_of_its_row_alone(paths, format):
    made = run(paths[format], [0, 3, 2, -1])
    assert np.isfinite(made[[0, 2]]).all()
    assert np.isnan(made[[1, 3]]).all()


def test_onnx_has_the_inputs_in_the_order_of_the_report(gan, paths):
    import onnxruntime

    session = onnxruntime.InferenceSession(str(paths["onnx"]))
    assert [x.name for x in session.get_inputs()] == list(gan.takes)
    said = session.get_modelmeta().custom_metadata_map["generator"]
    with zipfile.ZipFile(paths["litert"]) as archive:
        assert archive.read("generator.json").decode() == said
    takes = json.loads(said)["takes"]
    assert list(takes) == ["latents", "labels"]
    assert takes["latents"]["shape"] == [4]
    assert takes["labels"]["config"] == {"num_classes": 3, "names": NAMES}


def test_example_of_a_phone_takes_names(paths, tmp_path, monkeypatch, capsys):
    def example(*labels):
        out = str(tmp_path / "o.png")
        given = [str(paths["litert"]), "--num-images", "3", "--out", out]
        argv = ["run.py", *given, "--labels", *labels]
        monkeypatch.setattr(sys, "argv", argv)
        runpy.run_path(str(EXAMPLES / "mobile/run.py"), run_name="__main__")

    example("Ärmel", "2")
    assert "3 images in" in capsys.readouterr().out
    with pytest.raises(ValueError, match=r"no such class: 3; .*'Boot'"):
        example("3")
