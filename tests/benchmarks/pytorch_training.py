"""What the plain PyTorch references share: steps, averages, samples, files."""

import contextlib
import copy
import os
import pathlib

import torch
from torch import nn


class Trainer:
    """Trains two networks in turn; a reference gives the networks and losses.

    Args:
        generator: From latents to images in [-1, 1].
        discriminator: From images to logits.
        latent_dim: Dimensions of the latents.
        learning_rate: Adam's, of both networks.
        betas: Adam's, of both networks.
        bfloat16: Whether to run under bfloat16 autocast.
        channels_last: Whether to hold maps and kernels channels-last.
        compile: Whether to run both networks through `torch.compile`.
        freeze: Whether the generator's phase leaves out the discriminator's
            weight gradients, which PyTorch's example computes and discards.
        ema_decay: Decay of the moving average of the generator's weights, or
            None for no average.
    """

    def __init__(
        self,
        generator,
        discriminator,
        latent_dim,
        learning_rate=2e-4,
        betas=(0.5, 0.999),
        bfloat16=False,
        channels_last=False,
        compile=False,
        freeze=False,
        ema_decay=None,
    ):
        self.latent_dim = latent_dim
        self.freeze = freeze
        self.ema_decay = ema_decay
        self.autocast = (
            (lambda: torch.autocast("cpu", torch.bfloat16))
            if bfloat16
            else contextlib.nullcontext
        )
        self.layout = (
            torch.channels_last if channels_last else torch.contiguous_format
        )
        self.generator = generator.to(memory_format=self.layout)
        self.discriminator = discriminator.to(memory_format=self.layout)
        self.average = None  # no memory where there is no average
        if ema_decay is not None:
            self.average = copy.deepcopy(generator).requires_grad_(False)
        self.g, self.d = self.generator, self.discriminator
        if compile:
            self.g, self.d = torch.compile(self.g), torch.compile(self.d)
        self.g_optimizer, self.d_optimizer = (
            torch.optim.Adam(
                network.parameters(),
                learning_rate,
                betas,
                eps=1e-7,  # as Keras
                fused=True,
            )
            for network in (self.generator, self.discriminator)
        )
        self.steps = 0

    def discriminator_loss(self, real_logits, fake_logits):
        raise NotImplementedError

    def generator_loss(self, fake_logits):
        raise NotImplementedError

    def to_float(self, images):
        """Maps a uint8 batch (N, C, H, W) to [-1, 1]."""
        images = images.to(torch.float32, memory_format=self.layout)
        return images / 127.5 - 1.0

    def fakes_for(self, real):
        """Draws as many images as there are real ones."""
        with self.autocast():
            return self.g(torch.randn(len(real), self.latent_dim))

    def step(self, real):
        """Trains both on uint8 images (N, C, H, W); returns both losses."""
        real = self.to_float(real)
        fake = self.fakes_for(real)
        d_loss = self.train_discriminator(real, fake.detach())
        return d_loss, self.train_generator(fake)

    def train_discriminator(self, real, fake):
        with self.autocast():
            real_logits, fake_logits = self.d(real), self.d(fake)
        loss = self.discriminator_loss(real_logits.float(), fake_logits.float())
        return descend(self.d_optimizer, loss)

    def train_generator(self, fake):
        if self.freeze:
            self.discriminator.requires_grad_(False)
        with self.autocast():
            logits = self.d(fake)
        loss = descend(self.g_optimizer, self.generator_loss(logits.float()))
        if self.freeze:
            self.discriminator.requires_grad_(True)
        self.update_average()
        self.steps += 1
        return loss

    @torch.no_grad()
    def update_average(self):
        """Moves the average towards the weights, at first in long strides."""
        if self.ema_decay is None:
            return
        decay = min(self.ema_decay, (1 + self.steps) / (10 + self.steps))
        values = self.generator.state_dict()
        weights = {name for name, _ in self.generator.named_parameters()}
        for name, mean in self.average.state_dict().items():
            if name in weights or "running" in name:
                mean.lerp_(values[name], 1 - decay)
            else:
                mean.copy_(values[name])

    @torch.no_grad()
    def generate(self, num, seed=0, batch_size=500):
        """Returns float32 images (num, H, W, C) in [-1, 1]."""
        random = torch.Generator().manual_seed(seed)
        generator = self.generator
        if self.ema_decay is not None:  # the statistics of its own activations
            generator = copy.deepcopy(self.average)
            draws = torch.Generator().manual_seed(0)
            shape = (200, self.latent_dim)
            latents = (torch.randn(shape, generator=draws) for _ in range(50))
            torch.optim.swa_utils.update_bn(latents, generator)
        generator.eval()
        images = []
        for start in range(0, num, batch_size):
            shape = (min(batch_size, num - start), self.latent_dim)
            images.append(generator(torch.randn(shape, generator=random)))
        generator.train()
        return torch.cat(images).permute(0, 2, 3, 1).float().numpy()

    def _parts(self):
        names = ["generator", "discriminator", "average"]
        names += ["g_optimizer", "d_optimizer"]
        if self.average is None:
            names.remove("average")
        return {name: getattr(self, name) for name in names}

    def save(self, path):
        """Writes all that the run goes on from, whole or not at all."""
        state = {k: part.state_dict() for k, part in self._parts().items()}
        state |= {"steps": self.steps, "random": torch.get_rng_state()}
        unfinished = pathlib.Path(f"{path}.unfinished")
        torch.save(state, unfinished)
        os.replace(unfinished, path)

    def load(self, path):
        """Goes on from what `save` wrote."""
        state = torch.load(path, weights_only=True)
        for name, part in self._parts().items():
            part.load_state_dict(state[name])
        self.steps = state["steps"]
        torch.set_rng_state(state["random"])


def descend(optimizer, loss):
    """Takes one step down the gradient of a loss; returns the loss."""
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


class FloatLinear(nn.Linear):
    """A linear layer that computes in float32, under autocast too."""

    def forward(self, x):
        with torch.autocast("cpu", enabled=False):
            return super().forward(x.float())
