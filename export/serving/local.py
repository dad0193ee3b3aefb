"""Serves a SavedModel on this machine, to try the clients without Docker.

    python local.py models/generator/1

It answers what TensorFlow Serving's REST interface does to `:predict` with
columns ("inputs"), with TensorFlow alone, and says what it loaded. It is no
replacement: it neither joins requests nor watches for new versions.
"""

import argparse
import base64
import http.server
import json
import os
import signal
import threading
from typing import Any

import tensorflow as tf

LARGEST = 64 * 2**20
"""Bytes of a request."""

AT_A_TIME = max(1, os.cpu_count() or 1)
"""Requests that run at a time; the others wait."""


class Server(http.server.ThreadingHTTPServer):
    """A server of one SavedModel.

    Args:
        folder: The SavedModel.
        port: The port on 127.0.0.1; 0 for any that is free.
        name: The model's name.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, folder: Any, port: int = 0, name: str = "generator"):
        self.loaded = tf.saved_model.load(str(folder))
        self.url = f"/v1/models/{name}"
        self.running = threading.BoundedSemaphore(AT_A_TIME)
        super().__init__(("127.0.0.1", port), Handler)

    def call(self, signature: str, inputs: dict[str, Any]) -> dict[str, Any]:
        """Runs a signature on tensors as JSON holds them.

        Raises:
            ValueError: For another signature and other inputs.
            tf.errors.InvalidArgumentError: For what the graph refuses.
        """
        signatures = self.loaded.signatures
        if signature not in signatures:
            raise ValueError(f"no signature {signature!r}: {list(signatures)}")
        specs = signatures[signature].structured_input_signature[1]
        if set(inputs) != set(specs):
            raise ValueError(
                f"the inputs are {sorted(specs)}, not {sorted(inputs)}"
            )
        given = {
            n: tf.constant(_from_json(v), specs[n].dtype)
            for n, v in inputs.items()
        }
        with self.running:
            made = signatures[signature](**given)
        return {n: x.numpy().tolist() for n, x in made.items()}


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers one request."""

    timeout = 30  # seconds that a client may take to send
    server: Server

    def do_GET(self) -> None:
        """Says whether the model is there."""
        state = {"version": "1", "state": "AVAILABLE"}
        if self.path == self.server.url:
            self._answer(200, {"model_version_status": [state]})
        else:
            self._answer(404, {"error": "no such model"})

    def do_POST(self) -> None:
        """Runs a signature."""
        length = self.headers.get("Content-Length", "")
        if self.path != f"{self.server.url}:predict":
            return self._answer(404, {"error": "no such model"})
        if not length.isdigit() or int(length) > LARGEST:
            self.close_connection = True
            error = f"a request has from 0 to {LARGEST} bytes, not {length!r}"
            return self._answer(413, {"error": error})
        body = self.rfile.read(int(length))
        try:
            asked = json.loads(body)
            made = self.server.call(
                asked.get("signature_name", "serving_default"), asked["inputs"]
            )
        except tf.errors.OpError as error:
            return self._answer(400, {"error": error.message})
        except Exception as error:  # whatever JSON may hold
            return self._answer(400, {"error": f"{error}"})
        columns = {n: _to_json(n, column) for n, column in made.items()}
        one = len(columns) == 1
        outputs = next(iter(columns.values())) if one else columns
        self._answer(200, {"outputs": outputs})

    def _answer(self, code: int, said: dict[str, Any]) -> None:
        content = json.dumps(said).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Is silent."""


def _from_json(value: Any) -> Any:
    if isinstance(value, list):
        return [_from_json(v) for v in value]
    if isinstance(value, dict):
        return base64.b64decode(value["b64"])
    return value


def _to_json(name: str, column: Any) -> Any:
    if name.endswith("_bytes"):
        return [{"b64": base64.b64encode(x).decode()} for x in column]
    return column


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder")
    parser.add_argument("--port", type=int, default=8501)
    args = parser.parse_args()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.default_int_handler)
    with Server(args.folder, args.port) as server:
        for name, f in server.loaded.signatures.items():
            print(f"{name}: {', '.join(f.structured_input_signature[1])}")
        print(f"http://127.0.0.1:{server.server_port}{server.url}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
