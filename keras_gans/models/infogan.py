"""InfoGAN: Chen et al. 2016, arXiv:1606.03657."""

import functools
import math
from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
from keras import layers, ops

from keras_gans import distribution, losses
from keras_gans.engine.declarations import check_judge, check_range
from keras_gans.engine.model import AdversarialModel
from keras_gans.layers import DownsamplingConv2D
from keras_gans.modalities.codes import Codes
from keras_gans.networks.dcgan import (
    INIT,
    batch_norm,
    grow,
    start_maps,
    widths,
)


def build_generator(
    image_shape: tuple[int, int, int],
    code_dim: int,
    width: int,
    synchronized: bool = False,
) -> keras.Model:
    """Builds the generator, from (N, code_dim) to images (appendix C.1)."""
    z = keras.Input((code_dim,))
    x = layers.Dense(16 * width, use_bias=False, **INIT)(z)
    x = layers.ReLU()(batch_norm(synchronized)(x))
    x = start_maps(x, image_shape, width, use_bias=False)
    x = layers.ReLU()(batch_norm(synchronized)(x))
    images = grow(x, image_shape, width, synchronized)
    return keras.Model(z, images, name="generator")


def build_discriminator(
    image_shape: tuple[int, int, int],
    num_categories: int,
    num_continuous: int,
    width: int,
    synchronized: bool = False,
) -> keras.Model:
    """Builds D and Q: images to logits, and to predicted codes (appendix C.1).

    D and Q share all layers but the last ones. Q predicts the logits of the
    categorical code, and the mean and log variance of each continuous code.
    """
    images = x = keras.Input(image_shape)
    for i, filters in enumerate(widths(image_shape, width)):
        x = DownsamplingConv2D(filters, use_bias=not i, **INIT)(x)
        x = layers.LeakyReLU(0.1)(batch_norm(synchronized)(x) if i else x)
    x = layers.Dense(16 * width, use_bias=False, **INIT)(layers.Flatten()(x))
    x = layers.LeakyReLU(0.1)(batch_norm(synchronized)(x))
    logits = layers.Dense(1, dtype="float32", **INIT)(x)
    q = layers.Dense(2 * width, use_bias=False, **INIT)(x)
    q = layers.LeakyReLU(0.1)(batch_norm(synchronized)(q))
    read = num_categories + 2 * num_continuous
    codes = layers.Dense(read, dtype="float32", **INIT)(q)
    return keras.Model(images, [logits, codes], name="discriminator")


