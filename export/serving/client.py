"""Asks TensorFlow Serving for pictures by REST, and writes them as PNG files.

Needs nothing but Python.

    python client.py --count 4 --labels Bag 3
    python client.py --prompts "red hair"     # of a GAN that is told in words
    python client.py --inputs photo.jpg       # of a GAN that takes pictures
"""

import argparse
import base64
import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any


def ask(url: str, signature: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Posts a request, and returns what a signature makes by name.

    Args:
        url: The model's address.
        signature: The name of a signature.
        inputs: What it takes, by name; pictures as bytes.

    Raises:
        RuntimeError: With the server's own error.
    """
    body = {"signature_name": signature, "inputs": inputs}
    request = urllib.request.Request(
        f"{url}:predict",
        json.dumps(body, default=_in_base64).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            outputs = json.load(response)["outputs"]
    except urllib.error.HTTPError as error:
        text = error.read().decode(errors="replace")
        raise RuntimeError(f"{error.code}: {_error_in(text)}") from error
    # Of a single output REST leaves out the name.
    return outputs if isinstance(outputs, dict) else {"": outputs}


def _in_base64(content: bytes) -> dict[str, str]:
    return {"b64": base64.b64encode(content).decode()}


def _error_in(text: str) -> str:
    try:
        return json.loads(text)["error"]
    except (ValueError, KeyError, TypeError):
        return text


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--url", default="http://localhost:8501/v1/models/generator"
    )
    parser.add_argument("--count", type=int, default=16)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--labels", nargs="*", help="names or numbers, in turn")
    parser.add_argument(
        "--prompts", nargs="+", help="sentences, of --count pictures each"
    )
    parser.add_argument("--truncation", type=float, help="of a StyleGAN")
    for name in ("inputs", "masks", "images_a"):
        parser.add_argument(
            f"--{name}", nargs="+", type=Path, help="PNG or JPEG files"
        )
    parser.add_argument("--out", type=Path, default=Path("made"))
    args = vars(parser.parse_args())
    url, out = args.pop("url"), args.pop("out")
    given = {name: value for name, value in args.items() if value is not None}
    files = {
        n: v for n, v in given.items() if n in ("inputs", "masks", "images_a")
    }
    if files:
        given = {n: [f.read_bytes() for f in v] for n, v in files.items()}
    try:
        made = ask(url, "generate_png", given)
    except (RuntimeError, OSError) as error:
        raise SystemExit(f"The server says: {error}") from error
    out.mkdir(parents=True, exist_ok=True)
    written = 0
    for name, column in made.items():
        for i, picture in enumerate(column):
            path = (
                out / f"{name.removesuffix('_bytes') or 'images'}_{i:03d}.png"
            )
            path.write_bytes(base64.b64decode(picture["b64"]))
            written += 1
    print(f"{written} pictures in {out}")


if __name__ == "__main__":
    main()
