"""Runs a generator.tflite as a phone does, and writes its images as a PNG."""

import argparse
import json
import runpy
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from PIL import Image


def number_of(label: str, classes: dict[str, Any]) -> int:
    """Returns the number of a class, of its number or its name.

    The graph cannot refuse a label: it makes NaN of one out of range.
    """
    names = classes["names"] or []
    number = names.index(label) if label in names else int(label)
    if not 0 <= number < classes["num_classes"]:
        raise ValueError(f"no such class: {label}; the names are {names}")
    return number


def ids_of(prompt: str, file: str) -> np.ndarray:
    """Returns the ids of a sentence, by the tokenizer beside the file."""
    folder = Path(file).with_suffix(".words")
    tokenizer = runpy.run_path(str(folder / "tokenizer.py"))
    return np.array([tokenizer["tokenize"](prompt)], "int32")


def hashed(x: np.ndarray) -> np.ndarray:
    """Returns a hash in [0, 2^32) of whole numbers in it, int64."""
    for shift, factor in ((16, 0x21F0AAAD), (15, 0x735A2D97)):
        x = (x ^ (x >> shift)) * factor % 2**32
    return x ^ (x >> 15)


def latents_of(seed: int, row: int, dim: int) -> np.ndarray:
    """Returns the row of a seed's latents that `gan.generate` draws."""
    place = 2 * (row * dim + np.arange(dim))
    start = hashed(hashed(np.array([seed % 2**31 + 1])) ^ 0x5851F42D)
    u = (hashed(hashed(place) ^ start) + 1) / 2**32
    v = hashed(hashed(place + 1) ^ start) / 2**32
    normal = np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)
    return normal[None].astype("float32")


def value_for(
    taken: dict[str, Any], i: int, args: Any, rng: np.random.Generator
) -> np.ndarray:
    """Returns row i of what the generator takes under a name."""
    kind, config = taken["class_name"], taken["config"]
    if kind == "Text":
        return ids_of(args.prompt or config["examples"][0], args.file)
    if kind == "ClassLabel":
        label = args.labels[i % len(args.labels)]
        return np.array([number_of(label, config)], "int32")
    if kind == "Truncation":
        return np.ones(1, "float32")
    if kind == "HashedLatents":
        return latents_of(args.seed, i, *taken["shape"])
    if kind in ("Latents", "WholeLatents"):
        return rng.standard_normal((1, *taken["shape"])).astype("float32")
    raise SystemExit(f"an example for a {kind} is not here")


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--num-images", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--labels",
        nargs="+",
        default=["0"],
        help="the classes of a conditional generator, numbers or names",
    )
    parser.add_argument("--prompt", help="the sentence of a GAN of words")
    parser.add_argument("--out", default="samples.png")
    args = parser.parse_args()
    with zipfile.ZipFile(args.file) as archive:
        takes = json.loads(archive.read("generator.json"))["takes"]
    run = Interpreter(args.file, num_threads=2).get_signature_runner()
    rng = np.random.default_rng(args.seed)
    images, times = [], []
    for i in range(args.num_images):  # one at a time, as an app would
        feed = {n: value_for(taken, i, args, rng) for n, taken in takes.items()}
        start = time.perf_counter()
        (made,) = run(**feed).values()
        images.append(made[0].copy())
        times.append(time.perf_counter() - start)
    row = (np.concatenate(images, axis=1) + 1) * 127.5
    row = row.round().clip(0, 255).astype("uint8")
    Image.fromarray(row.squeeze()).save(args.out)
    print(
        f"{len(images)} images in {args.out}, "
        f"{1e3 * np.median(times):.1f} ms each"
    )


if __name__ == "__main__":
    main()
