"""A server over loopback: its clients, and what they do wrong."""

import base64
import contextlib
import http.client
import io
import json
import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image as Picture
from serving.served import (
    NAMES,
    conditional,
    copying,
    post,
    predict,
    serving,
)
from serving.triton_clients import ask

from keras_gans.modalities.image import to_uint8
from keras_gans.serving import serve

pytest.importorskip(
    "kserve", reason='the server needs pip install "keras-gans[serving]"'
)
pytestmark = pytest.mark.filterwarnings("ignore:ORJSONResponse is deprecated")


@pytest.fixture(scope="module")
def gan():
    return conditional()


@pytest.fixture(scope="module")
def server(gan):
    with serving(gan, bytes=100_000) as server:
        yield server


@pytest.fixture(scope="module")
def impatient(gan):
    """A server that does not wait long for slow clients."""
    with serving(gan, seconds=1.0) as server:
        yield server


def get(server, path):
    with urllib.request.urlopen(server.url + path, timeout=10) as response:
        return json.load(response)


def test_health_and_metadata(server):
    assert get(server, "/") == {"status": "alive"}
    assert get(server, "/v2/health/live") == {"live": True}
    assert get(server, "/v2/health/ready") == {"ready": True}
    assert get(server, "/v2")["name"] == "keras_gans"
    assert get(server, "/v1/models/generator")["ready"] is True
    said = get(server, "/v2/models/generator")
    taken = [(t["name"], t["datatype"], t["shape"]) for t in said["inputs"]]
    assert taken == [
        ("count", "INT32", [1]),
        ("seed", "INT64", [1]),
        ("truncation", "FP32", [1]),
        ("latents", "FP32", [-1, 4]),
        ("labels", "BYTES", [-1]),
    ]
    assert said["outputs"][0]["shape"] == [-1, 8, 8, 1]


def test_columns_and_rows_of_v1(server, gan):
    asked = {"seed": 3, "count": 2, "labels": ["Bag", "0"]}
    status, said = predict(server, {"inputs": asked})
    wanted = gan.generate(2, seed=3, labels=[1, 0])
    assert status == 200
    np.testing.assert_allclose(said["outputs"], wanted, atol=1e-6)
    rows = [{"seed": s, "labels": "coat"} for s in (3, 4)]
    body = {"signature_name": "generate", "instances": rows}
    _, said = predict(server, body)
    wanted = [gan.generate(1, seed=s, labels="Coat")[0] for s in (3, 4)]
    np.testing.assert_array_equal(said["predictions"], to_uint8(wanted))
    z = {"latents": [0.5, 0, 0, 1], "labels": 2}
    _, said = predict(server, {"instances": [z]})
    wanted = gan.generate(latents=np.array([[0.5, 0, 0, 1]]), labels=2)
    np.testing.assert_allclose(said["predictions"], wanted, atol=1e-6)


def test_png_files_in_base64(server, gan):
    asked = {"inputs": {"seed": 3, "count": 1}}
    _, said = predict(server, {"signature_name": "generate_png", **asked})
    file = base64.b64decode(said["outputs"][0]["b64"])
    made = np.asarray(Picture.open(io.BytesIO(file)))
    wanted = to_uint8(gan.generate(1, seed=3))
    np.testing.assert_array_equal(made, wanted[0, ..., 0])


def test_requests_that_come_together_are_drawn_together(server, gan):
    batcher = server.generator.batcher
    batches, rows = batcher.batches, batcher.rows

    def ask(seed):
        body = {
            "inputs": {"seed": seed, "count": 1, "labels": [NAMES[seed % 3]]}
        }
        return predict(server, body)[1]["outputs"]

    with ThreadPoolExecutor(16) as pool:
        made = list(pool.map(ask, range(48)))
    wanted = [gan.generate(1, seed=s, labels=s % 3) for s in range(48)]
    np.testing.assert_allclose(made, wanted, atol=1e-6)
    assert batcher.rows == rows + 48 and batcher.batches < batches + 48


GOOD = {"count": 1}


