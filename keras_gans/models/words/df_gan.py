"""DF-GAN: Tao et al. 2022, arXiv:2008.05865."""

import functools
from collections.abc import Sequence
from typing import Any

import keras

from keras_gans import losses
from keras_gans.modalities import Text
from keras_gans.models.words.matching_aware import MatchingAwareGAN
from keras_gans.networks.text import df_gan
from keras_gans.stabilizers import MatchingAwarePenalty


@keras.saving.register_keras_serializable("keras_gans")
class DFGAN(MatchingAwareGAN):
    """Deep fusion GAN, Tao et al. 2022: one generator draws by a sentence.

    Each block of the generator fuses its maps four times with latents and
    sentence, by affine maps with ReLU between. The discriminator gives one
    logit of image and sentence together ("one-way"). The losses are
    (equation 1, with x and s a real pair and s' the wrong sentence)

    L_D = E[max(0, 1 - D(x, s))] + E[max(0, 1 + D(G(z, s), s))] / 2
    + E[max(0, 1 + D(x, s'))] / 2 + 2 E[|dD(x, s) / d(x, s)|^6],
    L_G = -E[D(G(z, s), s)].

    The last term of L_D is `stabilizers.MatchingAwarePenalty`.

    ```python
    words = keras_gans.modalities.Vocabulary.from_captions(captions)
    prompts = keras_gans.modalities.Text(words, length=8)
    gan = keras_gans.DFGAN((64, 64, 3), prompts)
    gan.compile()
    gan.fit({"images": images, "prompts": prompts.check(captions)})
    gan.generate(prompts=["red hair", "blue hair"])
    ```

    Args:
        image_shape: (height, width, channels): height and width are 3 to 8
            times the same power of two, up to 1024 (28, 32, 48, 64, ...); any
            number of channels.
        prompts: The modality of the sentences; None for one of eleven colour
            words.
        latent_dim: Dimensions of the latents, drawn from N(0, 1).
        width: Channels of the maps of the images' size; they double with
            every halving of the maps, up to 8 times this number.
        text_encoder: "gru", "transformer", or your own Keras model from ids
            (N, L) to words (N, L, D), sentence (N, D) and mask (N, L), such
            as a `MatchingModel`'s, of which the GAN gets a copy.
        text_dim: Dimensions D of a new text encoder's features.
        train_text: Whether the text encoder learns with the discriminator;
            None for a new one to learn, and for your own to stay.
        augmentation_dim: Dimensions of StackGAN's conditioning augmentation,
            which follow those of the latents; None for none.
        kl_weight: Weight of its divergence from N(0, 1).
        wrong: "masked" for wrong sentences that mean something else; "rolled"
            for those of the next row, whatever they mean.
        synonyms: Groups of sentences that mean the same, lists of strings.
            Equal sentences always do.
        critic_steps: Steps of the discriminator for each of the generator.
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
        width: int = 32,
        text_encoder: Any = "gru",
        text_dim: int = 256,
        train_text: bool | None = None,
        augmentation_dim: int | None = None,
        kl_weight: float = 2.0,
        wrong: str = "masked",
        synonyms: Sequence[Sequence[str]] | None = None,
        critic_steps: int = 1,
        generator: keras.Model | None = None,
        discriminator: keras.Model | None = None,
        **kwargs: Any,
    ):
        super().__init__(
            prompts,
            generator
            or functools.partial(
                df_gan.build_generator,
                image_shape,
                latent_dim,
                width=width,
                augmentation_dim=augmentation_dim,
            ),
            discriminator
            or functools.partial(
                df_gan.build_discriminator, image_shape, width=width
            ),
            latent_dim + (augmentation_dim or 0),
            text_encoder,
            text_dim,
            train_text,
            losses.matching_hinge,
            "hinge",
            kl_weight,
            wrong,
            synonyms,
            critic_steps,
            own_stabilizers=[MatchingAwarePenalty()],
            **kwargs,
        )

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Two time scales (section 4.1): D has four times G's learning rate."""
        return {
            "generator": keras.optimizers.Adam(1e-4, 0.0, 0.9),
            "discriminator": keras.optimizers.Adam(4e-4, 0.0, 0.9),
        }
