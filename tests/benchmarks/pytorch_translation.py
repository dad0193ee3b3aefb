"""Plain PyTorch Pix2Pix and CycleGAN of the layers of keras_gans.

They are written as a PyTorch user would write them, after the authors' code,
and take the settings that make PyTorch fast on a CPU. Nothing of Keras is
imported, so that a process holds PyTorch alone.
"""

import itertools
import random

import torch
from pytorch_training import descend
from torch import nn
from torch.nn import functional as F


def norm_of(kind, channels):
    if kind == "batch":
        return nn.BatchNorm2d(channels)
    return nn.InstanceNorm2d(channels, affine=True)


def normed(conv, kind, activation=True):
    layers = [conv, norm_of(kind, conv.out_channels)]
    return [*layers, nn.ReLU(True)] if activation else layers


class Block(nn.Sequential):
    def __init__(self, channels, kind):
        super().__init__(*(
            layer
            for activation in (True, False)
            for layer in (
                nn.ReflectionPad2d(1),
                *normed(
                    nn.Conv2d(channels, channels, 3, bias=False),
                    kind,
                    activation,
                ),
            )
        ))  # fmt: skip

    def forward(self, x):
        return x + super().forward(x)


def resnet(channels=3, width=64, blocks=9, kind="instance"):
    wide = [width, 2 * width, 4 * width]
    stem = nn.Conv2d(channels, width, 7, bias=False)
    layers = [nn.ReflectionPad2d(3), *normed(stem, kind)]
    for i, o in itertools.pairwise(wide):
        layers += normed(nn.Conv2d(i, o, 3, 2, 1, bias=False), kind)
    layers += [Block(wide[-1], kind) for _ in range(blocks)]
    for i, o in itertools.pairwise(wide[::-1]):
        up = nn.ConvTranspose2d(i, o, 3, 2, 1, 1, bias=False)
        layers += normed(up, kind)
    last = [nn.ReflectionPad2d(3), nn.Conv2d(width, channels, 7), nn.Tanh()]
    return nn.Sequential(*layers, *last)


class UNet(nn.Module):
    def __init__(self, channels=3, width=64, depth=8, kind="batch"):
        super().__init__()
        wide = [width * min(2**i, 8) for i in range(depth)]
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        for i, o in enumerate(wide):
            has_norm = 0 < i < depth - 1
            before = wide[i - 1] if i else channels
            conv = nn.Conv2d(before, o, 4, 2, 1, bias=not has_norm)
            self.down.append(
                nn.Sequential(
                    *([nn.LeakyReLU(0.2)] if i else []),
                    conv,
                    *([norm_of(kind, o)] if has_norm else []),
                )
            )
        before = wide[-1]
        for i in reversed(range(depth - 1)):
            up = nn.ConvTranspose2d(before, wide[i], 4, 2, 1, bias=False)
            drops = [nn.Dropout(0.5)] if depth - 2 - i < 3 else []
            self.up.append(
                nn.Sequential(nn.ReLU(), up, norm_of(kind, wide[i]), *drops)
            )
            before = 2 * wide[i]
        last = nn.ConvTranspose2d(before, channels, 4, 2, 1)
        self.last = nn.Sequential(nn.ReLU(), last, nn.Tanh())

    def forward(self, x):
        skips = []
        for layer in self.down:
            x = layer(x)
            skips.append(x)
        for layer, skip in zip(self.up, skips[-2::-1], strict=True):
            x = torch.cat([layer(x), skip], 1)
        return self.last(x)


def patch_gan(channels=3, width=64, kind="batch"):
    first = nn.Conv2d(channels, width, 4, 2, 1)
    layers = [first, nn.LeakyReLU(0.2, True)]
    for i, o in itertools.pairwise([width, 2 * width, 4 * width]):
        conv = nn.Conv2d(i, o, 4, 2, 1, bias=False)
        layers += [*normed(conv, kind, False), nn.LeakyReLU(0.2, True)]
    # "same" for a kernel of 4: 32x32 logits of 256x256.
    conv = nn.Conv2d(4 * width, 8 * width, 4, padding="same", bias=False)
    layers += [*normed(conv, kind, False), nn.LeakyReLU(0.2, True)]
    last = nn.Conv2d(8 * width, 1, 4, padding="same")
    return nn.Sequential(*layers, last)


def initialize(module):
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)