@keras.saving.register_keras_serializable("keras_gans")
class InfoGAN(AdversarialModel):
    """GAN whose latents hold codes that can be read off its images, Chen 2016.

    The generator's latents are noise z, a categorical code and continuous
    codes. A head Q of the discriminator predicts the codes from an image. Both
    players maximise L_I, a lower bound of the mutual information between
    codes and images (equations 5 and 6).

    Args:
        image_shape: (height, width, channels): height and width are 3 to 8
            times the same power of two, up to 1024 (28, 32, 48, 64, ...); any
            number of channels.
        noise_dim: Dimensions of z, drawn from N(0, 1).
        num_categories: Number of values of the categorical code.
        num_continuous: Number of continuous codes, drawn from U(-1, 1).
        width: Channels of the layer next to the images; they double with
            every halving of the maps, up to 8 times this number.
        info_weight: The paper's lambda for the categorical code.
        continuous_weight: lambda for the continuous codes.
        synchronized: Whether batch norm uses the statistics of the whole batch
            where several devices share it, instead of each device's own.
        generator: Your own generator, from latents (N, noise_dim +
            num_categories + num_continuous) to images in [-1, 1].
        discriminator: Your own discriminator, from images to logits (N, 1)
            and Q's predictions (N, num_categories + 2 num_continuous).
        **kwargs: `stabilizers`, `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an unsupported image shape, less than two categories,
            and where `latent_dim` is given.
    """

    logged = ("real_score", "fake_score", "code_accuracy", "information")
    of_discriminator = staticmethod(losses.cross_entropy_discriminator)

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (28, 28, 1),
        noise_dim: int = 62,
        num_categories: int = 10,
        num_continuous: int = 2,
        width: int = 64,
        info_weight: float = 1.0,
        continuous_weight: float = 0.1,
        synchronized: bool = False,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        if num_categories < 2:
            raise ValueError(
                "`num_categories` must be at least 2. "
                f"Received: num_categories={num_categories}"
            )
        if "latent_dim" in kwargs:
            raise ValueError(
                "InfoGAN's latents are its noise and its codes: set "
                "`noise_dim`, `num_categories` or `num_continuous`. "
                f"Received: latent_dim={kwargs['latent_dim']}"
            )
        codes = Codes(noise_dim, num_categories, num_continuous)
        super().__init__(
            {
                "generator": generator
                or functools.partial(
                    build_generator,
                    image_shape,
                    codes.dim,
                    width,
                    synchronized,
                ),
                "discriminator": discriminator
                or functools.partial(
                    build_discriminator,
                    image_shape,
                    num_categories,
                    num_continuous,
                    width,
                    synchronized,
                ),
            },
            {"latents": codes},
            **kwargs,
        )
        self.codes = codes
        self.noise_dim = noise_dim
        self.num_categories = num_categories
        self.num_continuous = num_continuous
        self.info_weight = info_weight
        self.continuous_weight = continuous_weight
        self._check_networks()

    def _check_networks(self) -> None:
        read = self.num_categories + 2 * self.num_continuous
        judge = self.discriminator
        check_judge(judge, self.makes, (read,))
        check_range(self.generator, judge, self.of_discriminator)

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Appendix C: 2e-4 for D and 1e-3 for G on MNIST."""
        rates = {"generator": 1e-3, "discriminator": 2e-4}
        return {p: keras.optimizers.Adam(rates[p], 0.5) for p in self.players}

    @property
    def scores(self) -> Mapping[str, Callable]:
        """How often Q reads the category off what is made of it."""
        first, last = self.noise_dim, self.noise_dim + self.num_categories

        def code_accuracy(real: Any, made: Any, latents: Any) -> np.ndarray:
            category = np.argmax(latents[:, first:last], -1)
            return self.recognise(np.clip(made, -1, 1)) == category

        return {"code_accuracy": code_accuracy}

    def train_step(self, data: Any) -> dict[str, Any]:
        """Equation 6: min over G and Q, max over D, of V(D, G) - lambda L_I."""
        real, _ = self.unpack(data)
        latents = self.random_latents(ops.shape(real)[0])
        fake = ops.stop_gradient(self.generator(latents, training=True))
        self.minimize(
            self.discriminator_loss, self.discriminator, real, fake, latents
        )
        self.minimize(self.generator_loss, self.generator, latents)
        return self.get_metrics_result()

    def discriminator_loss(self, real: Any, fake: Any, latents: Any) -> Any:
        """The loss of D, and of Q, which shares its layers: equation 6."""
        (real_logits, _), (fake_logits, codes) = self.look(real, fake)
        self.log("real_score", ops.sigmoid(real_logits))
        self.log("fake_score", ops.sigmoid(fake_logits))
        loss = self.of_discriminator(real_logits, fake_logits)
        return loss - self.information(codes, latents)

    def generator_loss(self, latents: Any) -> Any:
        """The loss of G, equation 6 with the non-saturating loss."""
        fake = self.generator(latents, training=True)
        _, (logits, codes) = self.look(None, fake)
        information = self.information(codes, latents)
        self.log("information", information)
        return losses.non_saturating_generator(logits) - information

    def information(self, codes: Any, latents: Any) -> Any:
        """Returns lambda L_I(G, Q), equation 5 without the constant H(c).

        Args:
            codes: Q's predictions (N, num_categories + 2 num_continuous).
            latents: The latents that the images were generated from (N,
                latent_dim).

        Returns:
            E[log Q(c | x)], a scalar: the sum of the categorical and of the
            continuous codes' parts, each times its weight.
        """
        first, last = self.noise_dim, self.noise_dim + self.num_categories
        category, continuous = latents[:, first:last], latents[:, last:]
        logits = codes[:, : self.num_categories]
        mean, log_variance = ops.split(codes[:, self.num_categories :], 2, -1)
        right = ops.equal(ops.argmax(logits, -1), ops.argmax(category, -1))
        self.log("code_accuracy", ops.cast(right, "float32"))
        of_category = ops.sum(category * ops.log_softmax(logits), -1)
        # The log density of a Gaussian.
        squares = ops.square(continuous - mean) * ops.exp(-log_variance)
        density = -0.5 * (math.log(2 * math.pi) + log_variance + squares)
        return self.info_weight * ops.mean(
            of_category
        ) + self.continuous_weight * ops.mean(ops.sum(density, -1))

    def make_latents(
        self, noise: Any, categories: Any, codes: Any
    ) -> np.ndarray:
        """Joins noise and codes to latents, for instance to vary one code.

        Args:
            noise: (N, noise_dim).
            categories: (N,), whole numbers in [0, num_categories).
            codes: (N, num_continuous), in [-1, 1] in training.

        Returns:
            float32 (N, latent_dim), for `generate(N, latents=...)`.

        Raises:
            ValueError: For categories outside of [0, num_categories).
        """
        return self.codes.join(noise, categories, codes)

    def recognise(self, images: Any, batch_size: int = 64) -> np.ndarray:
        """Predicts the categorical code of images: unsupervised clusters.

        Args:
            images: (N, H, W, C), uint8 in [0, 255] or float in [-1, 1].
            batch_size: Images at a time.

        Returns:
            int (N,), the most likely category of each image.
        """
        modality = self.makes["images"]
        images = modality.to_device(modality.check(images, "images"))
        _, codes = self.discriminator.outputs
        q = keras.Model(self.discriminator.inputs, codes)
        codes = distribution.predict(q, images, batch_size)
        return np.argmax(codes[:, : self.num_categories], -1)
