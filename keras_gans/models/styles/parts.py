"""The networks inside of a generator with styles, by name."""

from typing import Any

import keras

from keras_gans.engine.declarations import Part
from keras_gans.modalities import Styles, WholeLatents
from keras_gans.networks.noise import given_noise, noise_layers

WHOLE = ("mapping", "synthesis")
NOISY = ("noisy_synthesis", "noisy_generator")


class StyleParts:
    """Says which networks a GAN with styles has, and how they fit together.

    "mapping" makes styles of latents, labels and truncation, and "synthesis"
    makes images of styles, with the noise that is saved in it.
    "noisy_synthesis" and "noisy_generator" take the noise of all layers
    besides, in one vector: numbers of N(0, 1) for random noise, or zeros.
    """

    inference_generator: keras.Model
    takes: dict[str, Any]
    makes: dict[str, Any]

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the parts; those that take noise where layers add it."""
        synthesis = self.inference_generator.get_layer("synthesis")
        return WHOLE + NOISY * bool(noise_layers(synthesis))

    def part(self, name: str | None = None) -> Part:
        """Returns a network for inference: the generator, or a part of it.

        Args:
            name: A name of `parts`, or None for the whole generator.

        Raises:
            ValueError: For another name.
        """
        if name not in self.parts:
            return super().part(name)  # type: ignore[misc]
        generator = self.inference_generator
        synthesis = generator.get_layer("synthesis")
        styles = {"styles": Styles(*synthesis.input.shape[1:])}
        mapped = generator.get_layer("repeated").output
        if name == "mapping":
            mapping = keras.Model(generator.inputs, mapped, name=name)
            return Part(mapping, self.takes, styles)
        if name == "synthesis":
            return Part(synthesis, styles, self.makes)
        noisy = given_noise(synthesis)
        noise = {"noise": WholeLatents(noisy.inputs[1].shape[1])}
        if name == "noisy_synthesis":
            return Part(noisy, {**styles, **noise}, self.makes)
        given = keras.Input(noisy.inputs[1].shape[1:], name="noise")
        images = noisy([mapped, given])
        whole = keras.Model([*generator.inputs, given], images, name=name)
        return Part(whole, {**self.takes, **noise}, self.makes)
