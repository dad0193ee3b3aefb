"""Fine-tuning: a GAN of another shape that keeps what fits of a preset."""

import dataclasses
from typing import Any, NamedTuple

import keras
import numpy as np

from keras_gans.engine.model import AdversarialModel


@dataclasses.dataclass(frozen=True)
class FineTuning:
    """What a GAN keeps of a preset, and what starts anew.

    Attributes:
        kept: The layers whose weights are those of the preset: the player,
            the layer and the shapes of its weights.
        anew: The other layers with weights, likewise.
    """

    kept: tuple[str, ...]
    anew: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{len(self.kept)} layers are kept of the preset:"]
        lines += [f"  {layer}" for layer in self.kept]
        lines += [f"{len(self.anew)} layers start anew:"]
        return "\n".join([*lines, *(f"  {layer}" for layer in self.anew)])


class _Layer(NamedTuple):
    """A layer with weights of its own, not those of layers inside of it."""

    name: str
    kind: str
    weights: list[Any]

    def fits(self, other: "_Layer", classes: tuple[Any, Any]) -> bool:
        """Returns whether kind and shapes of weights agree.

        Numbers of classes, a pair, need not agree.
        """
        if self.kind != other.kind or len(self.weights) != len(other.weights):
            return False
        shapes = zip(self.weights, other.weights, strict=True)
        return all(
            len(one.shape) == len(two.shape)
            and all(
                a == b or (a, b) == classes
                for a, b in zip(one.shape, two.shape, strict=True)
            )
            for one, two in shapes
        )


def keep_what_fits(old: AdversarialModel, new: AdversarialModel) -> FineTuning:
    """Gives a GAN those weights of another one that fit it.

    Layers are compared in their order, player by player. A layer is kept
    where kind and shapes agree; of an array with a row for each class the
    rows of the classes that both have: those of the same names, or where
    none is, or the classes have none, those of the same numbers. Averages
    start from what results.

    Args:
        old: The GAN of the preset.
        new: The GAN to change, of the same class.

    Returns:
        Which layers are kept and which start anew.
    """
    classes = _num_classes(old), _num_classes(new)
    both = _classes_of_both(old, new)
    kept: list[str] = []
    anew: list[str] = []
    for player in new.players:
        olds, news = (_layers_of(gan, player) for gan in (old, new))
        pairs = _longest_match(olds, news, classes)
        for i, layer in enumerate(news):
            if i in pairs:
                _copy(olds[pairs[i]], layer, both)
            (kept if i in pairs else anew).append(layer.name)
    for player in new.averaged:
        if new.ema_decay is not None:
            averages = keras.tree.flatten(getattr(new, f"ema_{player}"))
            networks = new.networks_of(player)
            for average, network in zip(averages, networks, strict=True):
                average.set_weights(network.get_weights())
    return FineTuning(tuple(kept), tuple(anew))


def _num_classes(gan: AdversarialModel) -> int | None:
    return getattr(gan.takes.get("labels"), "num_classes", None)


def _layers_of(gan: AdversarialModel, player: str) -> list[_Layer]:
    found = []
    networks = gan.networks_of(player)
    for i, network in enumerate(networks):
        place = player if len(networks) == 1 else f"{player}[{i}]"
        for layer in network._flatten_layers(include_self=False):
            inner = {
                id(w)
                for other in layer._flatten_layers(include_self=False)
                for w in other.weights
            }
            own = [w for w in layer.weights if id(w) not in inner]
            if own:
                shapes = ", ".join(str(tuple(w.shape)) for w in own)
                kind = type(layer).__name__
                name = f"{place}: {kind} {layer.name!r} {shapes}"
                found.append(_Layer(name, kind, own))
    return found


def _longest_match(
    olds: list[_Layer], news: list[_Layer], classes: tuple[Any, Any]
) -> dict[int, int]:
    """Returns the most pairs of layers that fit, in the order of both lists.

    For the place of each new layer the place of the old one.
    """
    # lengths[i][j]: pairs among olds[i:] and news[j:].
    lengths = [[0] * (len(news) + 1) for _ in range(len(olds) + 1)]
    for i in reversed(range(len(olds))):
        for j in reversed(range(len(news))):
            lengths[i][j] = max(lengths[i + 1][j], lengths[i][j + 1])
            if olds[i].fits(news[j], classes):
                longer = 1 + lengths[i + 1][j + 1]
                lengths[i][j] = max(lengths[i][j], longer)
    pairs, i, j = {}, 0, 0
    while i < len(olds) and j < len(news):
        fits = olds[i].fits(news[j], classes)
        if fits and lengths[i][j] == 1 + lengths[i + 1][j + 1]:
            pairs[j] = i
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _classes_of_both(
    old: AdversarialModel, new: AdversarialModel
) -> tuple[list[int], list[int]]:
    """Returns the numbers of the classes that both have, in each."""
    names, wanted = (
        getattr(gan.takes.get("labels"), "names", None) or []
        for gan in (old, new)
    )
    both = [name for name in wanted if name in names]
    if both:
        return [names.index(n) for n in both], [wanted.index(n) for n in both]
    num = min(_num_classes(old) or 0, _num_classes(new) or 0)
    return list(range(num)), list(range(num))


def _copy(old: _Layer, new: _Layer, both: tuple[list[int], list[int]]) -> None:
    for source, target in zip(old.weights, new.weights, strict=True):
        value = keras.ops.convert_to_numpy(source)
        if tuple(source.shape) != tuple(target.shape):  # rows of classes
            whole = keras.ops.convert_to_numpy(target).copy()
            theirs, ours = (
                np.ix_(
                    *(
                        range(a) if a == b else classes
                        for a, b in zip(value.shape, whole.shape, strict=True)
                    )
                )
                for classes in both
            )
            whole[ours] = value[theirs]
            value = whole
        target.assign(value)
