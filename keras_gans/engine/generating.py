"""Using a trained GAN: generating, and its networks for inference."""

import numbers
from typing import Any

import keras
import numpy as np

from keras_gans import distribution
from keras_gans.engine.any_size import network_at
from keras_gans.engine.declarations import Part
from keras_gans.engine.offers import Offers
from keras_gans.modalities import Modality


class GenerativeModel(Offers):
    """A model with a network that makes what `makes` declares.

    Attributes:
        maker: The name of the player that `generate` and `export` mean.
        averaged: The names of the players whose weights are averaged.
    """

    maker: str = "generator"
    averaged: tuple[str, ...] = ("generator",)

    @property
    def inference_generators(self) -> list[keras.Model]:
        """The maker's networks to use: their averages, where these are on."""
        average = getattr(self, f"ema_{self.maker}", None)
        return keras.tree.flatten(average or getattr(self, self.maker))

    @property
    def inference_generator(self) -> keras.Model:
        """The network to use and to export, the first of the maker's."""
        return self.inference_generators[0]

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of what can be exported besides the whole generator."""
        return ()

    def part(self, name: str | None = None) -> Part:
        """Returns a network for inference: the generator, or a part of it.

        Args:
            name: A name of `parts`; None for the whole generator. A variant
                that has parts overrides this.

        Raises:
            ValueError: For another name.
        """
        if name is not None:
            raise ValueError(
                f"`part` of {type(self).__name__} is one of "
                f"{[None, *self.parts]}. Received: part={name!r}"
            )
        return Part(self.inference_generator, self.takes, self.makes)

    def taken_by(self, network: int) -> dict[str, Modality]:
        """Returns what one of the maker's networks takes, by name.

        The first takes what `takes` declares. Networks after it take the same
        where some of that is drawn; where they translate, they go back, from
        what the first one makes. A variant of other networks overrides this.

        Args:
            network: Its place among the maker's networks, from 0.
        """
        draws = any(modality.is_drawn for modality in self.takes.values())
        return self.takes if draws or not network else self.makes

    def generate(
        self,
        num: Any = None,
        seed: int | None = None,
        batch_size: int = 64,
        **given: Any,
    ) -> Any:
        """Generates, and leaves training's random state alone.

        Args:
            num: How many; None takes it from what is given. `num_images` is
                another name of it. A variant that is told in words takes a
                sentence or a list of them here, or as `prompts`; `num_images`
                is then how many of each, and image i of every sentence is
                made from latent i of the seed.
            seed: The same seed gives the same results; None gives new ones.
            batch_size: Rows at a time.
            **given: What the generator takes, by the names of `takes`:
                `latents` (num, latent_dim), `labels` (num,) as numbers or
                names, or one label for all, `inputs` (num, H, W, C) and so
                on; and options such as `truncation`. What is not given is
                drawn; labels then take turns.

        Returns:
            float32 values of the shape (num, ...) in [-1, 1], for instance
            images (num, H, W, C); a dictionary of them by name where the
            variant makes several.

        Raises:
            ValueError: For unknown names, values of another shape, and where
                something is missing that cannot be drawn.
        """
        if num is not None and not is_number(num):
            told = self._told(num)
            if told in given:
                raise ValueError(
                    "Sentences are given once. "
                    f"Received: {num!r} and {told}={given[told]!r}"
                )
            given[told], num = num, None
        if num is not None and "num_images" in given:
            raise ValueError(
                "`num_images` is another name of `num`. "
                f"Received: num={num} and num_images={given['num_images']}"
            )
        num = given.pop("num_images", num)
        if num is None and self.told_by and not given:
            raise ValueError(
                f"{type(self).__name__} is told what to make: a sentence, "
                "several, or how many of the example sentences. Received: None"
            )
        wanted = (batch_size,) if num is None else (num, batch_size)
        if not all(is_number(n) and n >= 1 for n in wanted):
            raise ValueError(
                "`num_images` and `batch_size` must be whole numbers, at least "
                f"1. Received: num_images={num}, batch_size={batch_size}"
            )
        made = self.generate_from(
            self.inputs_for(num, seed, **given), batch_size
        )
        return made if len(made) > 1 else next(iter(made.values()))

    def generate_from(
        self, inputs: dict[str, np.ndarray], batch_size: int = 64
    ) -> dict[str, np.ndarray]:
        """Generates from what `inputs_for` returned.

        Images may have another size than the GAN declares, where the layers
        of its network allow that.

        Args:
            inputs: Device values by name, (N, ...) each.
            batch_size: Rows at a time.

        Returns:
            float32 values (N, ...) by the names of `makes`.
        """
        network = self.inference_generator
        for values in inputs.values():
            if values.ndim == 4:
                network = network_at(network, values.shape[1:3])
                break
        made = distribution.predict(
            network, arrange(network, inputs), batch_size
        )
        return {
            name: np.asarray(values, "float32")
            for name, values in named(made, self.makes).items()
        }

    def views(self) -> list[Any]:
        """Returns the GANs whose samples show this one: itself, for most."""
        return [self]

    def predict(self, x: Any, batch_size: int = 64, **kwargs: Any) -> Any:
        """Generates from what the generator takes: see `generate`.

        Args:
            x: Latents (N, latent_dim), or whatever the generator takes first;
                or a dictionary of all that it takes, by name.
            batch_size: Rows at a time.
            **kwargs: Keras's own, which change nothing here.
        """
        first = next(iter(self.takes))
        given = x if isinstance(x, dict) else {first: x}
        return self.generate(None, None, batch_size, **given)

    def predict_on_batch(self, x: Any) -> Any:
        """Generates from what the generator takes: see `predict`."""
        return self.predict(x)

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Calls the inference generator on its own inputs."""
        return self.inference_generator(inputs, training=training)


def is_number(value: Any) -> bool:
    """Returns whether a value is a whole number, NumPy's too."""
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def arrange(network: keras.Model, values: dict[str, Any]) -> Any:
    """Returns named values as a network takes them.

    Args:
        network: A Functional model, whose input is one tensor, a list in the
            order of the names, or a dictionary of names.
        values: The values by name.
    """
    inputs = getattr(network, "_inputs_struct", network.inputs)
    if isinstance(inputs, dict):
        return {name: values[name] for name in inputs}
    ordered = list(values.values())
    return ordered if len(ordered) > 1 else ordered[0]


def named(made: Any, names: Any) -> dict[str, Any]:
    """Returns a network's outputs by name.

    Args:
        made: A tensor, several in the order of the names, or a dictionary.
        names: The names of `makes`.
    """
    if isinstance(made, dict):
        return {name: made[name] for name in names}
    return dict(zip(names, keras.tree.flatten(made), strict=True))