class Trainer:
    """What both share: optimizers, layout, and what may be compiled.

    Args:
        generators: The generators.
        discriminators: The discriminators.
        channels_last: Whether to hold maps and kernels channels-last.
        compile: Whether to run the networks through `torch.compile`.
    """

    def __init__(
        self, generators, discriminators, channels_last=False, compile=False
    ):
        self.layout = (
            torch.channels_last if channels_last else torch.contiguous_format
        )
        for network in (*generators, *discriminators):
            network.apply(initialize).to(memory_format=self.layout)
        self.judges = discriminators
        self.g_optimizer, self.d_optimizer = (
            torch.optim.Adam(
                [p for n in networks for p in n.parameters()],
                2e-4,
                (0.5, 0.999),
                eps=1e-7,  # as Keras
                fused=True,
            )
            for networks in (generators, discriminators)
        )
        run = torch.compile if compile else lambda network: network
        self.g, self.d = (
            [run(n) for n in networks]
            for networks in (generators, discriminators)
        )

    def to_float(self, images):
        """Maps a uint8 batch (N, C, H, W) to [-1, 1]."""
        images = images.to(torch.float32, memory_format=self.layout)
        return images / 127.5 - 1.0

    def step(self, a, b):
        """Trains on uint8 images of both sides; returns both losses."""
        a, b = self.to_float(a), self.to_float(b)
        fakes = self.fakes_for(a, b)
        d_loss = descend(
            self.d_optimizer,
            self.discriminator_loss(a, b, [f.detach() for f in fakes]),
        )
        # The weights of D need no gradient in the step of G.
        for judge in self.judges:
            judge.requires_grad_(False)
        loss = self.generator_loss(a, b, fakes)
        g_loss = descend(self.g_optimizer, loss)
        for judge in self.judges:
            judge.requires_grad_(True)
        return d_loss, g_loss


class Pix2Pix(Trainer):
    def __init__(self, size=256, width=64, **settings):
        depth = min(size.bit_length() - 1, 8)
        super().__init__(
            [UNet(3, width, depth)], [patch_gan(6, width)], **settings
        )

    def fakes_for(self, a, b):
        return [self.g[0](a)]

    def discriminator_loss(self, a, b, fakes):
        real = self.d[0](torch.cat([b, a], 1))
        fake = self.d[0](torch.cat([fakes[0], a], 1))
        return 0.5 * (F.softplus(-real).mean() + F.softplus(fake).mean())

    def generator_loss(self, a, b, fakes):
        logits = self.d[0](torch.cat([fakes[0], a], 1))
        return F.softplus(-logits).mean() + 100.0 * F.l1_loss(fakes[0], b)


class ImagePool:
    def __init__(self, size=50):
        self.size, self.images = size, []

    def __call__(self, images):
        shown = []
        for image in images:
            if len(self.images) < self.size:
                self.images.append(image.clone())
            elif random.random() < 0.5:
                place = random.randrange(self.size)
                image, self.images[place] = self.images[place], image.clone()
            shown.append(image)
        return torch.stack(shown)


class CycleGAN(Trainer):
    def __init__(self, size=256, width=64, **settings):
        blocks = 6 if size <= 128 else 9
        super().__init__(
            [resnet(3, width, blocks) for _ in range(2)],
            [patch_gan(3, width, "instance") for _ in range(2)],
            **settings,
        )
        self.pools = [ImagePool(), ImagePool()]

    def fakes_for(self, a, b):
        return [self.g[0](a), self.g[1](b)]

    def discriminator_loss(self, a, b, fakes):
        total = 0.0
        for d, real, fake, pool in zip(
            self.d, (b, a), fakes, self.pools, strict=True
        ):
            shown = pool(fake).contiguous(memory_format=self.layout)
            total = total + 0.5 * (
                (d(real) - 1).square().mean() + d(shown).square().mean()
            )
        return total

    def generator_loss(self, a, b, fakes):
        to_b, to_a = self.g
        verdict = sum(
            (d(fake) - 1).square().mean()
            for d, fake in zip(self.d, fakes, strict=True)
        )
        cycle = F.l1_loss(to_a(fakes[0]), a) + F.l1_loss(to_b(fakes[1]), b)
        same = F.l1_loss(to_b(b), b) + F.l1_loss(to_a(a), a)
        return verdict + 10.0 * cycle + 5.0 * same
