"""A plain PyTorch DCGAN of the layers of `keras_gans.DCGAN`, to measure by.

It is written as a PyTorch user would write it, after PyTorch's own DCGAN
example, and takes the settings that make PyTorch fast on a CPU. It imports
nothing of Keras, so that its process holds PyTorch alone.
"""

import itertools

import pytorch_training
from torch import nn
from torch.nn import functional as F


def widths(size, width):
    """Returns the maps' starting side and the channels, narrowest first."""
    start = 7 if size == 28 else 4
    doublings = (size // start).bit_length() - 1
    return start, [width * min(2**i, 8) for i in range(doublings)]


class Generator(nn.Module):
    def __init__(self, size=64, channels=3, latent_dim=100, width=64):
        super().__init__()
        start, wide = widths(size, width)
        wide = wide[::-1]
        self.project = nn.Sequential(
            nn.Linear(latent_dim, wide[0] * start**2, bias=False),
            nn.Unflatten(1, (wide[0], start, start)),
            nn.BatchNorm2d(wide[0]),
            nn.ReLU(True),
        )
        layers = []
        for before, after in itertools.pairwise(wide):
            layers += [
                nn.ConvTranspose2d(before, after, 4, 2, 1, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(True),
            ]
        layers += [nn.ConvTranspose2d(wide[-1], channels, 4, 2, 1), nn.Tanh()]
        self.grow = nn.Sequential(*layers)

    def forward(self, z):
        return self.grow(self.project(z))


class Discriminator(nn.Sequential):
    def __init__(self, size=64, channels=3, width=64, norm=True):
        start, wide = widths(size, width)
        layers = [nn.Conv2d(channels, wide[0], 4, 2, 1), nn.LeakyReLU(0.2)]
        for before, after in itertools.pairwise(wide):
            layers += [
                nn.Conv2d(before, after, 4, 2, 1, bias=not norm),
                *([nn.BatchNorm2d(after)] if norm else []),
                nn.LeakyReLU(0.2, norm),
            ]
        layers += [nn.Flatten(), self.verdict(wide[-1] * start**2)]
        super().__init__(*layers)

    def verdict(self, features):
        return nn.Linear(features, 1)


def initialize(module):
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
        nn.init.normal_(module.weight, 0.0, 0.02)
    if isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
    if getattr(module, "bias", None) is not None:
        nn.init.zeros_(module.bias)


class Trainer(pytorch_training.Trainer):
    """Trains a DCGAN.

    Args:
        size: Side of the images: 16, 28, 32, 64, 128 or 256.
        channels: Channels of the images.
        latent_dim: Dimensions of the latents.
        width: Channels next to the images.
        **settings: As in `pytorch_training.Trainer`.
    """

    def __init__(
        self, size=64, channels=3, latent_dim=100, width=64, **settings
    ):
        super().__init__(
            Generator(size, channels, latent_dim, width).apply(initialize),
            Discriminator(size, channels, width).apply(initialize),
            latent_dim,
            **settings,
        )

    def discriminator_loss(self, real_logits, fake_logits):
        return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()

    def generator_loss(self, fake_logits):
        return F.softplus(-fake_logits).mean()
