"""A plain PyTorch DCGAN of the layers of `keras_gans.DCGAN`, to measure by.

It is written as a PyTorch user would write it, after PyTorch's own DCGAN
example, and takes the settings that make PyTorch fast on a CPU. It imports
nothing of Keras, so that its process holds PyTorch alone.
"""

import contextlib
import itertools

import torch
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
    def __init__(self, size=64, channels=3, width=64):
        start, wide = widths(size, width)
        layers = [nn.Conv2d(channels, wide[0], 4, 2, 1), nn.LeakyReLU(0.2)]
        for before, after in itertools.pairwise(wide):
            layers += [
                nn.Conv2d(before, after, 4, 2, 1, bias=False),
                nn.BatchNorm2d(after),
                nn.LeakyReLU(0.2, True),
            ]
        layers += [nn.Flatten(), nn.Linear(wide[-1] * start**2, 1)]
        super().__init__(*layers)


def initialize(module):
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
        nn.init.normal_(module.weight, 0.0, 0.02)
    if isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
    if getattr(module, "bias", None) is not None:
        nn.init.zeros_(module.bias)


class Trainer:
    """Trains a DCGAN.

    Args:
        size: Side of the images: 16, 28, 32, 64, 128 or 256.
        channels: Channels of the images.
        latent_dim: Dimensions of the latents.
        width: Channels next to the images.
        bfloat16: Whether to run under bfloat16 autocast.
        channels_last: Whether to hold maps and kernels channels-last.
        compile: Whether to run both networks through `torch.compile`.
        freeze: Whether the generator's phase leaves out the discriminator's
            weight gradients, which PyTorch's example computes and discards.
    """

    def __init__(
        self,
        size=64,
        channels=3,
        latent_dim=100,
        width=64,
        bfloat16=False,
        channels_last=False,
        compile=False,
        freeze=False,
    ):
        self.latent_dim = latent_dim
        self.freeze = freeze
        self.autocast = (
            (lambda: torch.autocast("cpu", torch.bfloat16))
            if bfloat16
            else contextlib.nullcontext
        )
        self.layout = (
            torch.channels_last if channels_last else torch.contiguous_format
        )
        self.generator = Generator(size, channels, latent_dim, width)
        self.discriminator = Discriminator(size, channels, width)
        for network in (self.generator, self.discriminator):
            network.apply(initialize).to(memory_format=self.layout)
        self.g, self.d = self.generator, self.discriminator
        if compile:
            self.g, self.d = torch.compile(self.g), torch.compile(self.d)
        self.g_optimizer, self.d_optimizer = (
            torch.optim.Adam(
                network.parameters(), 2e-4, (0.5, 0.999), fused=True
            )
            for network in (self.generator, self.discriminator)
        )

    def to_float(self, images):
        """Maps a uint8 batch (N, C, H, W) to [-1, 1]."""
        images = images.to(torch.float32, memory_format=self.layout)
        return images / 127.5 - 1.0

    def step(self, real):
        """Trains both on uint8 images (N, C, H, W); returns both losses."""
        real = self.to_float(real)
        with self.autocast():
            fake = self.g(torch.randn(len(real), self.latent_dim))

            self.d_optimizer.zero_grad()
            real_logits, fake_logits = self.d(real), self.d(fake.detach())
            d_loss = (
                F.softplus(-real_logits.float()).mean()
                + F.softplus(fake_logits.float()).mean()
            )
        d_loss.backward()
        self.d_optimizer.step()

        self.g_optimizer.zero_grad()
        if self.freeze:
            self.discriminator.requires_grad_(False)
        with self.autocast():
            g_loss = F.softplus(-self.d(fake).float()).mean()
        g_loss.backward()
        self.g_optimizer.step()
        if self.freeze:
            self.discriminator.requires_grad_(True)
        return d_loss.detach(), g_loss.detach()

    @torch.no_grad()
    def generate(self, num, seed=0, batch_size=500):
        """Returns float32 images (num, H, W, C) in [-1, 1]."""
        random = torch.Generator().manual_seed(seed)
        self.generator.eval()
        images = []
        for start in range(0, num, batch_size):
            shape = (min(batch_size, num - start), self.latent_dim)
            images.append(self.generator(torch.randn(shape, generator=random)))
        self.generator.train()
        return torch.cat(images).permute(0, 2, 3, 1).float().numpy()