@pytest.mark.parametrize(
    "body, message",
    [
        (b"{", "Unrecognized request format"),
        (b"[" * 50_000, "Unrecognized request format"),
        (b"\xff\xfe", "Unrecognized request format"),
        (b"[]", "Received: list"),
        (b"{}", r"Received: []"),
        ({"inputs": GOOD, "instances": [GOOD]}, "['inputs', 'instances']"),
        ({"inputs": [1]}, "A request is"),
        ({"instances": [1]}, "objects of values"),
        ({"instances": []}, "at least one"),
        ({"instances": [GOOD] * 300}, "256 rows at most"),
        ({"inputs": GOOD, "signature_name": "x"}, "one of"),
        ({"inputs": GOOD, "signature_name": ["x"]}, "one of"),
        ({"inputs": {"count": 0}}, "from 1 to 256"),
        ({"inputs": {"count": 10**6}}, "from 1 to 256"),
        ({"inputs": {"seed": 2**31}}, "2147483647"),
        ({"inputs": {"labels": ["Bagg"]}}, "nearest: ['Bag']"),
        ({"inputs": {"labels": [7]}}, "[0, 3)"),
        ({"inputs": {"latents": [[1.0]]}}, "(N, 4)"),
        ({"inputs": {"latents": [{"b64": "!"}]}}, ""),
        ({"inputs": {"latents": [{"c": 1}]}}, "Bytes are"),
    ],
)
def test_malformed_requests_of_v1(server, body, message):
    status, said = predict(server, body)
    assert (status, message in said["error"]) == (400, True), said


def tensor(name, data, datatype="FP32", shape=None):
    shape = list(np.shape(data)) if shape is None else shape
    return {"name": name, "datatype": datatype, "shape": shape, "data": data}


@pytest.mark.parametrize(
    "body, message",
    [
        (b"{", "JSON"),
        (b"[]", "body"),
        ({}, "inputs: Field required"),
        ({"inputs": [{"name": "seed"}]}, "Field required"),
        ({"inputs": [tensor("latents", [1.0], shape=[1, 4])]}, "say"),
        ({"inputs": [tensor("latents", [[1.0]])]}, "(N, 4)"),
        ({"inputs": [tensor("latents", ["a"])]}, "say"),
        ({"inputs": [tensor("latents", [1.0], "FP7")]}, "say"),
        ({"inputs": [tensor("count", [0], "INT32")]}, "from 1 to 256"),
        ({"inputs": [tensor("labels", ["Bagg"], "BYTES")]}, "['Bag']"),
        (
            {"inputs": [], "outputs": [{"name": "sounds"}]},
            "Unexpected inference output 'sounds'",
        ),
    ],
)
def test_malformed_requests_of_v2(server, body, message):
    status, said = post(f"{server.url}/v2/models/generator/infer", body)
    assert (status, message in said["error"]) == (400, True), said


@pytest.mark.parametrize(
    "path, status",
    [
        ("/v1/models/other:predict", 404),
        ("/v2/models/other/infer", 404),
        ("/v1/models/generator:explain", 501),
        ("/v2/models/generator/versions/2/infer", 501),
        ("/v2/repository/models/generator/unload", 501),
        ("/v2/repository/models/generator/load", 501),
        ("/docs", 404),
        ("/openapi.json", 404),
        ("/metrics", 404),
        ("/v1/models/../../etc/passwd", 404),
    ],
)
def test_other_addresses(server, path, status):
    answer, said = post(server.url + path, {"inputs": []})
    assert answer == status and said["error"]
    assert get(server, "/v1/models/generator")["ready"] is True


def raw(server, *parts, pause=0.0):
    """Sends bytes; returns all that comes until the connection ends."""
    port = server.socket.getsockname()[1]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        with contextlib.suppress(ConnectionError, BrokenPipeError):
            for part in parts:
                client.sendall(part)
                time.sleep(pause)
        said = b""
        with contextlib.suppress(ConnectionError):
            while part := client.recv(65536):
                said += part
    return said


POST = b"POST /v1/models/generator:predict HTTP/1.1\r\nHost: x\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "parts, status",
    [
        # A gigabyte that is announced, and 100 kB that are not.
        ([POST + b"Content-Length: 1073741824\r\n\r\n"], b"413"),
        ([CHUNKED, *[b"8000\r\n" + bytes(0x8000) + b"\r\n"] * 5], b"413"),
        ([POST + b"Content-Length: -1\r\n\r\n"], b"400"),
        ([b"no http\r\n\r\n"], b"400"),
        ([b"GET / HTTP/1.1\r\nX: " + b"x" * 200_000 + b"\r\n\r\n"], b"400"),
    ],
)
def test_large_requests(server, parts, status):
    assert raw(server, *parts).split(b" ")[1] == status
    assert get(server, "/v2/health/ready") == {"ready": True}


