"""DF-GAN in plain PyTorch: its networks and a training step.

The layers are those of the paper's figures 3 and 4 (Tao et al. 2022), in the
order that the paper draws them: maps are enlarged before what is pointwise.
"""

import itertools

import torch
import torch.nn.functional as F
from torch import nn


def widths(size, width):
    """Returns the channels of square maps, from those of 4x4 up."""
    halvings = (size // 4).bit_length() - 1
    return [width * min(2**i, 8) for i in range(halvings + 1)][::-1]


class Affine(nn.Module):
    """Scales and shifts channels by a condition."""

    def __init__(self, condition, channels):
        super().__init__()
        self.scale, self.offset = (
            nn.Sequential(
                nn.Linear(condition, channels),
                nn.ReLU(),
                nn.Linear(channels, channels),
            )
            for _ in range(2)
        )

    def forward(self, x, y):
        scale, offset = self.scale(y), self.offset(y)
        return scale[..., None, None] * x + offset[..., None, None]


class Fusion(nn.Module):
    """Two affine maps, each with a leaky ReLU."""

    def __init__(self, condition, channels):
        super().__init__()
        self.first = Affine(condition, channels)
        self.second = Affine(condition, channels)

    def forward(self, x, y):
        x = F.leaky_relu(self.first(x, y), 0.2)
        return F.leaky_relu(self.second(x, y), 0.2)


class Up(nn.Module):
    """Doubles maps, with two fusions and two convolutions."""

    def __init__(self, condition, inputs, outputs):
        super().__init__()
        self.fuse1 = Fusion(condition, inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.fuse2 = Fusion(condition, outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.short = nn.Conv2d(inputs, outputs, 1)
        if inputs == outputs:
            self.short = nn.Identity()

    def forward(self, x, y):
        x = F.interpolate(x, scale_factor=2.0)
        h = self.conv1(self.fuse1(x, y))
        return self.short(x) + self.conv2(self.fuse2(h, y))


class Generator(nn.Module):
    """From latents and sentences to images."""

    def __init__(self, size, width, latent_dim, sentence_dim, channels=3):
        super().__init__()
        maps = widths(size, width)
        self.start = maps[0]
        self.first = nn.Linear(latent_dim, 16 * maps[0])
        condition = latent_dim + sentence_dim
        self.blocks = nn.ModuleList(
            Up(condition, *pair) for pair in itertools.pairwise(maps)
        )
        self.last = nn.Conv2d(maps[-1], channels, 3, padding=1)

    def forward(self, z, sentence):
        x = self.first(z).view(len(z), self.start, 4, 4)
        y = torch.cat([z, sentence], 1)
        for block in self.blocks:
            x = block(x, y)
        return torch.tanh(self.last(F.leaky_relu(x, 0.2)))


class Down(nn.Module):
    """Halves maps; a learned gain weighs the residual."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.gain = nn.Parameter(torch.zeros(1))
        self.short = nn.Conv2d(inputs, outputs, 1)
        if inputs == outputs:
            self.short = nn.Identity()

    def forward(self, x):
        h = F.leaky_relu(self.conv1(x), 0.2)
        h = F.leaky_relu(self.conv2(h), 0.2)
        return F.avg_pool2d(self.short(x), 2) + self.gain * h


class Discriminator(nn.Module):
    """From images to maps, and from these and sentences to logits."""

    def __init__(self, size, width, sentence_dim, channels=3):
        super().__init__()
        maps = widths(size, width)[::-1]
        self.first = nn.Conv2d(channels, maps[0], 3, padding=1)
        self.blocks = nn.ModuleList(
            Down(*pair) for pair in itertools.pairwise(maps)
        )
        joint = maps[-1] + sentence_dim
        self.joint = nn.Conv2d(joint, 2 * width, 3, padding=1, bias=False)
        self.verdict = nn.Conv2d(2 * width, 1, 4, bias=False)

    def features(self, images):
        x = self.first(images)
        for block in self.blocks:
            x = block(x)
        return x

    def judge(self, features, sentence):
        y = sentence[..., None, None].expand(-1, -1, 4, 4)
        x = F.leaky_relu(self.joint(torch.cat([features, y], 1)), 0.2)
        return self.verdict(x).flatten(1)


def discriminator_loss(judge, real, fake, sentence, wrong):
    """Returns D's loss of a batch, with the matching-aware penalty."""
    real, sentence = real.requires_grad_(), sentence.requires_grad_()
    seen = judge.features(real)
    right = judge.judge(seen, sentence)
    mismatched = judge.judge(seen, wrong)
    made = judge.judge(judge.features(fake), sentence)
    gradients = torch.autograd.grad(
        right.sum(), (real, sentence), create_graph=True
    )
    norms = sum(g.flatten(1).square().sum(1) for g in gradients)
    refused = F.relu(1 + made).mean() + F.relu(1 + mismatched).mean()
    return F.relu(1 - right).mean() + refused / 2 + 2 * (norms**3).mean()


class Training:
    """Both players with their optimizers.

    Args:
        generator: A `Generator`.
        judge: A `Discriminator`.
    """

    def __init__(self, generator, judge):
        self.generator, self.judge = generator, judge
        rates = {generator: 1e-4, judge: 4e-4}
        self.optimizers = [
            torch.optim.Adam(network.parameters(), rate, (0.0, 0.9), 1e-7)
            for network, rate in rates.items()
        ]

    def step(self, real, sentence, wrong, latents):
        """Takes a step of D, and one of G on the same fakes."""
        of_generator, of_judge = self.optimizers
        fake = self.generator(latents, sentence)
        loss = discriminator_loss(
            self.judge, real, fake.detach(), sentence, wrong
        )
        of_judge.zero_grad()
        loss.backward()
        of_judge.step()
        logits = self.judge.judge(self.judge.features(fake), sentence)
        verdict = -logits.mean()
        of_generator.zero_grad()
        verdict.backward()
        of_generator.step()
        return loss.item(), verdict.item()
