"""Pictures of the README and of model cards: what goes in, and what comes out.

    python tests/benchmarks/task_pictures.py zoo

It writes shown.png into the folder of each preset that makes pictures of
pictures. What goes in may be published: a photograph in the public domain, maps
that were drawn, and pictures that other presets made.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

import keras_gans
from keras_gans import data, publishing
from keras_gans.data.degraded.resizing import resize

SIDE = 192
"""Side of each picture in the file."""


def beside(*images):
    """Returns uint8 images side by side, enlarged to one size."""
    row = []
    for image in images:
        rgb = np.repeat(image, 3, -1) if image.shape[-1] == 1 else image
        picture = Image.fromarray(rgb).resize((SIDE, SIDE), Image.NEAREST)
        row.append(np.pad(np.asarray(picture), [(0, 0), (0, 4), (0, 0)]))
    return Image.fromarray(np.concatenate(row, 1)[:, :-4])


def strokes(side):
    """Draws a mask: a box over the mouth and a stroke across the forehead."""
    mask = np.zeros((side, side, 1), np.uint8)
    mask[41:53, 24:42] = 255
    for x in range(8, 56):
        mask[28 + (x % 16) // 4 : 33 + (x % 16) // 4, x] = 255
    return mask


def pictures(name, gan, zoo):
    """Returns what goes into a preset, and what comes out."""
    faces = publishing.portraits(64)[:]
    face = faces[
        {"srgan_faces_x4": 7, "gated_inpainting_faces": 6}.get(name, 0)
    ]
    if name == "srgan_faces_x4":
        small = resize(face, (16, 16))
        return small, resize(small, (64, 64)), gan.upscale(small), face
    if name == "pix2pix_colour_faces":
        grey = np.asarray(Image.fromarray(face).convert("L"))[..., None]
        return grey, gan.translate(grey), face
    if name == "gated_inpainting_faces":
        mask = strokes(64)
        hidden = np.where(mask > 0, 255, face).astype(np.uint8)
        return hidden, gan.inpaint(face, mask[..., 0]), face
    if name == "pix2pix_map_to_aerial":
        drawn = data.load(zoo / name / "drawn", 256)[:]
        return (
            drawn[0],
            gan.translate(drawn[0]),
            drawn[2],
            gan.translate(drawn[2]),
        )
    side = 128 if name == "cyclegan_maps" else 256
    seen = publishing.aerials(side)[[0, 2]]
    return seen[0], gan.translate(seen[0]), seen[1], gan.translate(seen[1])


NAMES = (
    "srgan_faces_x4",
    "pix2pix_map_to_aerial",
    "pix2pix_aerial_to_map",
    "cyclegan_maps",
    "pix2pix_colour_faces",
    "gated_inpainting_faces",
)


def main():
    zoo = Path(sys.argv[1])
    for name in sys.argv[2:] or NAMES:
        gan = keras_gans.load(zoo / name)
        beside(*pictures(name, gan, zoo)).save(zoo / name / "shown.png")


if __name__ == "__main__":
    main()
