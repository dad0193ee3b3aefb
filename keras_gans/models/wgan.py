"""WGAN: Arjovsky, Chintala and Bottou 2017, arXiv:1701.07875."""

from typing import Any

import keras
from keras import ops

from keras_gans.engine.building import building
from keras_gans.models.dcgan import DCGAN, build_discriminator
from keras_gans.models.gan import GAN


@keras.saving.register_keras_serializable("keras_gans")
class WGAN(DCGAN):
    """Wasserstein GAN with clipped weights, with the networks of DCGAN.

    Args:
        image_shape: (height, width, channels): square, with a side of 16, 28,
            32, 64, 128 or 256; any number of channels.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        width: Channels next to the images; they double with every halving of
            the size, up to 8 times.
        clip: The paper's c: the critic's weights stay in [-clip, clip].
        critic_steps: Steps of the critic for one of the generator.
        synchronized: As in `DCGAN`.
        generator: Your own, from (N, latent_dim) to images in [-1, 1].
        discriminator: Your own critic, from images to one number each.
        **kwargs: `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an image shape that there is not, or no `clip`.
    """

    logged = ("real_score", "fake_score", "wasserstein_estimate")

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (64, 64, 3),
        latent_dim: int = 100,
        width: int = 64,
        clip: float = 0.01,
        critic_steps: int = 5,
        synchronized: bool = False,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        if clip <= 0:
            raise ValueError(
                f"`clip` must be above zero. Received: clip={clip}"
            )
        with building(**kwargs):
            discriminator = discriminator or build_discriminator(
                image_shape, width, synchronized, use_bias=False
            )
        super().__init__(
            image_shape=image_shape,
            latent_dim=latent_dim,
            width=width,
            loss="wasserstein",
            critic_steps=critic_steps,
            synchronized=synchronized,
            generator=generator,
            discriminator=discriminator,
            **kwargs,
        )
        self.clip = clip

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Algorithm 1: RMSProp, for momentum made training unstable."""
        return {p: keras.optimizers.RMSprop(5e-5) for p in self.players}

    def train_step(self, data: Any) -> dict[str, Any]:
        """Algorithm 1."""
        real = self.unpack(data)
        for _ in range(self.critic_steps):
            self.train_discriminator(real, self.fakes_for(real))
            for weight in self.discriminator.trainable_variables:
                weight.assign(ops.clip(weight, -self.clip, self.clip))
        self.minimize(self.generator_loss, self.generator, real)
        return self.get_metrics_result()

    # DCGAN's own trains D in between, which Algorithm 1 does before.
    generator_loss = GAN.generator_loss

    def discriminator_loss(self, real: Any, fake: Any) -> Any:
        """What the critic minimises: minus its estimate of the distance."""
        loss = super().discriminator_loss(real, fake)
        self.log("wasserstein_estimate", -loss)
        return loss
