"""Runs a generator.tflite as a phone does, and writes its images as a PNG."""

import argparse
import time

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from PIL import Image


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--num-images", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--labels",
        type=int,
        nargs="+",
        default=[0],
        help="the classes of a conditional generator, in turn",
    )
    parser.add_argument("--out", default="samples.png")
    args = parser.parse_args()
    run = Interpreter(args.file, num_threads=2).get_signature_runner()
    inputs = run.get_input_details()
    latent_dim = inputs["latents"]["shape"][-1]
    rng = np.random.default_rng(args.seed)
    images, times = [], []
    for i in range(args.num_images):  # one at a time, as an app would
        feed = {"latents": rng.standard_normal((1, latent_dim), "float32")}
        if "labels" in inputs:
            label = args.labels[i % len(args.labels)]
            feed["labels"] = np.array([label], "int32")
        start = time.perf_counter()
        images.append(run(**feed)["images"][0].copy())
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
