"""Asks a server by tritonclient, HTTP and gRPC, in a process of its own.

kserve and tritonclient each register the messages of the protocol, so they
cannot be imported into one process.
"""

import base64
import json
import subprocess
import sys

import numpy as np


def ask(server, *requests):
    """Returns what each client gets for each request.

    Args:
        server: The server.
        *requests: A model, its signature, and inputs: the type of a tensor
            and its values by name.

    Yields:
        For each client and request a dictionary of outputs, or an error.
    """
    asked = {
        "addresses": [server.url.removeprefix("http://"), server.grpc_address],
        "requests": requests,
    }
    result = subprocess.run(
        [sys.executable, __file__],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    for answer in json.loads(result.stdout):
        yield answer if isinstance(answer, str) else _arrays(answer)


def _arrays(answer):
    return {
        name: [base64.b64decode(file) for file in values]
        if dtype == "object"
        else np.array(values, dtype)
        for name, (dtype, values) in answer.items()
    }


def main():
    asked, answers = json.load(sys.stdin), []
    for kind, address in zip(("http", "grpc"), asked["addresses"], strict=True):
        module = __import__(f"tritonclient.{kind}", fromlist=[kind])
        with module.InferenceServerClient(address) as client:
            assert client.is_server_live() and client.is_server_ready()
            assert client.is_model_ready("generator")
            assert client.get_model_metadata("generator")
            answers += [
                answer_to(module, client, *request)
                for request in asked["requests"]
            ]
            assert client.is_model_ready("generator")
    json.dump(answers, sys.stdout)


def answer_to(module, client, model, signature, given):
    from tritonclient.utils import InferenceServerException

    inputs = []
    for name, (datatype, values) in given.items():
        dtype = {"FP32": "f4", "INT64": "i8", "BYTES": object}[datatype]
        if name == "inputs":
            values = [base64.b64decode(file) for file in values]
        array = np.array(values, dtype)
        inputs.append(module.InferInput(name, array.shape, datatype))
        inputs[-1].set_data_from_numpy(array)
    try:
        answer = client.infer(
            model, inputs, parameters={"signature_name": signature}
        )
    except InferenceServerException as error:
        return str(error)
    made = {}
    for name in ("images", "images_bytes"):
        values = answer.as_numpy(name)
        if values is not None and values.dtype == object:
            made[name] = (
                "object",
                [base64.b64encode(f).decode() for f in values],
            )
        elif values is not None:
            made[name] = str(values.dtype), values.tolist()
    return made


if __name__ == "__main__":
    main()
