"""Sentences that a server is asked for."""

import numpy as np
import pytest
from contract import tiny
from serving.served import predict, serving
from serving.triton_clients import ask

from keras_gans.modalities.image import to_uint8
from keras_gans.serving.requests import read_request

ASKED = ["Red hair!", "blue eyes"]
UNKNOWN = "must have a word that is known, for instance red"


@pytest.fixture(scope="module")
def gan():
    return tiny("Worded")


@pytest.fixture(scope="module")
def server(gan):
    pytest.importorskip(
        "kserve", reason='the server needs pip install "keras-gans[serving]"'
    )
    with serving(gan) as server:
        yield server


@pytest.mark.parametrize(
    "prompts, same",
    [
        ("red hair", "red hair"),
        (b"red hair", "red hair"),
        (ASKED, ASKED),
        (np.array([p.encode() for p in ASKED], object), ASKED),
        ([[2, 4, 0, 0]] * 3, np.array([[2, 4, 0, 0]] * 3)),
        (None, None),
    ],
)
def test_rows_are_those_of_generate(gan, prompts, same):
    asked = {"seed": 5, "count": 3, "prompts": prompts}
    inputs = read_request(gan, asked).inputs
    for name, values in gan.inputs_for(3, 5, prompts=same).items():
        np.testing.assert_array_equal(inputs[name], values)


@pytest.mark.parametrize(
    "prompts, message",
    [
        ("zorgle", f"{UNKNOWN}.*Received: 'zorgle'"),
        (["red", "hairs"], "the nearest: hair.*Received: 'hairs'"),
        (["red", None], "must be strings.*Received: None"),
        ({"red": 1}, "must be strings"),
        (b"\xff", "can't decode"),
        ([], r"sentences.* from 1 to 256 rows. Received: 0"),
        (["red"] * 129, "from 1 to 256 rows. Received: 129"),
        ([[99, 0, 0, 0]] * 2, r"ids in \[0, 7\)"),
    ],
)
def test_what_is_refused(gan, prompts, message):
    with pytest.raises(ValueError, match=message):
        read_request(gan, {"count": 2, "prompts": prompts})


@pytest.mark.filterwarnings("ignore:ORJSONResponse is deprecated")
def test_sentences_by_rest_and_grpc(server, gan):
    pytest.importorskip("tritonclient")
    wanted = to_uint8(gan.generate(ASKED, num_images=2, seed=3))
    asked = {"seed": 3, "count": 2, "prompts": ASKED}
    body = {"signature_name": "generate", "inputs": asked}
    np.testing.assert_array_equal(predict(server, body)[1]["outputs"], wanted)
    rows = [{"seed": 3, "prompts": prompt} for prompt in ASKED]
    body = {"signature_name": "generate", "instances": rows}
    made = predict(server, body)[1]["predictions"]
    np.testing.assert_array_equal(made, wanted[::2])
    tensors = {
        "seed": ("INT64", [3]),
        "count": ("INT64", [2]),
        "prompts": ("BYTES", ASKED),
    }
    wrong = {"prompts": ("BYTES", ["zorgle"])}
    said = ask(
        server,
        ("generator", "generate", tensors),
        ("generator", "generate", wrong),
    )
    for made, error in zip(said, said, strict=True):  # of REST, then of gRPC
        np.testing.assert_array_equal(made["images"], wanted)
        assert UNKNOWN in error
    body = {"inputs": {"prompts": ["zorgle"]}}
    status, said = predict(server, body)
    assert status == 400 and UNKNOWN in said["error"]


def test_sentences_are_described_as_text(gan):
    pytest.importorskip("kserve")
    from keras_gans.serving.rest_v2 import describe_inputs

    *_, prompts = describe_inputs(gan)
    assert prompts == {"name": "prompts", "datatype": "BYTES", "shape": [-1]}
