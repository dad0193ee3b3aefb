"""Words in exports: the same ids everywhere, and the same pictures."""

import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from contract import tiny
from PIL import Image as Picture
from random_texts import CAPTIONS, random_texts

from keras_gans.exporting.words import TOKENIZERS, write_words
from keras_gans.modalities import Text, Vocabulary

tensorflow_only = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow",
    reason="TensorFlow writes what the other backends export",
)
EXAMPLES = Path(__file__).parents[2] / "export"
TEXTS = [*random_texts(4000, seed=2), "a dog", "A DOG'S life!", "q zdog, dogq"]


@pytest.fixture(scope="module", params=[0, 60], ids=["words", "byte pairs"])
def text(request):
    words = Vocabulary.from_captions(CAPTIONS, num_pairs=request.param)
    return Text(words, 9)


@pytest.fixture(scope="module")
def ids(text):
    ids = text.vocabulary.encode(TEXTS, text.length)
    assert len(np.unique(ids, axis=0)) > 1000
    return ids


@pytest.fixture
def folder(text, tmp_path):
    write_words(tmp_path, {"prompts": text})
    return tmp_path


def test_tensorflow_makes_the_same_ids(text, ids):
    tf = pytest.importorskip("tensorflow")
    from keras_gans.exporting.saved_model.words import Tokenizer

    tokenize = tf.function(Tokenizer(text.vocabulary, text.length).__call__)
    strings = [t.encode("utf-8", "replace") for t in TEXTS]
    made = tokenize(tf.constant(strings)).numpy()
    np.testing.assert_array_equal(made, ids)
    assert made.dtype == ids.dtype
    # Bytes that are no UTF-8 stand between words.
    strange = tokenize(tf.constant([b"a\xffdog", b"a\xed\xa0\x80dog\xc3"]))
    wanted = text.vocabulary.encode(["a dog"] * 2, text.length)
    np.testing.assert_array_equal(strange, wanted)


def test_the_tokenizer_in_python_makes_the_same_ids(ids, folder):
    tokenize = runpy.run_path(str(folder / "tokenizer.py"))["tokenize"]
    assert [tokenize(text) for text in TEXTS] == ids.tolist()


