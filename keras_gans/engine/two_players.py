"""Algorithm 1 of the first GAN, which most variants play."""

from collections.abc import Callable
from typing import Any

from keras import ops, tree

from keras_gans import losses
from keras_gans.engine.building import Builder
from keras_gans.engine.declarations import check_judge, check_range
from keras_gans.engine.model import AdversarialModel
from keras_gans.modalities import Modality


class TwoPlayerGAN(AdversarialModel):
    """A generator against a discriminator, Goodfellow et al. 2014.

    A variant chooses the networks, the pair of losses and the stabilizers.
    The discriminator sees what the generator makes, and all conditions that
    come from the data.

    Args:
        generator: A Keras model, or a function that builds it.
        discriminator: The same, from what the generator makes and the
            conditions to logits.
        takes: What the generator takes, by name.
        loss: A name of `keras_gans.losses.LOSSES`, or a pair of functions (of
            the discriminator, of the generator).
        critic_steps: Steps of the discriminator for one of the generator, on
            the same real rows, with new latents.
        **kwargs: As in `AdversarialModel`.

    Raises:
        ValueError: For an unknown loss, and for less than one step.
    """

    logged: tuple[str, ...] = ("real_score", "fake_score")

    def __init__(
        self,
        generator: Builder,
        discriminator: Builder,
        takes: dict[str, Modality],
        loss: str | tuple[Callable, Callable],
        critic_steps: int = 1,
        **kwargs: Any,
    ):
        super().__init__(
            {"generator": generator, "discriminator": discriminator},
            takes,
            **kwargs,
        )
        seen = {name: self.modality_of(name) for name in self.sees}
        judge = self.discriminator
        check_judge(judge, seen, self.heads, self.together)
        self.critic_steps = critic_steps
        self.of_discriminator, self.of_generator = losses.get(loss)
        check_range(self.generator, judge, self.of_discriminator)
        for stabilizer in self.stabilizers:
            stabilizer.check_loss(self.of_discriminator)

    @property
    def heads(self) -> tuple[int, ...]:
        """Numbers that D predicts beside its logits: none, for most."""
        return ()

    def train_step(self, data: Any) -> dict[str, Any]:
        """Algorithm 1: `critic_steps` of D, then one of G."""
        real, given = self.unpack(data)
        for _ in range(self.critic_steps):
            self.train_discriminator(real, self.fakes_for(real, given), given)
        self.minimize(self.generator_loss, self.generator, real, given)
        return self.get_metrics_result()

    def train_discriminator(
        self, real: Any, fake: Any, given: dict[str, Any]
    ) -> None:
        """Takes one step of D; the fakes are data to it, and G stays."""
        fake = tree.map_structure(ops.stop_gradient, fake)
        self.minimize(
            self.discriminator_loss, self.discriminator, real, fake, given
        )

    def discriminator_loss(
        self, real: Any, fake: Any, given: dict[str, Any]
    ) -> Any:
        """Returns what D minimises: it tells `real` from `fake`."""
        real_logits, fake_logits = self.look(real, fake, **given)
        self.log("real_score", self.score(real_logits))
        self.log("fake_score", self.score(fake_logits))
        return self.of_discriminator(real_logits, fake_logits)

    def score(self, logits: Any) -> Any:
        """Returns what is logged of D's logits.

        That is D's probability of "real" where the loss is a cross-entropy,
        and else the logits.
        """
        if self.of_discriminator in losses.CROSS_ENTROPIES:
            return ops.sigmoid(logits)
        return logits

    def generator_loss(self, real: Any, given: dict[str, Any]) -> Any:
        """Returns what G minimises: D is to take its fakes for real."""
        return self.verdict_on(real, self.fakes_for(real, given), given)

    def verdict_on(self, real: Any, fake: Any, given: dict[str, Any]) -> Any:
        """Returns G's loss by what D says of `fake`."""
        # Relativistic losses compare what D says of real rows and of fakes.
        compares = losses.compares(self.of_generator)
        said = self.look(real if compares else None, fake, **given)
        return self.verdict(*(said if compares else said[1:]), given=given)

    def verdict(self, *said: Any, given: dict[str, Any]) -> Any:
        """Returns G's loss by what D says.

        Args:
            *said: What D says of the fakes; before it, where G's loss compares
                the two, what it says of the real rows.
            given: The conditions that go with both.
        """
        return self.of_generator(*said)
