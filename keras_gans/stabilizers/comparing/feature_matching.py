"""Feature matching: Salimans et al. 2016, arXiv:1606.03498."""

import difflib
from typing import Any

import keras
from keras import ops

from keras_gans import backend
from keras_gans.stabilizers.weighted import WeightedStabilizer


@keras.saving.register_keras_serializable("keras_gans")
class FeatureMatching(WeightedStabilizer):
    """Adds weight |E[f(x)] - E[f(G(z))]|^2 to G's loss.

    Salimans et al. 2016, section 3.1: f are the features of a layer of D, of
    which G is to match the mean over the real values x. That mean is of the
    batch of D's last step, by D as it was then, and is saved. The paper's G
    has this term alone: give the GAN a loss whose generator's part is zero.

    Either step takes a pass of its own through D. D must be one Functional
    network, which does not grow.

    Args:
        layer: The name of the layer of D; None for what its last layer with
            weights takes, layers of labels aside.
        weight: The weight, at least 0, or a Keras schedule. The squares are
            summed over the features, not averaged.
        every: Steps from one term to the next.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For a GAN of several discriminators, or of one that
            grows, for a layer that its discriminator does not have, and
            where what its last layer with weights takes are no features.
    """

    logged = ("feature_distance",)

    def __init__(
        self,
        layer: str | None = None,
        weight: Any = 1.0,
        every: int = 1,
        **kwargs: Any,
    ):
        super().__init__(weight, every, **kwargs)
        self.layer = layer

    def check(self, gan: Any) -> None:
        """Finds the features, and raises a ValueError where there are none."""
        networks = [n for judge in gan.judges for n in gan.networks_of(judge)]
        if len(networks) > 1 or hasattr(type(gan), "size"):
            raise ValueError(
                "FeatureMatching is for GANs of one discriminator, which does "
                f"not grow. Received: {type(gan).__name__}"
            )
        features = _features(networks[0], self.layer)
        inputs = getattr(networks[0], "_inputs_struct", networks[0].inputs)
        try:
            judge = keras.Model(inputs, features)
        except ValueError as error:  # within a network that is a layer
            raise ValueError(
                "FeatureMatching reaches layers of the discriminator itself, "
                "not those of a network within it; `layer=` names one. "
                f"Received: {type(gan).__name__}, {networks[0].name!r} of "
                f"{[layer.name for layer in networks[0].layers]}"
            ) from error
        # Keras would take a network that it finds here for a part of this one.
        self._judge = lambda: judge
        self.real_mean = self.add_weight(
            name="real_mean",
            shape=features.shape[1:],
            dtype="float32",
            initializer="zeros",
            trainable=False,
            aggregation="only_first_replica",
        )

    def mean_features(self, gan: Any, seen: dict[str, Any]) -> Any:
        """Returns the mean of f over the rows of a batch."""
        found = gan.call_network(self._judge(), seen, training=True)
        return ops.mean(ops.cast(found, "float32"), axis=0)

    def add_to_judge(self, gan: Any, look: Any) -> Any:
        """Notes the mean features of the real values."""
        mean = ops.stop_gradient(self.mean_features(gan, look.real))
        self.real_mean.assign(backend.mean_over_replicas(mean))
        return 0.0

    def hear(self, gan: Any, look: Any, player: str) -> Any:
        """Returns the term of G's loss."""
        if player in gan.judges or look.fake is None:
            return 0.0

        def distance() -> Any:
            mean = self.mean_features(gan, look.fake)
            mean = backend.mean_over_replicas(mean)
            return ops.sum(ops.square(mean - self.real_mean))

        return self.term(gan, distance)

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        return {**super().get_config(), "layer": self.layer}


def _features(network: keras.Model, name: str | None) -> Any:
    """Returns the tensor of features within a network."""
    if name is None:
        taken = [
            keras.tree.flatten(layer.input)[0]
            for layer in network.layers
            if layer.weights
        ]
        taken = [t for t in taken if not t.dtype.startswith("int")]
        last = taken[-1] if taken else None
        origin = None if last is None else last._keras_history.operation
        if origin is None or isinstance(origin, keras.layers.InputLayer):
            raise ValueError(
                "FeatureMatching takes what the last layer with weights takes, "
                "which must be no input; `layer=` names another "
                f"layer. Received: the network {network.name!r} of "
                f"{[layer.name for layer in network.layers]}"
            )
        return last
    names = [layer.name for layer in network.layers]
    if name not in names:
        nearest = difflib.get_close_matches(name, names, cutoff=0.4)
        raise ValueError(
            f"`layer` must name a layer of the network {network.name!r}, such "
            f"as {nearest or names}. Received: layer={name!r}"
        )
    return keras.tree.flatten(network.get_layer(name).output)[0]
