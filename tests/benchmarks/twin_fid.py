r"""FID of a preset beside the same PyTorch code at the same images.

This trains PyTorch's twin of the preset `dcgan_faces`: the same layers, loss,
optimizers, initialisation, average, augmentation and number of images. Its
samples are compared with the images as the preset's are.

    python tests/benchmarks/twin_fid.py FACES --seeds 0 1 2

It prints a line for each seed.
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import pytorch_dcgan
import torch
from torch import nn

from keras_gans import data, metrics


class Augmented(nn.Module):
    """A network that sees images changed by DiffAugment, Zhao et al. 2020."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, images):
        return self.network(coloured(shifted(images)))


def shifted(images):
    """Shifts by up to a fifth of the sides, and fills in zeros."""
    num, side = len(images), images.shape[-1]
    most = int(side * 0.2 + 0.5)
    padded = nn.functional.pad(images, [most] * 4)
    corners = torch.randint(0, 2 * most + 1, (2, num, 1))
    rows, columns = corners + torch.arange(side)
    every = torch.arange(num)[:, None, None]
    moved = padded.permute(0, 2, 3, 1)[
        every, rows[:, :, None], columns[:, None, :]
    ]
    return moved.permute(0, 3, 1, 2)


def coloured(images):
    """Changes brightness, saturation and contrast."""
    light, saturation, contrast = torch.rand(3, len(images), 1, 1, 1)
    images = images + light - 0.5
    grey = images.mean(1, keepdim=True)
    images = grey + 2.0 * saturation * (images - grey)
    mean = images.mean((1, 2, 3), keepdim=True)
    return mean + (contrast + 0.5) * (images - mean)


def train(images, width, epochs, seed):
    """Trains a twin on uint8 images (N, H, W, C), and returns its trainer."""
    torch.manual_seed(seed)
    side = images.shape[1]
    twin = pytorch_dcgan.Trainer(side, 3, width=width, ema_decay=0.999)
    twin.discriminator = twin.d = Augmented(twin.discriminator)
    rows = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()
    for _ in range(epochs):
        for batch in torch.randperm(len(rows)).split(64):
            if len(batch) == 64:
                twin.step(rows[batch])
    return twin


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--width", type=int, default=24)
    parser.add_argument("--epochs", type=int, default=26)
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    options = parser.parse_args()
    source = data.load(options.folder, options.size)
    images = np.asarray(source[:])
    for seed in options.seeds:
        twin = train(images, options.width, options.epochs, seed)
        (record,) = metrics.evaluate(
            source,
            twin.generate(options.samples),
            ["fid"],
            "colour_classifier",
        )
        print(f"seed {seed}, {twin.steps * 64:,} images:", record, flush=True)


if __name__ == "__main__":
    main()