def test_the_tokenizer_in_javascript_makes_the_same_ids(ids, folder):
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "texts.json").write_text(json.dumps(TEXTS))
    code = """
        import { readFileSync } from "fs";
        import { tokenizer } from "./tokenizer.js";
        const read = (name) => JSON.parse(readFileSync(name, "utf-8"));
        const tokenize = tokenizer(read("vocabulary.json"));
        const ids = read("texts.json").map((text) => [...tokenize(text)]);
        process.stdout.write(JSON.stringify(ids));
    """
    result = subprocess.run(
        ["node", "--input-type=module", "--eval", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(result.stdout) == ids.tolist()


@pytest.mark.parametrize("name", TOKENIZERS)
def test_tokenizers_are_short(name, folder):
    assert len((folder / name).read_text().splitlines()) <= 40


SERVE = """
import json
import sys
import tensorflow as tf

model = tf.saved_model.load(sys.argv[1])
several = model.generate(["Red hair!", "long BLUE eyes"], 5, 3)
two = model.generate("red hair", 5), model.generate("red hair", 5, 1)
one = model.signatures["generate"](
    prompts=tf.constant(["red hair"]), seed=tf.constant(5), count=tf.constant(2)
)
errors = []
for prompts, seed, count in (
    ("", 0, 1), (["red", "zorgle"], 0, 1), ("red", -1, 1), ("red", 0, 999)
):
    try:
        model.generate(prompts, seed, count)
    except tf.errors.InvalidArgumentError as error:
        errors.append(error.message)
foreign = [name for name in sys.modules if name.startswith("keras_gans")]
made = {"several": several.numpy().tolist(), "errors": errors}
made["alone"] = [images.numpy().tolist() for images in two]
made |= {"one": one["images"].numpy().tolist(), "foreign": foreign}
print(json.dumps(made))
"""


@pytest.fixture(scope="module")
def gan():
    return tiny("Worded")


def levels(images):
    return np.rint((images + 1) * 127.5)


@pytest.fixture(scope="module")
def served(gan, tmp_path_factory):
    """What a process without keras_gans makes of a SavedModel."""
    path = tmp_path_factory.mktemp("served") / "model"
    gan.export(path, verify=False)
    result = subprocess.run(
        [sys.executable, "-c", SERVE, str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(result.stdout.splitlines()[-1])


def test_a_saved_model_makes_the_same_pictures_of_strings(gan, served):
    asked = ["red hair", "long blue eyes"]
    made = levels(gan.generate(asked, num_images=3, seed=5))
    assert np.abs(made - served["several"]).max() <= 1
    assert np.abs(made[:2] - served["one"]).max() <= 1
    for alone in served["alone"]:
        assert np.abs(made[:1] - alone).max() <= 1
    assert made.std() > 1
    assert served["foreign"] == []


@tensorflow_only
def test_what_a_saved_model_refuses(served):
    known, unknown, seed, rows = served["errors"]
    assert "each have a word that is known" in known
    assert "each have a word that is known" in unknown
    assert "`seed` must be from 0" in seed
    assert "from 1 to 256 rows" in rows


@pytest.mark.skipif(
    keras.backend.backend() == "tensorflow",
    reason="TensorFlow converts in its own process",
)
def test_many_words_reach_the_process_that_converts(tmp_path):
    words = Vocabulary([f"word{i}" for i in range(20_000)])
    gan = tiny("Worded", prompts=Text(words, 4))
    gan.export(tmp_path / "model", verify=False)
    assert (tmp_path / "model/saved_model.pb").is_file()


@pytest.fixture(scope="module")
def phone(gan, tmp_path_factory):
    """The folder of a LiteRT file."""
    folder = tmp_path_factory.mktemp("phone")
    gan.export(folder / "gan.tflite", "litert", verify=False)
    return folder


@tensorflow_only
def test_a_file_takes_ids_of_the_tokenizer_beside_it(gan, phone):
    litert = pytest.importorskip("ai_edge_litert.interpreter")
    assert {p.name for p in phone.iterdir()} == {"gan.tflite", "gan.words"}
    words = phone / "gan.words"
    names = {path.name for path in words.iterdir()}
    assert names == {"vocabulary.json", *TOKENIZERS}
    tokenize = runpy.run_path(str(words / "tokenizer.py"))["tokenize"]
    interpreter = litert.Interpreter(str(phone / "gan.tflite"))
    run = interpreter.get_signature_runner()
    latents = gan.sample_latents(1, seed=5)
    ids = np.array([tokenize("Red hair!")], "int32")
    made = run(latents=latents, prompts=ids)["images"]
    wanted = levels(gan.generate("red hair", seed=5))
    assert np.abs(levels(made) - wanted).max() <= 1
    for wrong in (99, -1):
        ids[0, 1] = wrong
        try:
            made = run(latents=latents, prompts=ids)["images"]
        except RuntimeError as error:
            assert "out of bounds" in str(error)
        else:
            assert np.isnan(made).all()


@tensorflow_only
def test_the_folder_of_openvino_has_words(gan, tmp_path):
    pytest.importorskip("openvino")
    gan.export(tmp_path / "gan", "openvino")
    names = {path.name for path in (tmp_path / "gan").iterdir()}
    assert names >= {"generator.xml", "vocabulary.json", *TOKENIZERS}


@tensorflow_only
def test_the_runner_of_phones_makes_the_same_pictures(
    gan, phone, tmp_path, monkeypatch
):
    pytest.importorskip("ai_edge_litert")
    monkeypatch.chdir(tmp_path)
    file = str(phone / "gan.tflite")
    for i, prompt in enumerate(["Red hair!", "red hair", "blue eyes"]):
        given = [file, "--prompt", prompt, "--out", f"{i}.png"]
        given += ["--seed", "5", "--num-images", "3"]
        monkeypatch.setattr(sys, "argv", ["run.py", *given])
        runpy.run_path(str(EXAMPLES / "mobile/run.py"), run_name="__main__")
    made = [(tmp_path / f"{i}.png").read_bytes() for i in range(3)]
    assert made[0] == made[1] != made[2]
    wanted = levels(gan.generate("red hair", num_images=3, seed=5))[..., 0]
    with Picture.open(tmp_path / "0.png") as picture:
        row = np.asarray(picture, int)
    assert np.abs(row - np.concatenate(wanted, axis=1)).max() <= 1
