"""A plain PyTorch WGAN-GP of the layers of `keras_gans.WGANGP`, to measure by.

It is written as a PyTorch user would write it and imports nothing of Keras.
"""

import pytorch_dcgan
import pytorch_training
import torch
from pytorch_dcgan import widths
from torch import nn
from torch.nn import functional as F


class Up(nn.Module):
    """A residual block that doubles the maps."""

    def __init__(self, width):
        super().__init__()
        self.norm = nn.BatchNorm2d(width)
        self.shortcut = nn.Conv2d(width, width, 1)
        self.grow = nn.Sequential(
            nn.ReLU(),
            nn.Upsample(scale_factor=2),
            nn.Conv2d(width, width, 3, 1, 1),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, 1, 1),
        )

    def forward(self, x):
        x, y = self.shortcut(x), self.grow(self.norm(x))
        return y + F.interpolate(x, scale_factor=2)


class Generator(nn.Sequential):
    def __init__(self, size=32, channels=3, latent_dim=128, width=128):
        start, doublings = widths(size, width)
        super().__init__(
            nn.Linear(latent_dim, width * start**2),
            nn.Unflatten(1, (width, start, start)),
            *(Up(width) for _ in doublings),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, channels, 3, 1, 1),
        )

    def forward(self, z):
        return torch.tanh(super().forward(z).float())


class Down(nn.Module):
    """A residual block that halves the maps, or leaves them."""

    def __init__(self, before, after, down=True, first=False):
        super().__init__()
        self.change = nn.Sequential(
            nn.Identity() if first else nn.ReLU(),
            nn.Conv2d(before, after, 3, 1, 1),
            nn.ReLU(),
            nn.Conv2d(after, after, 3, 1, 1),
        )
        self.pool = nn.AvgPool2d(2) if down else nn.Identity()
        learnt = down or before != after
        self.shortcut = nn.Conv2d(before, after, 1) if learnt else nn.Identity()

    def forward(self, x):
        return self.pool(self.change(x)) + self.shortcut(self.pool(x))


class Critic(nn.Sequential):
    def __init__(self, size=32, channels=3, width=128):
        _, doublings = widths(size, width)
        super().__init__(
            Down(channels, width, first=True),
            *(Down(width, width) for _ in range(max(1, len(doublings) - 2))),
            *(Down(width, width, down=False) for _ in range(2)),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            pytorch_training.FloatLinear(width, 1, bias=False),
        )


class DCGANCritic(pytorch_dcgan.Discriminator):
    def __init__(self, size=32, channels=3, width=128):
        super().__init__(size, channels, width, norm=False)

    def verdict(self, features):
        return pytorch_training.FloatLinear(features, 1, bias=False)


def initialize(module):
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight)
    if getattr(module, "bias", None) is not None:
        nn.init.zeros_(module.bias)


NETWORKS = {
    "residual": (Generator, Critic, initialize),
    "dcgan": (pytorch_dcgan.Generator, DCGANCritic, pytorch_dcgan.initialize),
}


class Trainer(pytorch_training.Trainer):
    """Trains a WGAN-GP.

    Args:
        size: Side of the images: 16, 28, 32, 64, 128 or 256.
        channels: Channels of the images.
        latent_dim: Dimensions of the latents.
        width: Channels of all residual blocks, or DCGAN's next to the images.
        networks: "residual" or "dcgan".
        critic_steps: Steps of the critic for one of the generator.
        penalty_weight: The paper's lambda.
        learning_rate: Of both optimizers.
        **settings: As in `pytorch_training.Trainer`.
    """

    def __init__(
        self,
        size=32,
        channels=3,
        latent_dim=128,
        width=128,
        networks="residual",
        critic_steps=5,
        penalty_weight=10.0,
        learning_rate=1e-4,
        **settings,
    ):
        generator, critic, start = NETWORKS[networks]
        super().__init__(
            generator(size, channels, latent_dim, width).apply(start),
            critic(size, channels, width).apply(start),
            latent_dim,
            learning_rate=learning_rate,
            betas=(0.0, 0.9),
            **settings,
        )
        self.critic_steps = critic_steps
        self.penalty_weight = penalty_weight

    def step(self, real):
        """Trains both on uint8 images (N, C, H, W); returns both losses.

        All of the critic's steps see the same images.
        """
        real = self.to_float(real)
        for _ in range(self.critic_steps):
            with torch.no_grad():
                fake = self.fakes_for(real)
            d_loss = self.train_discriminator(real, fake)
        return d_loss, self.train_generator(self.fakes_for(real))

    def train_discriminator(self, real, fake):
        with self.autocast():
            loss = self.d(fake).mean() - self.d(real).mean()
        loss = loss + self.penalty_weight * self.penalty(real, fake)
        return pytorch_training.descend(self.d_optimizer, loss)

    def penalty(self, real, fake):
        """E[(|d f(x) / d x| - 1)^2] between fakes and real images."""
        share = torch.rand(len(real), 1, 1, 1)
        between = torch.lerp(fake.float(), real, share).requires_grad_()
        with self.autocast():
            values = self.d(between)
        # Outside autocast: the backward pass takes the types of the forward.
        (gradient,) = torch.autograd.grad(
            values.sum(), between, create_graph=True
        )
        # Within the root, whose own gradient at zero is infinite.
        norms = (gradient.square().sum((1, 2, 3)) + 1e-12).sqrt()
        return (norms - 1).square().mean()

    def generator_loss(self, fake_logits):
        return -fake_logits.mean()
