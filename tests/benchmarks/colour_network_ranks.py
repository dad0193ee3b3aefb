r"""Whether the small network of colour images ranks as Inception does.

    KERAS_GANS_INCEPTION=../shared/weights/inception_2015_12_05_to_mixed8.npz \
        python tests/benchmarks/colour_network_ranks.py

Photographs of flowers and images of CIFAR-10 are changed in five ways, each
more and more: noise, blur, JPEG, fewer classes, and images that repeat. Both
networks give the FID between the changed half of a set and its other half.
Spearman's rank correlation says how far they agree on the order, within each
kind of change and over all of them.
"""

import argparse
import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter
from scipy import stats

sys.path.insert(0, str(Path(__file__).parents[1]))
from real_images import read_cifar10, read_flowers

from keras_gans import metrics

NETWORKS = ("colour_classifier", "inception_768")


def noise(images, level):
    rng = np.random.default_rng(0)
    noisy = images + rng.normal(size=images.shape) * 12 * level
    return np.clip(noisy, 0, 255).astype("uint8")


def blur(images, level):
    kernel = ImageFilter.GaussianBlur(level * images.shape[1] / 80)
    return np.stack(
        [np.asarray(Image.fromarray(x).filter(kernel)) for x in images]
    )


def jpeg(images, level):
    out = []
    for image in images:
        file = io.BytesIO()
        Image.fromarray(image).save(file, "JPEG", quality=60 // level**2)
        out.append(np.asarray(Image.open(file)))
    return np.stack(out)


def repeated(images, level):
    """Only so many different images, as of a generator that collapsed."""
    return images[np.arange(len(images)) % (len(images) // 4**level)]


def mixed(images, level):
    """A part of every image comes from another one, as of bad shapes."""
    side = images.shape[1] * level // 6
    changed = images.copy()
    changed[:, :side, :side] = np.roll(images, 1, axis=0)[:, :side, :side]
    return changed


CHANGES = (noise, blur, jpeg, repeated, mixed)
LEVELS = (1, 2, 3)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--images", type=int, default=600)
    options = parser.parse_args()
    for title, read in (("CIFAR-10", read_cifar10), ("flowers", read_flowers)):
        everything = np.stack(list(read()))
        order = np.random.default_rng(0).permutation(len(everything))
        real, other = np.split(
            everything[order[: 2 * options.images]], [options.images]
        )
        sides = {"none": other}
        for change in CHANGES:
            for level in LEVELS:
                name = f"{change.__name__} {level}"
                sides[name] = change(other, level)
        values = {}
        for network in NETWORKS:
            reference = metrics.compute_features(real, network)
            values[network] = [
                metrics.fid(reference, side).value for side in sides.values()
            ]
        print(title, *NETWORKS)
        for i, name in enumerate(sides):
            print(f"{name:12s}", *(f"{values[n][i]:10.3f}" for n in NETWORKS))
        rank = stats.spearmanr(*(values[n] for n in NETWORKS)).statistic
        print(f"{title}: rank correlation {rank:.3f}", flush=True)


if __name__ == "__main__":
    main()
