"""Draws where SAGAN's generator looks.

    python tests/benchmarks/attention_maps.py sagan_fashion_mnist maps.png

As in figure 1 of Zhang et al. 2019: a row for each image; after the image one
panel for each of five places of the map, marked by a white dot, in which
brightness is the attention that the place pays to each other one.
"""

import argparse
import pathlib

import numpy as np
from PIL import Image

import keras_gans
from keras_gans.pictures import save_grid

PLACES = ((0.5, 0.5), (0.25, 0.5), (0.75, 0.5), (0.5, 0.25), (0.1, 0.1))


def panel(attention, place, side):
    """Returns a picture (side, side, 1) of a map, with the place marked."""
    brightness = np.uint8(attention / attention.max() * 200)
    large = Image.fromarray(brightness).resize((side, side), Image.BILINEAR)
    large = np.array(large)
    row, column = (int(p * side) for p in place)
    large[row - 1 : row + 2, column - 1 : column + 2] = 255
    return large[..., None]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("preset")
    parser.add_argument("picture", type=pathlib.Path)
    parser.add_argument("--num", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    gan = keras_gans.SAGAN.from_preset(args.preset)
    images, maps = gan.attention_maps(args.num, seed=args.seed)
    side = images.shape[1] * 3
    size = int(maps.shape[1] ** 0.5)
    cells = []
    for image, attention in zip(images, maps, strict=True):
        cells.append(np.uint8((image + 1) * 127.5).repeat(3, 0).repeat(3, 1))
        for place in PLACES:
            row, column = (int(p * size) for p in place)
            cells.append(panel(attention[size * row + column], place, side))
    save_grid(args.picture, np.stack(cells), columns=1 + len(PLACES))
    uniform = np.log(maps.shape[2] * maps.shape[3])
    entropy = -np.sum(maps * np.log(maps + 1e-12), axis=(2, 3)).mean()
    print(f"mean entropy {entropy:.3f} nats (uniform: {uniform:.3f})")


if __name__ == "__main__":
    main()