def test_slow_clients(impatient):
    clients = {
        "stops in the body": [POST + b"Content-Length: 20\r\n\r\n{"],
        "stops in the header": [POST],
        "says nothing": [b""],
        "trickles": [POST, *[b"X: y\r\n"] * 60],
    }
    start = time.monotonic()
    with ThreadPoolExecutor(len(clients)) as pool:
        body, *headers = pool.map(
            lambda parts: raw(impatient, *parts, pause=0.1), clients.values()
        )
    assert body.split(b" ")[1] == b"408"
    assert headers == [b"", b"", b""]  # there is nothing to answer yet
    assert time.monotonic() - start < 20
    assert get(impatient, "/v2/health/ready") == {"ready": True}


def test_answers_that_are_not_read():
    gan, shape = copying(any_size=True), (200, 200, 3)
    gan.generator.set_weights([np.full((1, 1, 3, 1), 1 / 3, "float32")])
    # 18 bytes of JSON a number: far more than the buffers of both sides hold.
    ask = {"instances": [{"inputs": np.ones(shape).tolist()}]}
    body = json.dumps(ask).encode()
    with serving(gan, seconds=2.0) as server:
        server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        address = server.socket.getsockname()

        def asked():
            client = socket.create_connection(address, timeout=30)
            client.sendall(POST + b"Content-Length: %d\r\n\r\n" % len(body))
            client.sendall(body)
            return client

        with asked() as deaf, asked() as slow:
            said, start = b"", time.monotonic()
            while not said.endswith(b"]}") and (part := slow.recv(2**16)):
                said += part
                time.sleep(0.15)
            assert time.monotonic() - start > 5  # twice as long as `seconds`
            answer = json.loads(said.split(b"\r\n\r\n")[1])
            assert np.shape(answer["predictions"]) == (1, *shape)
            left = 0
            with contextlib.suppress(ConnectionResetError):
                while part := deaf.recv(2**16):
                    left += len(part)
            assert left < len(said) / 2
        assert get(server, "/v2/health/ready") == {"ready": True}


def test_connections_are_used_again(impatient):
    address = impatient.url.removeprefix("http://")
    client = http.client.HTTPConnection(address)
    for _ in range(2):
        client.request("GET", "/v2/health/ready")
        answer = client.getresponse()
        assert answer.status == 200 and not answer.will_close
        answer.read()
        time.sleep(1.2)  # longer than a client may be slow
    client.close()


