"""What GANs that draw by sentences share: who reads, draws and judges."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
from keras import ops

from keras_gans import data, losses
from keras_gans.engine.building import Builder
from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.modalities import HashedLatents, Modality, Sentences, Text
from keras_gans.models.words.meanings import (
    default_prompts,
    group_numbers,
    groups_of,
)
from keras_gans.networks.text.encoders import outputs_of, text_encoder_for
from keras_gans.networks.text.joining import (
    joined,
    with_features,
    with_statistics,
)


class MatchingAwareGAN(TwoPlayerGAN):
    """A GAN from sentences, whose discriminator also judges wrong pairs.

    The generator is a text encoder and a painter: ids become the features of
    a sentence, and the painter draws by these and the latents. D sees images
    and the features of their sentences, by the same encoder. Of the real
    images it sees each twice: with its own sentence, and with the wrong one
    of the next row of the batch that has another meaning.

    A text encoder that is given stays as it is. One that is built here learns
    with D, whose verdicts on right and wrong pairs tell it what sentences
    mean; for G the features are data.

    Args:
        prompts: The modality of the sentences.
        painter: A Keras model, or a function of the sentences' dimensions
            that builds it, from latents and sentences to images.
        discriminator: The same, from images and sentences to logits.
        latent_dim: Dimensions of the latents that the painter takes.
        text_encoder: As in `text_encoder_for`.
        text_dim: Dimensions of the features of a new text encoder.
        train_text: Whether the text encoder learns; None where it is new.
        matching_loss: D's loss of the logits of right pairs, of wrong ones
            and of fakes, and whether there is a wrong one.
        loss: As in `TwoPlayerGAN`; G's part is used.
        kl_weight: Weight of the conditioning augmentation's divergence.
        wrong: "masked" for the next sentence of another meaning; "rolled" for
            the next one of the batch, whatever it means.
        synonyms: Groups of sentences that mean the same; equal ids always do.
        critic_steps: Steps of D for each of G.
        **kwargs: As in `AdversarialModel`.

    Raises:
        ValueError: For an unknown `wrong`, text encoder or loss.
    """

    logged = (*TwoPlayerGAN.logged, "wrong_score")
    reader = staticmethod(data.captioned)

    def __init__(
        self,
        prompts: Text | None,
        painter: keras.Model | Callable,
        discriminator: keras.Model | Callable,
        latent_dim: int,
        text_encoder: str | keras.Model,
        text_dim: int,
        train_text: bool | None,
        matching_loss: Callable,
        loss: str,
        kl_weight: float = 0.0,
        wrong: str = "masked",
        synonyms: Sequence[Sequence[str]] | None = None,
        critic_steps: int = 1,
        **kwargs: Any,
    ):
        check_game(wrong, kwargs.get("stabilizers") or (), type(self).__name__)
        prompts = prompts or default_prompts()
        learns = train_text
        if learns is None:
            learns = not isinstance(text_encoder, keras.Model)
        parts: dict[str, keras.Model] = {}

        def generator() -> keras.Model:
            encoder = text_encoder_for(text_encoder, prompts, text_dim)
            encoder.trainable = learns
            sentence = outputs_of(encoder)["sentence"]
            network = _built(painter, sentence.shape[-1])
            parts.update(text_encoder=encoder, painter=network)
            return joined(encoder, network, prompts, latent_dim)

        def judge() -> keras.Model:
            return _built(discriminator, parts["painter"].inputs[1].shape[-1])

        super().__init__(
            generator,
            judge,
            {"latents": HashedLatents(latent_dim), "prompts": prompts},
            loss,
            critic_steps,
            **kwargs,
        )
        self.matching_loss, self.kl_weight = matching_loss, kl_weight
        self.wrong, self.trains_text = wrong, learns
        # Keras is not to find the layers of the players a second time.
        self.__dict__.update(
            _parts=parts,
            _groups=group_numbers(prompts, synonyms),
            _painter=with_statistics(parts["painter"]),
            _judge=with_features(self.discriminator),
        )

    @property
    def text_encoder(self) -> keras.Model:
        """The network that reads, a part of the generator."""
        return self.__dict__["_parts"]["text_encoder"]

    @property
    def painter(self) -> keras.Model:
        """The network that draws, a part of the generator."""
        return self.__dict__["_parts"]["painter"]

    @property
    def sees(self) -> tuple[str, ...]:
        """What the discriminator sees: images and sentences."""
        return (*self.makes, "sentences")

    def seen_of(self, known: dict[str, Any]) -> dict[str, Any]:
        """Returns images, and what the text encoder makes of their ids."""
        ids = self.takes["prompts"].to_device(known["prompts"])
        sentences = outputs_of(self.text_encoder, self.text_encoder(ids))
        known = {**known, "sentences": sentences["sentence"]}
        return super().seen_of(known)

    def modality_of(self, name: str) -> Modality:
        """Returns the modality of a name, of "sentences" too."""
        if name == "sentences":
            network = self.networks_of(self.maker)[0]
            painter = network.operations[-1]
            return Sentences(painter.inputs[1].shape[-1])
        return super().modality_of(name)

    def variables_of(self, player: str) -> list[Any]:
        """Returns a player's variables; the text encoder's are D's."""
        own = super().variables_of(player)
        text = self.text_encoder.trainable_variables
        ids = {id(v) for v in text}
        own = [v for v in own if id(v) not in ids]
        return own + text * (player in self.judges)

    def read(self, prompts: Any) -> Any:
        """Returns the features of sentences, (N, D), in training.

        Args:
            prompts: Ids (N, L).
        """
        made = self.text_encoder(prompts, training=self.trains_text)
        return outputs_of(self.text_encoder, made)["sentence"]

    def unpack(self, data: Any) -> tuple[Any, dict[str, Any]]:
        """Returns images, and their sentences as ids and as features."""
        real, given = super().unpack(data)
        sentences = ops.stop_gradient(self.read(given["prompts"]))
        return real, {**given, "sentences": sentences}

    def train_step(self, data: Any) -> dict[str, Any]:
        """Algorithm 1; G runs once for D's last step and for its own."""
        real, given = self.unpack(data)
        for _ in range(self.critic_steps - 1):
            self.train_discriminator(real, self.fakes_for(real, given), given)
        self.minimize_on_shared_fakes(
            make=lambda: self.paint(given),
            train_judge=lambda made: self.train_discriminator(
                real, self.own_rows(made[0], given), given
            ),
            loss_fn=lambda made: self.loss_of(made, given),
            player=self.generator,
        )
        return self.get_metrics_result()

    def fakes_for(self, real: Any, given: dict[str, Any] | None = None) -> Any:
        """Makes fakes, one for each of the sentences that are given."""
        given = given or {}
        return self.own_rows(self.paint(given)[0], given)

    def paint(self, given: dict[str, Any]) -> list[Any]:
        """Returns what the painter makes: images, and with augmentation the
        means and log variances of their conditions.
        """
        sentences = self.painted(given)
        latents = self.random_latents(ops.shape(sentences)[0])
        made = self.__dict__["_painter"]([latents, sentences], training=True)
        return keras.tree.flatten(made)

    def painted(self, given: dict[str, Any]) -> Any:
        """Returns the sentences to draw by: those of the data first."""
        return given["sentences"]

    def own_rows(self, images: Any, given: dict[str, Any]) -> Any:
        """Returns the images that were drawn by the data's own sentences."""
        return images[: ops.shape(given["sentences"])[0]]

    def discriminator_loss(
        self, real: Any, fake: Any, given: dict[str, Any]
    ) -> Any:
        """Returns what D minimises, of right pairs, wrong ones and fakes."""
        sentences = given["sentences"]
        if self.trains_text:
            sentences = self.read(given["prompts"])
        rows, has_wrong = self.wrong_for(given["prompts"])
        others = ops.take(sentences, rows, axis=0)
        if self.__dict__["_judge"] is None:
            right, made = self.look(real, fake, sentences=sentences)
            _, wrong = self.look(None, real, sentences=others)
        else:
            (right, seen), (made, _) = self.look(
                real, fake, by=self.__dict__["_judge"], sentences=sentences
            )
            verdict = self.discriminator.get_layer("verdict")
            wrong = verdict([seen, others], training=True)
        for name, logits in (("real", right), ("fake", made), ("wrong", wrong)):
            self.log(f"{name}_score", self.score(logits))
        return self.matching_loss(right, wrong, made, has_wrong)

    def wrong_for(self, prompts: Any) -> tuple[Any, Any]:
        """Returns the row of a wrong sentence for each row of a batch.

        Args:
            prompts: Ids (N, L).

        Returns:
            The rows (N,), and whether the sentence there is a wrong one.
        """
        if self.wrong == "rolled":
            num = ops.shape(prompts)[0]
            return ops.roll(ops.arange(num), -1), ops.ones((num,), "bool")
        groups = groups_of(prompts, self.__dict__["_groups"])
        return losses.wrong_rows(losses.same_meaning(prompts, groups))

    def generator_loss(self, real: Any, given: dict[str, Any]) -> Any:
        """Returns what G minimises, of new fakes."""
        return self.loss_of(self.paint(given), given)

    def loss_of(self, made: list[Any], given: dict[str, Any]) -> Any:
        """Returns G's loss by what `paint` returned."""
        images, *statistics = made
        given = {**given, "sentences": self.painted(given)}
        loss = self.verdict_on(None, images, given)
        if statistics:
            mean, log_variance = ops.split(statistics[0], 2, axis=-1)
            divergence = losses.gaussian_divergence(mean, log_variance)
            loss += self.kl_weight * divergence
        return loss


def check_game(wrong: str, stabilizers: Sequence[Any], variant: str) -> None:
    """Refuses what does not fit a discriminator of sentences.

    Raises:
        ValueError: For an unknown `wrong`, and for stabilizers that join
            images.
    """
    if wrong not in ("masked", "rolled"):
        raise ValueError(
            f'`wrong` must be "masked" or "rolled". Received: wrong={wrong!r}'
        )
    if any(getattr(s, "together", 1) > 1 for s in stabilizers):
        raise ValueError(
            "A discriminator of sentences judges images one by one. "
            f"Received: {variant} of ('images', 'sentences')"
        )


def _built(builder: Builder | Callable, *arguments: int) -> keras.Model:
    is_model = isinstance(builder, keras.Model)
    return builder if is_model else builder(*arguments)
