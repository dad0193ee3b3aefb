"""Latent consistency, zCR: Zhao et al. 2021, arXiv:2002.04724."""

from typing import Any

import keras
from keras import ops

from keras_gans.stabilizers.comparing.consistency import mean_square
from keras_gans.stabilizers.weighted import (
    WeightedStabilizer,
    as_config,
    check_weight,
)


@keras.saving.register_keras_serializable("keras_gans")
class LatentConsistency(WeightedStabilizer):
    """zCR: D is to say the same of neighbours, which G is to keep apart.

    Zhao et al. 2021, algorithm 2: with z' = z + n and n of N(0, deviation^2)
    it adds weight E[(D(G(z)) - D(G(z')))^2] to D's loss, and
    -spread E[(G(z) - G(z'))^2], a mean over all that G makes, to G's. With
    `ConsistencyRegularisation(balanced=True)` it is the paper's ICR.

    Latents are drawn for this term alone, which costs two passes through each
    network in D's step and two through G in its own. D sees these fakes as
    they are: no other stabilizer changes them.

    Args:
        weight: The paper's lambda_dis, at least 0, or a Keras schedule.
        spread: The paper's lambda_gen, likewise.
        deviation: The standard deviation of n, above 0.
        every: Steps from one term to the next.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For numbers out of range, and for a GAN that takes no
            latents, turns them into styles, or takes what D does not see.
    """

    logged = ("latent_consistency", "latent_spread")

    def __init__(
        self,
        weight: Any = 5.0,
        spread: Any = 0.5,
        deviation: float = 0.03,
        every: int = 1,
        **kwargs: Any,
    ):
        super().__init__(weight, every, **kwargs)
        if not deviation > 0:
            raise ValueError(
                "`deviation` must be above zero. "
                f"Received: deviation={deviation}"
            )
        self.spread = check_weight(spread, "spread")
        self.deviation = deviation

    def check(self, gan: Any) -> None:
        """Raises a ValueError where latents do not go into the generator."""
        unknown = [
            name
            for name, modality in gan.takes.items()
            if modality.is_data and name not in gan.sees
        ]
        styles = hasattr(gan, "styles_for")
        if "latents" not in gan.takes or unknown or styles:
            raise ValueError(
                "LatentConsistency is for generators that take latents, make "
                "no styles of them, and take nothing from the data that the "
                "discriminator does not see. "
                f"Received: {type(gan).__name__} of {tuple(gan.takes)}"
            )

    def add_to_judge(self, gan: Any, look: Any) -> Any:
        """Returns the term of D's loss."""
        inputs = self.inputs(gan, look)

        def penalty() -> Any:
            said = []
            for given in inputs:
                fakes = _made(gan, look, given)
                fakes = keras.tree.map_structure(ops.stop_gradient, fakes)
                outputs = look.judge({**look.fake, **gan.joined(fakes)})
                said.append(keras.tree.flatten(outputs)[0])
            return mean_square(*said)

        return self.term(gan, penalty)

    def hear(self, gan: Any, look: Any, player: str) -> Any:
        """Returns the term of G's loss."""
        if player in gan.judges or look.fake is None:
            return 0.0
        inputs = self.inputs(gan, look)

        def apart() -> Any:
            one, other = (_made(gan, look, given) for given in inputs)
            parts = [mean_square(one[n], other[n]) for n in look.names]
            return sum(parts) / len(parts)

        return -self.term(gan, apart, self.logged[1], self.spread)

    def inputs(self, gan: Any, look: Any) -> list[dict[str, Any]]:
        """Draws what G takes, with z and with z + n, and all else alike."""
        num = ops.shape(look.fake[look.names[0]])[0] * gan.together
        given = {
            name: look.fake[name]
            if name in look.fake
            else modality.sample(gan.draw, num)
            for name, modality in gan.takes.items()
            if name != "latents"
        }
        z = gan.random_latents(num)
        noise = self.deviation * gan.draw(
            keras.random.normal, num, *z.shape[1:]
        )
        return [{**given, "latents": latents} for latents in (z, z + noise)]

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        own = {"spread": as_config(self.spread), "deviation": self.deviation}
        return {**super().get_config(), **own}


def _made(gan: Any, look: Any, given: dict[str, Any]) -> dict[str, Any]:
    fakes = gan.fakes_for(given["latents"], given)
    return fakes if isinstance(fakes, dict) else {look.names[0]: fakes}
