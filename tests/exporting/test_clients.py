"""The clients of export/serving, asking small servers of a SavedModel.

The servers stand in for TensorFlow Serving's binary, which is not here:
export/serving/local.py for REST, and one of its gRPC messages here.
"""

import contextlib
import importlib
import json
import sys
import threading
import urllib.error
import urllib.request
from concurrent import futures
from pathlib import Path

import keras
import numpy as np
import pytest
from contract import tiny
from exporting.users_variants import Variant
from PIL import Image

import keras_gans
from keras_gans import modalities

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow",
    reason="TensorFlow writes the same SavedModel everywhere",
)
SERVING = Path(__file__).parents[2] / "export/serving"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    gan = keras_gans.ConditionalGAN(
        (8, 8, 1), 3, latent_dim=4, units=24, class_names=["a", "b", "c"]
    )
    path = tmp_path_factory.mktemp("served") / "g"
    gan.export(path, verify=False)
    return path


@pytest.fixture(scope="module")
def served(folder):
    """A function of a signature and its inputs."""
    import tensorflow as tf

    loaded = tf.saved_model.load(str(folder))

    def call(signature, given):
        function = loaded.signatures[signature]
        specs = function.structured_input_signature[1]
        given = {n: tf.constant(v, specs[n].dtype) for n, v in given.items()}
        return {n: x.numpy() for n, x in function(**given).items()}

    return call


@pytest.fixture
def client(monkeypatch):
    """Runs one of the clients; returns what it prints."""
    monkeypatch.syspath_prepend(str(SERVING))

    def run(name, *given):
        monkeypatch.setattr(sys, "argv", [name, *map(str, given)])
        importlib.import_module(name).main()

    return run


@pytest.fixture
def rest(folder, client):
    with serving(folder) as url:
        yield url


@contextlib.contextmanager
def serving(folder):
    """Serves a SavedModel by export/serving/local.py; gives its address."""
    server = importlib.import_module("local").Server(folder)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{server.url}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_rest_client_writes_png_files(served, rest, client, tmp_path):
    given = ("--url", rest, "--seed", 5, "--out", tmp_path)
    client("client", *given, "--count", 3, "--labels", "c", "0")
    wanted = served("generate", {"seed": 5, "count": 3, "labels": ["c", "0"]})
    made = [np.asarray(Image.open(p)) for p in sorted(tmp_path.iterdir())]
    np.testing.assert_array_equal(np.stack(made)[..., None], wanted["images"])


def test_rest_client_sends_files(client, tmp_path):
    x = keras.Input((8, 8, 3))
    copy = keras.Model(x, keras.layers.Activation("linear")(x))
    pictures = modalities.Image(8, 8, 3)
    gan = Variant(copy, {"inputs": pictures}, {"images": pictures})
    levels = np.random.default_rng(0).integers(0, 256, (8, 8, 3), "uint8")
    Image.fromarray(levels).save(tmp_path / "photo.png")
    gan.export(tmp_path / "g", verify=False)
    with serving(tmp_path / "g") as url:
        given = ("--url", url, "--inputs", tmp_path / "photo.png")
        client("client", *given, "--out", tmp_path / "made")
    (made,) = (tmp_path / "made").iterdir()
    np.testing.assert_array_equal(np.asarray(Image.open(made)), levels)


def test_rest_client_shows_the_servers_error(rest, client, tmp_path):
    given = ("--url", rest, "--out", tmp_path)
    with pytest.raises(SystemExit, match=r"(?s)says: 400: .*names: a, b, c"):
        client("client", *given, "--labels", "d")
    with pytest.raises(SystemExit, match=r"says: 400: the inputs are .*labels"):
        client("client", *given)
    with pytest.raises(SystemExit, match=r"says: .*refused"):
        client("client", "--url", "http://127.0.0.1:9/v1/models/g")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "path, body, code, message",
    [
        (":predict", b"{", 400, "property name"),
        (":predict", b"[]", 400, "no attribute"),
        (":predict", b"{}", 400, "inputs"),
        (":predict", b'{"inputs": {}, "signature_name": "x"}', 400, "'x'"),
        (
            ":predict",
            b'{"inputs": {"labels": [0], "latents": 1}}',
            400,
            "",
        ),
        (":predict", b'{"inputs": {"labels": [0], "latents": [[1]]}}', 400, ""),
        (":classify", b"{}", 404, "no such model"),
    ],
)
def test_malformed_requests(rest, path, body, code, message):
    request = urllib.request.Request(rest + path, body)
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request, timeout=10)
    assert caught.value.code == code
    assert message in json.load(caught.value)["error"]


def test_a_gigabyte_is_refused_before_it_is_read(rest):
    request = urllib.request.Request(f"{rest}:predict", b"")
    request.add_unredirected_header("Content-length", str(2**30))
    with pytest.raises(urllib.error.HTTPError, match="413"):
        urllib.request.urlopen(request, timeout=10)
    with urllib.request.urlopen(rest, timeout=10) as response:
        assert "AVAILABLE" in response.read().decode()


def test_load_is_measured_and_answers_are_compared(rest, client, capsys):
    body = json.dumps({"seed": 1, "count": 1, "labels": ["b"]})
    client("load", "--url", rest, "--requests", 20, "--body", body)
    assert "0 wrong" in capsys.readouterr().out


def test_grpc_client(served, client, tmp_path):
    pytest.importorskip("tensorflow_serving")
    import grpc
    import tensorflow as tf
    from tensorflow_serving.apis import predict_pb2
    from tensorflow_serving.apis import prediction_service_pb2_grpc as service

    class Servicer(service.PredictionServiceServicer):
        def Predict(self, request, context):
            given = {n: tf.make_ndarray(x) for n, x in request.inputs.items()}
            try:
                made = served(request.model_spec.signature_name, given)
            except Exception as error:
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
            response = predict_pb2.PredictResponse()
            for name, x in made.items():
                response.outputs[name].CopyFrom(tf.make_tensor_proto(x))
            return response

    server = grpc.server(futures.ThreadPoolExecutor(1))
    service.add_PredictionServiceServicer_to_server(Servicer(), server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    out = tmp_path / "o.png"
    given = ("--address", address, "--out", out, "--count", 2)
    try:
        client("grpc_client", *given, "--labels", "b")
        with pytest.raises(SystemExit, match=r"(?s)server says: .*a, b, c"):
            client("grpc_client", *given, "--labels", "d")
    finally:
        server.stop(None)
    wanted = served("generate", {"seed": 0, "count": 2, "labels": ["b"]})
    wanted = np.concatenate(list(wanted["images"][..., 0]), axis=1)
    np.testing.assert_array_equal(np.asarray(Image.open(out)), wanted)


def test_rest_client_asks_in_words(client, tmp_path):
    gan = tiny("Worded")
    gan.export(tmp_path / "g", verify=False)
    asked = ["--prompts", "red hair", "Blue eyes!", "--count", 2, "--seed", 5]
    with serving(tmp_path / "g") as url:
        client("client", "--url", url, *asked, "--out", tmp_path / "made")
        with pytest.raises(SystemExit, match="a word that is known"):
            client("client", "--url", url, "--prompts", "zorgle")
    made = [
        np.asarray(Image.open(path), int)
        for path in sorted((tmp_path / "made").iterdir())
    ]
    wanted = gan.generate(["red hair", "blue eyes"], num_images=2, seed=5)
    levels = np.rint((wanted[..., 0] + 1) * 127.5)
    assert np.abs(np.stack(made) - levels).max() <= 1
