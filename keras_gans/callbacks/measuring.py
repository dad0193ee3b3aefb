"""What `Diagnostics` measures of a GAN on a few rows."""

import functools
from typing import Any

import keras
import numpy as np

from keras_gans import backend, distribution, losses, metrics
from keras_gans.diagnostics import measures
from keras_gans.engine.generating import arrange, named
from keras_gans.engine.training.gradients import GradientNorms
from keras_gans.metrics.features.choice import shipped_feature_network
from keras_gans.modalities import Image

ROWS = 64
"""Rows of each kind that are made, judged and compared."""

COMPARED = 256
"""Training rows and held-out rows that are compared with each other."""

STEP_ROWS = 16
"""Rows of the step whose gradients are measured."""


class Measuring:
    """Measures a GAN while it trains; what it draws is the same each time.

    Args:
        gan: The GAN, in `fit`.
        learned: The rows that it trains on.
        held_out: Rows that it does not train on, or None.
    """

    def __init__(self, gan: Any, learned: Any, held_out: Any = None):
        self.gan = gan
        self.rows = spread_rows(learned, gan, ROWS)
        self.compared = [
            spread_rows(source, gan, COMPARED)
            for source in (learned, held_out)
            if held_out is not None
        ]
        if any(len(next(iter(r.values()))) < ROWS for r in self.compared):
            self.compared = []  # chance would be taken for memory
        self.maker = gan.networks_of(gan.maker)[0]
        self.judge = gan.judges and gan.networks_of(gan.judges[0])[0]
        num = len(next(iter(self.rows.values())))
        self.inputs = gan.inputs_for(num, 0, **gan.taken_from(self.rows))
        self.name = next(iter(gan.makes))
        self.largest: list[np.ndarray] = []
        self.real = keras.ops.convert_to_numpy(
            gan.makes[self.name].to_device(self.rows[self.name])
        )

    def __call__(self) -> dict[str, float]:
        """Returns what is measured now, by name."""
        outputs = keras.tree.flatten(self.call(self.probe, self.inputs))
        kinds = len(self.gan.makes)
        made = dict(zip(self.gan.makes, outputs[:kinds], strict=True))
        largest = outputs[kinds:]
        found: dict[str, float] = {}
        if all(np.isfinite(v).all() for v in made.values()):
            if self.real_distance > 0:
                found["diversity"] = self.diversity(made[self.name])
            found |= self.verdicts(made)
        if largest:
            found["dead_units"] = dead_share(largest)
        return found | self.gradients()

    @functools.cached_property
    def real_distance(self) -> float:
        """The mean distance of real rows to the nearest other one; 0 for none.

        Rows that are there twice count once, as of a small set of images that
        is repeated.
        """
        different = np.unique(self.real, axis=0)
        if len(different) < 2:
            return 0.0
        return measures.nearest_distance(self.features(different))

    def diversity(self, made: np.ndarray) -> float:
        """Returns how far samples are apart, over how far real rows are."""
        near = measures.nearest_distance(self.features(made))
        return near / self.real_distance

    def features(self, values: np.ndarray) -> np.ndarray:
        """Returns features (n, d), of what are no images the values."""
        kind = self.gan.makes[self.name]
        if isinstance(kind, Image) and kind.channels in (1, 3):
            network = shipped_feature_network(kind.shape)
            return metrics.get_feature_extractor(network)(
                np.clip(values, -1, 1)
            )
        return np.reshape(values, (len(values), -1))

    def verdicts(self, made: dict[str, np.ndarray]) -> dict[str, float]:
        """Returns how well the first judge tells real rows from others."""
        if not self.gan.judges or distribution.num_replicas() > 1:
            return {}
        self.largest.clear()
        real = self.judged(self.rows)
        fake = self.judged(self.rows, made)
        found = {"separation": measures.separation(real, fake)}
        boundary = boundary_of(self.gan)
        if boundary is not None:
            right = measures.accuracies(real, fake, boundary)
            found |= dict(zip(accuracy_names(self.gan), right, strict=True))
        if self.largest:
            found[dead_name(self.gan)] = dead_share(self.largest)
        if self.compared:
            sides = map(self.judged, self.compared)
            found["memorised"] = measures.separation(*sides)
        return found

    def judged(self, rows: dict[str, Any], made: Any = None) -> np.ndarray:
        """Returns the judge's mean score of each row, or of rows judged as one.

        It judges as in training, by batch statistics, and is left as it is:
        moving averages can say the opposite.
        """
        gan = self.gan
        num = len(next(iter(rows.values())))
        known = {**gan.inputs_for(num, 0, **gan.taken_from(rows)), **rows}
        seen = gan.seen_of(known) | (made or {})
        # Of unpaired sets a judge sees one: what is made comes first.
        own = dict(list(seen.items())[: len(self.judge.inputs)])
        size = min(gan._batch_size, num)
        size -= size % gan.together
        scores = []
        for start in range(0, num // size * size, size):
            part = {
                name: keras.ops.convert_to_tensor(v[start : start + size])
                for name, v in own.items()
            }
            said, *largest = map(keras.ops.convert_to_numpy, self.verdict(part))
            scores.append(said.reshape(len(said), -1).mean(1))
            pairs = zip(self.largest or largest, largest, strict=True)
            self.largest = [np.maximum(*pair) for pair in pairs]
        return np.concatenate(scores)

    @functools.cached_property
    def verdict(self) -> Any:
        """What the judge says in training of named values: its logits, and the
        largest output of each of its units that can die.
        """
        network = self.judge
        logits = keras.tree.flatten(network.outputs)[0]
        judge = keras.Model(inputs_of(network), [logits, *largest_of(network)])

        def verdict(seen: dict[str, Any]) -> list[Any]:
            joined = self.gan.joined(seen)
            said = judge(arrange(network, joined), training=True)
            outputs = keras.tree.flatten(said)
            return [keras.ops.cast(x, "float32") for x in outputs]

        return backend.untaken(self.gan, verdict)

    def call(self, network: keras.Model, values: dict[str, Any]) -> Any:
        """Calls a network on named values (n, ...), in this process.

        There are as many rows at a time as training has, which fit.
        """
        values = {n: keras.ops.convert_to_numpy(v) for n, v in values.items()}
        inputs = arrange(network, values)
        return distribution.predict(network, inputs, self.gan._batch_size)

    def gradients(self) -> dict[str, float]:
        """Returns the norm of each player's gradient; none of replicas."""
        if distribution.num_replicas() > 1:
            return {}
        together = self.gan.together
        num = max(together, STEP_ROWS - STEP_ROWS % together)
        num = min(num, self.gan._batch_size)
        rows = {n: self.rows[n][:num] for n in self.gan.learns_from}
        return {
            f"{player}_gradient": float(np.sqrt((norms**2).sum()))
            for player, norms in self.gradient_norms(rows).items()
        }

    @functools.cached_property
    def gradient_norms(self) -> GradientNorms:
        """Measures the gradients of a step."""
        return GradientNorms(self.gan)

    @functools.cached_property
    def probe(self) -> keras.Model:
        """The maker, which also returns the largest output of each unit that
        can die, over all rows and places.
        """
        network, names = self.maker, self.gan.makes
        outputs = getattr(network, "_outputs_struct", network.outputs)
        made = named(outputs, names)
        return keras.Model(
            inputs_of(network), [*made.values(), *largest_of(network)]
        )


def inputs_of(network: keras.Model) -> Any:
    """Returns the inputs of a Functional model, in their structure."""
    return getattr(network, "_inputs_struct", network.inputs)


def largest_of(network: keras.Model) -> list[Any]:
    """Returns the largest output of each rectified unit, of all rows."""
    return [
        keras.ops.max(x, tuple(range(x.ndim - 1)), keepdims=True)
        for x in outputs_that_can_die(network)
    ]


def dead_share(largest: list[np.ndarray]) -> float:
    """Returns the share of units whose largest outputs are zero."""
    dead, units = np.sum([measures.dead_units(x) for x in largest], 0)
    return float(dead / units)


def outputs_that_can_die(network: keras.Model) -> list[Any]:
    """Returns the outputs of a Functional model's rectified units."""
    return [
        layer.output
        for layer in network.layers
        if len(layer._inbound_nodes) == 1 and is_rectified(layer)
    ]


def is_rectified(layer: keras.Layer) -> bool:
    """Returns whether a layer's output is zero for what is negative."""
    if isinstance(layer, keras.layers.ReLU):
        return not layer.negative_slope
    activation = getattr(layer, "activation", None)
    return activation in (keras.activations.relu, keras.activations.relu6)


def spread_rows(source: Any, gan: Any, num: int) -> dict[str, np.ndarray]:
    """Returns rows that are spread evenly over a source, at most `num`."""
    num = min(num, *(len(side) for side in source.sides))
    rows = np.linspace(0, len(source) - 1, num).astype(int)
    return source.rows(rows, list(gan.learns_from))


def boundary_of(gan: Any) -> float | None:
    """Returns the logit above which the judge takes a row for real, or None."""
    loss: Any = getattr(gan, "of_discriminator", None)
    return losses.BOUNDARIES.get(loss)


def accuracy_names(gan: Any) -> list[str]:
    """Returns the names of the first judge's accuracies."""
    return [f"{gan.judges[0]}_{side}_accuracy" for side in ("real", "fake")]


def dead_name(gan: Any) -> str:
    """Returns the name of the share of the first judge's dead units."""
    return f"{gan.judges[0]}_dead_units"


def names(gan: Any) -> list[str]:
    """Returns the names of what is measured of a GAN in `fit`."""
    found = ["diversity"]
    if outputs_that_can_die(gan.networks_of(gan.maker)[0]):
        found.append("dead_units")
    if distribution.num_replicas() > 1:
        return found
    if gan.judges:
        found.append("separation")
        if outputs_that_can_die(gan.networks_of(gan.judges[0])[0]):
            found.append(dead_name(gan))
        if boundary_of(gan) is not None:
            found += accuracy_names(gan)
        if gan._held_out is not None:
            found.append("memorised")
    trained = (player for player in gan.players if gan.variables_of(player))
    return [*found, *(f"{player}_gradient" for player in trained)]


def layers_not_finite(gan: Any) -> list[str]:
    """Returns the layers with NaN or infinite weights, "player/layer"."""
    return [
        f"{player}/{layer.name}"
        for player in gan.players
        for network in gan.networks_of(player)
        for layer in network.layers
        if not all(
            np.isfinite(keras.ops.convert_to_numpy(w)).all()
            for w in layer.weights
        )
    ]
