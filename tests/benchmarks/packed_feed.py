"""How fast packed images are fed, against how fast a DCGAN takes them.

python tests/benchmarks/packed_feed.py            # about ten minutes
python tests/benchmarks/packed_feed.py --quick

Photographs of 178x218 (made here: smooth, with noise, JPEG files of about
15 kB) are packed for images of 64x64 in each encoding. The feed is what `fit`
uses: 60 shuffled batches of 64, of all shards. "cold" drops the shards from
the system's cache before every round, as for data larger than memory. The
step is DCGAN's through `fit`, 64x64, width 64. In a round every feed and
every step is measured once, so that whatever else the machine does hits all
alike. Ratios are taken within a round; the median counts.
"""

import argparse
import io
import os
import pathlib
import statistics
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from PIL import Image

import keras_gans
from keras_gans.data import FolderImages, load, pack
from keras_gans.engine.training.feed import Batches

BATCH, SIZE, BATCHES = 64, 64, 60


def write_photos(folder, num):
    rng = np.random.default_rng(0)
    folder.mkdir()
    for i in range(num):
        coarse = Image.fromarray(rng.integers(0, 256, (9, 7, 3), "uint8"))
        smooth = np.asarray(coarse.resize((178, 218), Image.Resampling.BICUBIC))
        noisy = smooth + rng.normal(0, 4, smooth.shape)
        file = io.BytesIO()
        image = Image.fromarray(noisy.clip(0, 255).astype("uint8"))
        image.save(file, "jpeg", quality=90)
        (folder / f"{i:06}.jpg").write_bytes(file.getvalue())


def forget(packed):
    """Drops the files from the system's cache."""
    for entry in packed.files:
        with open(packed.folder / entry["file"], "rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def feed_speed(packed, cold):
    if cold:
        forget(packed)
    feed = Batches(packed, batch_size=BATCH, seed=int(time.time()))
    start = time.perf_counter()
    for i in range(BATCHES):
        feed[i]
    return BATCH * BATCHES / (time.perf_counter() - start)


class Stopwatch(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds = time.perf_counter() - self.start


def step_speed(gan, images, steps):
    stopwatch = Stopwatch()
    gan.fit(
        images,
        batch_size=BATCH,
        steps_per_epoch=steps,
        verbose=0,
        callbacks=[stopwatch],
    )
    return BATCH * steps / stopwatch.seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    num, rounds, steps = (4000, 3, 3) if quick else (20_000, 7, 10)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        write_photos(folder / "photos", num)
        photos = FolderImages(folder / "photos", SIZE)
        packs = {}
        for encoding in ("raw", "png", "original"):
            start = time.perf_counter()
            pack(photos, folder / encoding, encoding, 32 * 2**20)
            speed = num / (time.perf_counter() - start)
            packs[encoding] = load(folder / encoding)
            size = sum(f["bytes"] for f in packs[encoding].files) / num
            print(
                f"{encoding}: packs {speed:.0f} images/s, {size:.0f} bytes each"
            )
        in_memory = photos[: 8 * BATCH]
        gans = {
            dtype: keras_gans.DCGAN((SIZE, SIZE, 3), dtype=dtype, seed=0)
            for dtype in ("float32", "mixed_bfloat16")
        }
        for gan in gans.values():
            gan.compile()
            step_speed(gan, in_memory, 2)
        speeds = {}
        for _ in range(rounds):
            for name, packed in packs.items():
                for cold in (False, True):
                    key = f"feed {name}{' cold' * cold}"
                    found = feed_speed(packed, cold)
                    speeds.setdefault(key, []).append(found)
            for dtype, gan in gans.items():
                found = step_speed(gan, in_memory, steps)
                speeds.setdefault(f"step {dtype}", []).append(found)
    for name, values in speeds.items():
        print(
            f"{name}: {statistics.median(values):.0f} images/s "
            f"({min(values):.0f}-{max(values):.0f})"
        )
    worst = {}
    for dtype in gans:
        for name in [n for n in speeds if n.startswith("feed")]:
            ratios = [
                feed / step
                for feed, step in zip(
                    speeds[name], speeds[f"step {dtype}"], strict=True
                )
            ]
            worst[name, dtype] = statistics.median(ratios)
            print(f"{name} / step {dtype}: {worst[name, dtype]:.1f}")
    assert min(worst.values()) >= 1, "a feed is slower than the step"


if __name__ == "__main__":
    main()
