"""A train step's values: a batch's rows, what is drawn, and the fakes."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import keras
from keras import ops

from keras_gans import backend
from keras_gans.engine.compiling import CompiledModel
from keras_gans.engine.generating import arrange, named
from keras_gans.engine.training.opening import named_batch
from keras_gans.modalities import Modality


class UnpackingModel(CompiledModel):
    """A model whose train step unpacks a batch and draws the rest."""

    takes: dict[str, Modality]
    makes: dict[str, Modality]
    learns_from: dict[str, Modality]
    maker: str
    seed_generator: keras.random.SeedGenerator

    held_as: Mapping[str, str] = MappingProxyType({})
    """The names that data have for what the generator takes, where these are
    others: {"inputs": "images"} for what is made of the images themselves."""

    def columns_of(self, names: Iterable[str]) -> dict[str, str]:
        """Returns the names that data have for what the generator takes."""
        return {name: self.held_as.get(name, name) for name in names}

    def taken_from(self, rows: Mapping[str, Any]) -> dict[str, Any]:
        """Returns what the generator takes of rows of data, by its names."""
        columns = self.columns_of(self.takes).items()
        return {
            name: rows[column] for name, column in columns if column in rows
        }

    def rows(self, data: Any) -> dict[str, Any]:
        """Returns a batch's values by name, as networks see them.

        Args:
            data: What Keras hands to `train_step`: a dictionary by name, or
                what the variant learns from first, second and so on.

        Raises:
            ValueError: For batches without a name, or of another shape.
        """
        who, rows = type(self).__name__, {}
        for name, values in named_batch(data, self.learns_from, who).items():
            modality = self.learns_from[name]
            values = modality.to_device(ops.convert_to_tensor(values))
            if tuple(values.shape[1:]) != modality.shape:
                raise ValueError(
                    f"{type(self).__name__} was built for {name} of "
                    f"{modality.shape}. Received: {tuple(values.shape[1:])}"
                )
            rows[name] = values
        return rows

    def unpack(self, data: Any) -> tuple[Any, dict[str, Any]]:
        """Returns a batch as real values and the conditions that go with them.

        Args:
            data: What Keras hands to `train_step`.

        Returns:
            What the generator is to make (a tensor, or a dictionary where it
            makes several), and a dictionary of what it takes from the data.
        """
        rows = self.rows(data)
        real = {name: rows[name] for name in self.makes}
        given = self.taken_from(rows)
        return (real if len(real) > 1 else rows[next(iter(real))]), given

    def draw(self, sampler: Any, num: Any, *shape: int) -> Any:
        """Draws random numbers for this replica's share of a batch.

        They are the rows that one device would draw for its part of the
        whole batch: replicas differ, and a run does not depend on how many
        there are.

        Args:
            sampler: `keras.random.normal`, `keras.random.uniform` or the like.
            num: Rows to draw.
            *shape: The shape of a row.

        Returns:
            A tensor (num, *shape).
        """
        _, replicas = backend.replica()
        rows = sampler((num * replicas, *shape), seed=self.seed_generator)
        return backend.share(rows)

    def random_latents(self, num: Any) -> Any:
        """Draws latents (num, latent_dim), for training."""
        return self.takes["latents"].sample(self.draw, num)

    def call_network(
        self, network: keras.Model, values: dict[str, Any], training: bool
    ) -> Any:
        """Calls a network on named values, in its inputs' order."""
        return network(arrange(network, values), training=training)

    def fakes_for(self, real: Any, given: dict[str, Any] | None = None) -> Any:
        """Makes fakes, as many as there are real rows.

        Args:
            real: Real values, of which only the number of rows matters.
            given: Conditions by name; the rest of what the generator takes is
                drawn.

        Returns:
            What the generator makes: a tensor, or a dictionary by name where
            it makes several.
        """
        num = ops.shape(keras.tree.flatten(real)[0])[0]
        given = given or {}
        inputs = {
            name: given[name]
            if name in given
            else self.random_latents(num)
            if name == "latents"
            else modality.sample(self.draw, num)
            for name, modality in self.takes.items()
        }
        network = self.networks_of(self.maker)[0]
        made = self.call_network(network, inputs, training=True)
        by_name = named(made, self.makes)
        return by_name if len(by_name) > 1 else by_name[next(iter(by_name))]
