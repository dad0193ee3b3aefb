"""Style mixing: layers that get the styles of two latents."""

from typing import Any

import keras
from keras import ops

from keras_gans.modalities import (
    Condition,
    Modality,
    Truncation,
    WholeLatents,
)
from keras_gans.models.styles.parts import StyleParts
from keras_gans.models.styles.tools import StyleTools
from keras_gans.networks.conditions import labels_of


def check_mixing(mixing: float) -> None:
    """Refuses a probability outside of [0, 1].

    Raises:
        ValueError: For one.
    """
    if not 0 <= mixing <= 1:
        raise ValueError(
            f"`mixing` must be in [0, 1]. Received: mixing={mixing}"
        )


def mixed(
    first: Any, second: Any, numbers: Any, mixing: float, count: int
) -> Any:
    """Gives layers the first style, and those from a random one on the second.

    Karras et al. 2019, section 3.1.

    Args:
        first: Styles for each layer (N, layers, style_dim).
        second: Other ones.
        numbers: Random numbers of U(0, 1), (N, 2): where to mix, and whether.
        mixing: The probability of mixing, in [0, 1].
        count: The layers in use, at least 1: the second style begins with
            layer 1, 2, ... or `count` - 1 of them.

    Returns:
        Styles (N, layers, style_dim).
    """
    num_layers = first.shape[1]
    cut = 1.0 + ops.floor(numbers[:, :1] * (count - 1))
    cut = ops.where(numbers[:, 1:] < mixing, cut, float(num_layers))
    is_first = ops.arange(num_layers, dtype="float32")[None] < cut
    return ops.where(is_first[..., None], first, second)


def taken_by_styles(
    latent_dim: int,
    num_classes: int | None,
    class_names: list[str] | None,
    condition: Condition | None,
) -> dict[str, Modality]:
    """Returns what a generator with styles takes, by name.

    Args:
        latent_dim: Dimensions of the latents.
        num_classes: Number of classes, or None.
        class_names: The names of the classes, or None.
        condition: What the networks are told in place of a class, or None.

    Returns:
        The latents, the labels where there is a condition, the truncation.
    """
    takes: dict[str, Any] = {"latents": WholeLatents(latent_dim)}
    if num_classes is not None or condition is not None:
        labels = labels_of(num_classes or 1, class_names, condition)
        takes["labels"] = labels
    return {**takes, "truncation": Truncation()}


class MixesStyles(StyleParts, StyleTools):
    """Draws styles in training, for a GAN of which this is a base.

    Its generator has the layers "mapping", "mean_style" and "repeated", and
    `mixing` is the probability of mixing.
    """

    generator: keras.Model
    draw: Any
    random_latents: Any
    mixing: float

    @property
    def styles_in_use(self) -> int:
        """The number of layers that get a style: all of them."""
        return self.generator.get_layer("repeated").n

    def styles_for(self, real: Any, given: dict[str, Any]) -> Any:
        """Draws a style for each layer, of two latents where they are mixed.

        Args:
            real: Real images, of which only the number matters.
            given: The conditions, by name.

        Returns:
            Styles (N, layers, style_dim).
        """
        num = ops.shape(real)[0]
        latents = [self.random_latents(num) for _ in range(2)]
        styles = self.map_latents(ops.concatenate(latents), given)
        numbers = self.draw(keras.random.uniform, num, 2)
        first, second = styles[:num], styles[num:]
        return mixed(first, second, numbers, self.mixing, self.styles_in_use)

    def map_latents(self, latents: Any, given: dict[str, Any]) -> Any:
        """Maps latents to one style for all layers, in training.

        Args:
            latents: (2N, latent_dim), two for each image.
            given: The conditions of the images (N, ...), by name.

        Returns:
            Styles (2N, layers, style_dim).
        """
        inputs = [latents]
        if "labels" in self.takes:
            inputs.append(ops.concatenate([given["labels"]] * 2))
        mapping, mean, repeated = (
            self.generator.get_layer(name)
            for name in ("mapping", "mean_style", "repeated")
        )
        w = mapping(inputs if len(inputs) > 1 else latents, training=True)
        psi = self.takes["truncation"].sample(self.draw, ops.shape(w)[0])
        return repeated(mean([w, psi], training=True))