def test_pictures_in_and_out():
    levels = np.random.default_rng(0).integers(0, 256, (9, 7, 3), "uint8")
    buffer = io.BytesIO()
    Picture.fromarray(levels).save(buffer, "PNG")
    file = base64.b64encode(buffer.getvalue()).decode()
    with serving(copying(any_size=True)) as server:
        body = {"inputs": {"inputs": [{"b64": file}]}}
        _, said = predict(server, {"signature_name": "generate", **body})
        np.testing.assert_array_equal(said["outputs"][0], levels)
        asked = {
            "parameters": {"signature_name": "generate_png"},
            "inputs": [tensor("inputs", [file], "BYTES")],
        }
        _, said = post(f"{server.url}/v2/models/generator/infer", asked)
        (png,) = said["outputs"][0]["data"]
        made = Picture.open(io.BytesIO(base64.b64decode(png)))
        np.testing.assert_array_equal(np.asarray(made), levels)
        body = {
            "inputs": {"inputs": [{"b64": file[: len(file) // 2 // 4 * 4]}]}
        }
        status, said = predict(server, body)
        assert status == 400 and "whole picture files" in said["error"]
        assert predict(server, {"inputs": {}})[0] == 400


def test_too_much_and_too_long(gan):
    with serving(gan, batch=1, waiting=2, seconds=1.0, wait=0.0) as server:
        run = server.generator.batcher.run

        def slow(inputs):
            time.sleep(1.5)
            return run(inputs)

        server.generator.batcher.run = slow
        late = predict(server, {"inputs": GOOD})
        busy = predict(server, {"inputs": {"count": 3}})
    assert late[0] == 504 and "more than 1 s" in late[1]["error"]
    assert busy[0] == 503 and "At most 2 rows" in busy[1]["error"]


def in_words(array):
    return {"f": "FP32", "i": "INT64"}.get(
        np.asarray(array).dtype.kind, "BYTES"
    )


def triton(server, *requests):
    """Asks by tritonclient: requests of a model, a signature, and tensors."""
    pytest.importorskip("tritonclient")
    return ask(
        server,
        *(
            (model, signature, {n: (in_words(v), v) for n, v in given.items()})
            for model, signature, given in requests
        ),
    )


def test_tritonclient(server, gan):
    asked = {"seed": [3], "count": [2], "labels": ["Bag", "2"]}
    signatures = ("serving_default", "generate", "generate_png")
    made = list(triton(server, *(("generator", s, asked) for s in signatures)))
    wanted = gan.generate(2, seed=3, labels=[1, 2])
    for values, levels, files in (made[:3], made[3:]):
        np.testing.assert_allclose(values["images"], wanted, atol=1e-6)
        np.testing.assert_array_equal(levels["images"], to_uint8(wanted))
        read = [Picture.open(io.BytesIO(f)) for f in files["images_bytes"]]
        np.testing.assert_array_equal(
            np.stack(read)[..., None], levels["images"]
        )


def test_tritonclient_is_told_what_is_wrong(server):
    wrong = {
        "from 1 to 256": {"count": [0]},
        "nearest": {"labels": ["Bagg"]},
        "(N, 4)": {"latents": [[0.5, 0.5]]},
        "at most|larger than max": {"latents": [[0.25] * 4] * 9_000},
    }
    requests = [("generator", "generate", given) for given in wrong.values()]
    other = ("other", "generate", {"count": [1]})
    said = list(triton(server, *requests, other))
    messages = [*wrong, "does not exist"]
    assert len(said) == 10
    for error, message in zip(said, 2 * messages, strict=True):
        assert any(words in error for words in message.split("|")), error


def test_tritonclient_sends_files():
    levels = np.random.default_rng(0).integers(0, 256, (6, 8, 3), "uint8")
    buffer = io.BytesIO()
    Picture.fromarray(levels).save(buffer, "PNG")
    file = base64.b64encode(buffer.getvalue()).decode()
    with serving(copying()) as server:
        for made in triton(
            server, ("generator", "generate", {"inputs": [file]})
        ):
            np.testing.assert_array_equal(made["images"][0], levels)


def test_grpc_says_what_it_does_not_do(server):
    grpc = pytest.importorskip("grpc")
    from kserve.protocol.grpc import grpc_predict_v2_pb2 as pb
    from kserve.protocol.grpc import grpc_predict_v2_pb2_grpc as service

    with grpc.insecure_channel(server.grpc_address) as channel:
        stub = service.GRPCInferenceServiceStub(channel)
        with pytest.raises(grpc.RpcError) as caught:
            stub.RepositoryModelUnload(
                pb.RepositoryModelUnloadRequest(model_name="generator")
            )
        assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED
        said = pb.ModelInferRequest(model_name="generator")
        said.inputs.add(name="latents", datatype="FP32", shape=[1, 4])
        said.raw_input_contents.append(b"abc")
        with pytest.raises(grpc.RpcError) as caught:
            stub.ModelInfer(said)
        assert caught.value.code() == grpc.StatusCode.INVALID_ARGUMENT
        assert stub.ModelReady(pb.ModelReadyRequest(name="generator")).ready


def test_it_listens_on_this_machine_alone(server):
    assert server.socket.getsockname()[0] == "127.0.0.1"
    assert server.grpc_address.startswith("127.0.0.1:")
    from keras_gans.serving.server import Server

    port = server.socket.getsockname()[1]
    with pytest.raises(OSError, match=rf"in use. Received: 127.0.0.1:{port}"):
        Server(conditional(), port=port)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_what_was_asked_is_answered_before_it_stops(gan, sign):
    answers = []

    def started(server):
        def ask_and_stop():
            asked = threading.Thread(
                target=lambda: answers.append(predict(server, {"inputs": GOOD}))
            )
            asked.start()
            time.sleep(0.2)  # it is being drawn
            os.kill(os.getpid(), sign)
            asked.join()
            with pytest.raises(urllib.error.URLError, match="refused"):
                predict(server, {"inputs": GOOD})

        run = server.generator.batcher.run

        def slow(inputs):
            time.sleep(0.5)
            return run(inputs)

        server.generator.batcher.run = slow
        threads.append(threading.Thread(target=ask_and_stop))
        threads[0].start()

    threads = []
    serve(gan, started, port=0, grpc_port=0)
    threads[0].join(10)
    assert [status for status, _ in answers] == [200]
