"""What all stabilizers have in common."""

from typing import Any

import keras

from keras_gans.arguments import checked
from keras_gans.modalities import Image


class Stabilizer(keras.layers.Layer):
    """A part that fits any variant, as `stabilizers=[...]`.

    A stabilizer may change what the discriminator sees (`change`) and what a
    loss takes of its answer (`hear`), add a term to a loss (`hear`,
    `add_to_judge`, `add_to_player`), and act after a player's step
    (`after_step`). It is a layer: its weights are saved with the GAN. Random
    numbers come from `gan.draw`, so that replicas differ and resumed runs do
    not.

    Args:
        **kwargs: As in `keras.layers.Layer`.
    """

    every: int = 1
    """Steps from one time that it acts to the next."""

    logged: tuple[str, ...] = ()
    """The names that `gan.log` is called with."""

    together: int = 1
    """Rows of a batch that a discriminator judges as one.

    They are joined along their last axis, and the discriminator is built for
    as many times the channels."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Has the arguments of a stabilizer checked by their annotations."""
        super().__init_subclass__(**kwargs)
        if "__init__" in cls.__dict__:
            cls.__init__ = checked(cls.__init__)  # type: ignore[method-assign]

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.built = True
        self._is_taken = False

    def take(self) -> None:
        """Is called by the GAN that it is part of.

        Raises:
            ValueError: For the second one, where there are weights, which
                hold what the first GAN has seen.
        """
        if self.weights and self._is_taken:
            raise ValueError(
                f"Each GAN needs a {type(self).__name__} of its own, for its "
                "numbers follow what that GAN has seen. "
                f"Received: {self.name}, which another GAN has"
            )
        self._is_taken = True

    def check(self, gan: Any) -> None:
        """Raises a ValueError where a GAN lacks what this needs."""

    def check_loss(self, loss: Any) -> None:
        """Warns of a discriminator's loss that this does not suit."""

    def change(
        self, gan: Any, seen: dict[str, Any], kinds: dict[str, Any]
    ) -> dict[str, Any]:
        """Changes what the discriminator sees, real or generated.

        Args:
            gan: The GAN.
            seen: Device values by name.
            kinds: The modality of each.

        Returns:
            Values of the same names and shapes.
        """
        return seen

    def wants_gradient(self, gan: Any, side: str) -> bool:
        """Returns whether `look.gradients[side]` is to be there this step."""
        return False

    def gradient_names(self, gan: Any) -> tuple[str, ...]:
        """Returns the names of what the gradient that it wants is of."""
        return tuple(gan.makes)

    def hear(self, gan: Any, look: Any, player: str) -> Any:
        """Hears what a discriminator says, before a loss takes it.

        It may give the loss other logits, of the same shape, by
        `look.answer`.

        Args:
            gan: The GAN.
            look: The `Look`, of real values, of generated ones or of both.
            player: The player whose loss it is, a judge or another.

        Returns:
            A term of that loss.
        """
        return 0.0

    def add_to_judge(self, gan: Any, look: Any) -> Any:
        """Returns a term of the discriminator's loss for one `Look`."""
        return 0.0

    def add_to_player(self, gan: Any, player: str) -> Any:
        """Returns a term of any player's loss, for instance of its weights."""
        return 0.0

    def after_step(self, gan: Any, player: str) -> None:
        """Acts after a player's step."""


class LazyStabilizer(Stabilizer):
    """A stabilizer that need not act in every step.

    Args:
        every: Steps from one term to the next; a term that is taken every k
            steps is multiplied by k (Karras et al. 2020, appendix B: lazy
            regularisation), so that its weight means the same.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For `every` below 1.
    """

    def __init__(self, every: int = 1, **kwargs: Any):
        super().__init__(**kwargs)
        self.every = every

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {**super().get_config(), "every": self.every}


def check_images(stabilizer: Stabilizer, gan: Any) -> list[Image]:
    """Returns the kinds of images that a discriminator sees.

    Raises:
        ValueError: Where it sees none.
    """
    kinds = [gan.modality_of(name) for name in gan.sees]
    images = [kind for kind in kinds if isinstance(kind, Image)]
    if not images:
        raise ValueError(
            f"{type(stabilizer).__name__} changes images, and this "
            "discriminator sees none. "
            f"Received: {type(gan).__name__} of {gan.sees}"
        )
    return images
