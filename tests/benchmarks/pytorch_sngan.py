"""A plain PyTorch SNGAN of the layers of `keras_gans.SNGAN`, to measure by.

It is written as a PyTorch user would write it, with PyTorch's own spectral
norm, and imports nothing of Keras.
"""

import pytorch_training
import torch
from pytorch_dcgan import initialize, widths
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm


class Generator(nn.Sequential):
    def __init__(self, size=32, channels=3, latent_dim=128, width=64):
        start, wide = widths(size, width)
        before = width * min(2 ** len(wide), 8)
        layers = [
            nn.Linear(latent_dim, before * start**2),
            nn.Unflatten(1, (before, start, start)),
        ]
        for after in wide[::-1]:
            layers += [
                nn.ConvTranspose2d(before, after, 4, 2, 1, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(True),
            ]
            before = after
        super().__init__(*layers, nn.Conv2d(before, channels, 3, 1, 1))

    def forward(self, z):
        return torch.tanh(super().forward(z).float())


class Discriminator(nn.Sequential):
    def __init__(self, size=32, channels=3, width=64, power_iterations=4):
        def normalised(layer):
            # Its vectors start from the weights, which therefore come first.
            initialize(layer)
            return spectral_norm(layer, n_power_iterations=power_iterations)

        def conv(before, after, *shape):
            return [
                normalised(nn.Conv2d(before, after, *shape)),
                nn.LeakyReLU(0.1, True),
            ]

        start, wide = widths(size, width)
        layers, before = [], channels
        for after in wide:
            layers += conv(before, after, 3, 1, 1)
            layers += conv(after, 2 * after, 4, 2, 1)
            before = 2 * after
        after = min(before, 8 * width)
        layers += conv(before, after, 3, 1, 1)
        verdict = pytorch_training.FloatLinear(after * start**2, 1)
        super().__init__(*layers, nn.Flatten(), normalised(verdict))


class Trainer(pytorch_training.Trainer):
    """Trains an SNGAN.

    Args:
        size: Side of the images: 16, 28, 32, 64, 128 or 256.
        channels: Channels of the images.
        latent_dim: Dimensions of the latents.
        width: Channels next to the images.
        power_iterations: Steps of the power method in a pass.
        **settings: As in `pytorch_training.Trainer`.
    """

    def __init__(
        self,
        size=32,
        channels=3,
        latent_dim=128,
        width=64,
        power_iterations=4,
        **settings,
    ):
        super().__init__(
            Generator(size, channels, latent_dim, width).apply(initialize),
            Discriminator(size, channels, width, power_iterations),
            latent_dim,
            **settings,
        )

    def discriminator_loss(self, real_logits, fake_logits):
        return F.relu(1 - real_logits).mean() + F.relu(1 + fake_logits).mean()

    def generator_loss(self, fake_logits):
        return -fake_logits.mean()
