"""DCGAN: Radford, Metz and Chintala 2015, arXiv:1511.06434."""

import functools
from typing import Any

import keras

from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.modalities import Latents
from keras_gans.networks import dcgan


@keras.saving.register_keras_serializable("keras_gans")
class DCGAN(TwoPlayerGAN):
    """The deep convolutional GAN, Radford et al. 2015.

    Args:
        image_shape: (height, width, channels): height and width are 3 to 8
            times the same power of two, up to 1024 (28, 32, 48, 64, ...); any
            number of channels.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        width: Channels of the layer next to the images; they double with
            every halving of the maps, up to 8 times this number.
        loss: "non_saturating", another of `keras_gans.losses.LOSSES`, or a
            pair of functions.
        critic_steps: Steps of the discriminator for each of the generator.
        synchronized: Whether batch norm uses the statistics of the whole batch
            where several devices share it, instead of each device's own.
        generator: Your own generator, from latents (N, latent_dim) to
            images in [-1, 1].
        discriminator: Your own discriminator, from images to logits.
        **kwargs: `stabilizers`, `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an unsupported image shape, and for an unknown loss.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (64, 64, 3),
        latent_dim: int = 100,
        width: int = 64,
        loss: str = "non_saturating",
        critic_steps: int = 1,
        synchronized: bool = False,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        super().__init__(
            generator
            or functools.partial(
                dcgan.build_generator,
                image_shape,
                latent_dim,
                width,
                synchronized,
            ),
            discriminator
            or functools.partial(
                dcgan.build_discriminator, image_shape, width, synchronized
            ),
            {"latents": Latents(latent_dim)},
            loss,
            critic_steps,
            **kwargs,
        )

    def train_step(self, data: Any) -> dict[str, Any]:
        """Algorithm 1; G runs once for D's last step and for its own."""
        real, given = self.unpack(data)
        for _ in range(self.critic_steps - 1):
            self.train_discriminator(real, self.fakes_for(real, given), given)
        self.minimize_on_shared_fakes(
            make=lambda: self.fakes_for(real, given),
            train_judge=lambda f: self.train_discriminator(real, f, given),
            loss_fn=lambda fake: self.verdict_on(real, fake, given),
            player=self.generator,
        )
        return self.get_metrics_result()
