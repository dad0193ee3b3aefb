"""WGAN: Arjovsky, Chintala and Bottou 2017, arXiv:1701.07875."""

import functools
from typing import Any

import keras

from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.modalities import Latents
from keras_gans.networks import dcgan
from keras_gans.stabilizers import WeightClipping


@keras.saving.register_keras_serializable("keras_gans")
class WGAN(TwoPlayerGAN):
    """Wasserstein GAN with clipped weights, with the networks of DCGAN.

    Args:
        image_shape: (height, width, channels): height and width are 3 to 8
            times the same power of two, up to 1024 (28, 32, 48, 64, ...); any
            number of channels.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        width: Channels of the layer next to the images; they double with
            every halving of the maps, up to 8 times this number.
        clip: The paper's c: the critic's weights are clipped to [-clip, clip].
        critic_steps: Steps of the critic for each of the generator.
        synchronized: As in `DCGAN`.
        generator: Your own generator, from latents (N, latent_dim) to
            images in [-1, 1].
        discriminator: Your own critic, from images to values (N, 1).
        **kwargs: `stabilizers`, `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an unsupported image shape, and for a `clip` that is
            not above zero.
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
                dcgan.build_discriminator,
                image_shape,
                width,
                synchronized,
                use_bias=False,
            ),
            {"latents": Latents(latent_dim)},
            "wasserstein",
            critic_steps,
            own_stabilizers=[WeightClipping(clip)],
            **kwargs,
        )

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Algorithm 1: RMSProp, since momentum made training unstable."""
        return {p: keras.optimizers.RMSprop(5e-5) for p in self.players}

    def discriminator_loss(
        self, real: Any, fake: Any, given: dict[str, Any]
    ) -> Any:
        """The critic's loss: minus its estimate of the Wasserstein distance."""
        loss = super().discriminator_loss(real, fake, given)
        self.log("wasserstein_estimate", -loss)
        return loss
