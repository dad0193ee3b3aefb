"""GAN-CLS and GAN-INT: Reed et al. 2016, arXiv:1605.05396."""

import functools
from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from keras_gans import losses
from keras_gans.modalities import Text
from keras_gans.models.words.matching_aware import MatchingAwareGAN
from keras_gans.networks.text import gan_cls


@keras.saving.register_keras_serializable("keras_gans")
class GANCLS(MatchingAwareGAN):
    """The first GAN that draws by sentences, Reed et al. 2016, GAN-INT-CLS.

    DCGAN's networks take a compressed sentence besides. The discriminator is
    aware of matching (algorithm 1, with x and s a real pair, s' the wrong
    sentence and D a probability):

    L_D = -E[log D(x, s)]
    - (E[log(1 - D(x, s'))] + E[log(1 - D(G(z, s), s))]) / 2,
    L_G = -E[log D(G(z, s), s)] - w E[log D(G(z, t), t)].

    The last term is GAN-INT (equation 5, in the form that does not saturate):
    t = (s1 + s2) / 2 are features between those of two sentences of the
    batch, for which there is no real image.

    Args:
        image_shape: As in `DCGAN`.
        prompts: The modality of the sentences; None for one of eleven colour
            words.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        width: Channels of the generator's layer next to the images; they
            double with every halving of the maps, up to 8 times this number.
        discriminator_width: The same of the discriminator.
        text_encoder: "gru", "transformer", or your own Keras model from ids
            (N, L) to words (N, L, D), sentence (N, D) and mask (N, L), such
            as a `MatchingModel`'s, of which the GAN gets a copy.
        text_dim: Dimensions D of a new text encoder's features.
        text_width: Dimensions of the compressed sentences.
        train_text: Whether the text encoder learns with the discriminator;
            None for a new one to learn, and for your own to stay.
        interpolation_weight: The weight w of GAN-INT; 0 for GAN-CLS alone.
        augmentation_dim: Dimensions of StackGAN's conditioning augmentation,
            which follow those of the latents; None for none.
        kl_weight: Weight of its divergence from N(0, 1).
        wrong: "masked" for wrong sentences that mean something else; "rolled"
            for those of the next row, whatever they mean.
        synonyms: Groups of sentences that mean the same, lists of strings.
            Equal sentences always do.
        critic_steps: Steps of the discriminator for each of the generator.
        synchronized: Whether batch norm uses the statistics of the whole batch
            where several devices share it, instead of each device's own.
        generator: Your own painter, from latents and sentences (N, D) to
            images in [-1, 1].
        discriminator: Your own discriminator, from images and sentences to
            logits.
        **kwargs: `stabilizers`, `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For an unsupported image shape, and for an unknown text
            encoder.
    """

    def __init__(
        self,
        image_shape: tuple[int, int, int] = (64, 64, 3),
        prompts: Text | None = None,
        latent_dim: int = 100,
        width: int = 128,
        discriminator_width: int = 64,
        text_encoder: Any = "gru",
        text_dim: int = 256,
        text_width: int = 128,
        train_text: bool | None = None,
        interpolation_weight: float = 1.0,
        augmentation_dim: int | None = None,
        kl_weight: float = 2.0,
        wrong: str = "masked",
        synonyms: Sequence[Sequence[str]] | None = None,
        critic_steps: int = 1,
        synchronized: bool = False,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        super().__init__(
            prompts,
            generator
            or functools.partial(
                gan_cls.build_generator,
                image_shape,
                latent_dim,
                width=width,
                text_width=text_width,
                augmentation_dim=augmentation_dim,
                synchronized=synchronized,
            ),
            discriminator
            or functools.partial(
                gan_cls.build_discriminator,
                image_shape,
                width=discriminator_width,
                text_width=text_width,
                synchronized=synchronized,
            ),
            latent_dim + (augmentation_dim or 0),
            text_encoder,
            text_dim,
            train_text,
            losses.matching_cross_entropy,
            "non_saturating",
            kl_weight,
            wrong,
            synonyms,
            critic_steps,
            **kwargs,
        )
        self.interpolation_weight = interpolation_weight

    def painted(self, given: dict[str, Any]) -> Any:
        """Returns the sentences, and then those between two of them."""
        sentences = given["sentences"]
        if not self.interpolation_weight:
            return sentences
        half = (ops.shape(sentences)[0] + 1) // 2
        between = (sentences[:half] + sentences[-half:]) / 2.0
        return ops.concatenate([sentences, between])

    def verdict(self, *said: Any, given: dict[str, Any]) -> Any:
        """Returns G's loss by what D says of the sentences and those between.

        Each is a mean of its own.
        """
        (logits,) = said
        if not self.interpolation_weight:
            return self.of_generator(logits)
        num = ops.shape(given["prompts"])[0]
        between = self.of_generator(logits[num:])
        own = self.of_generator(logits[:num])
        return own + self.interpolation_weight * between
