"""Asks TensorFlow Serving for images and writes them side by side as a PNG."""

import argparse
import json
import urllib.request

import numpy as np
from PIL import Image


def generate(url: str, latents: np.ndarray) -> np.ndarray:
    """Returns images (N, H, W, C) in [-1, 1] for latents (N, latent_dim)."""
    body = json.dumps({"inputs": {"latents": latents.tolist()}}).encode()
    request = urllib.request.Request(
        url, body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        return np.array(json.load(response)["outputs"], "float32")


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--url", default="http://localhost:8501/v1/models/generator:predict"
    )
    parser.add_argument("--num-images", type=int, default=16)
    parser.add_argument("--latent-dim", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", default="samples.png")
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    latents = rng.standard_normal((args.num_images, args.latent_dim))
    images = generate(args.url, latents)
    row = np.concatenate(list((images + 1) * 127.5), axis=1)
    row = row.round().clip(0, 255).astype("uint8")
    Image.fromarray(row.squeeze()).save(args.out)
    print(f"{len(images)} images in {args.out}")


if __name__ == "__main__":
    main()
