"""Scores a network that enlarges: PSNR of luma, and LPIPS, beside bicubic.

    python tests/benchmarks/super_resolution.py PRESET [--lpips FILE HEADS]

Set5 and Set14 come from ../shared/data. The border of `scale` pixels is not
counted, as in papers. FILE and HEADS are those of AlexNet, as `load_lpips`
takes them.
"""

import argparse
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

import numpy as np
from pictures import photographs

import keras_gans
from keras_gans.data.degraded.resizing import resize
from keras_gans.metrics import lpips, psnr


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("preset")
    parser.add_argument("--lpips", nargs=2, metavar=("FILE", "HEADS"))
    asked = parser.parse_args()
    gan = keras_gans.load(asked.preset)
    for name in ("Set5", "Set14"):
        real, made = [], {"preset": [], "bicubic": []}
        for image in photographs(name):
            height, width = (n - n % gan.scale for n in image.shape[:2])
            image = image[:height, :width]
            size = (height // gan.scale, width // gan.scale)
            small = resize(image, size)
            larger = gan.generate(inputs=small[None])[0]
            pixels = np.clip(np.rint((larger + 1) * 127.5), 0, 255)
            real.append(image)
            made["preset"].append(pixels.astype("uint8"))
            made["bicubic"].append(resize(small, (height, width)))
        for which, images in made.items():
            scores = {"set": name, "images": which}
            scores["psnr_y"] = psnr(
                real, images, color="y", border=gan.scale
            ).value
            if asked.lpips:
                record = lpips(real, images, "alex", *asked.lpips)
                scores[record.name] = record.value
            print(json.dumps(scores), flush=True)


if __name__ == "__main__":
    main()
