"""The door to the discriminator: what it sees, and what it says of it."""

import contextlib
import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from keras import ops, tree

from keras_gans import backend


@dataclasses.dataclass
class Look:
    """One pass of real and generated values through a discriminator.

    Attributes:
        real: What it saw of the real side, by name, after the stabilizers'
            changes, and joined where it judges rows together; None where it
            saw none.
        fake: The same of the generated side.
        names: The names of what a generator makes; the rest are conditions.
        judge: Function from such a dictionary to the discriminator's logits.
        logits: Its logits, by side: "real" and "fake".
        said: All its outputs, by side, as a loss takes them; the first is the
            logits. None for a side that it saw nothing of.
        gradients: d sum(logits) / d values by side and name; only where a
            stabilizer asked for it.
    """

    real: dict[str, Any] | None
    fake: dict[str, Any] | None
    names: tuple[str, ...]
    judge: Callable[[dict[str, Any]], Any]
    logits: dict[str, Any] = dataclasses.field(default_factory=dict)
    said: dict[str, Any] = dataclasses.field(default_factory=dict)
    gradients: dict[str, dict[str, Any]] = dataclasses.field(
        default_factory=dict
    )

    def seen(self, side: str) -> dict[str, Any] | None:
        """Returns what was seen of a side, "real" or "fake"."""
        return {"real": self.real, "fake": self.fake}[side]

    def answer(self, side: str, logits: Any) -> None:
        """Gives a loss other logits of a side than the discriminator's."""
        _, *others = tree.flatten(self.said[side])
        self.said[side] = tree.pack_sequence_as(
            self.said[side], [logits, *others]
        )

    def gradient_at(self, side: str, names: Sequence[str]) -> list[Any]:
        """Returns d sum(logits) / d values of a side, for each of `names`.

        It is of the pass that judged the side where `wants_gradient` asked
        for it, and else of a pass of its own.
        """
        if side not in self.gradients:
            return self.gradient_of(self.seen(side), names)
        return [self.gradients[side][name] for name in names]

    def gradient_of(
        self, seen: dict[str, Any] | None, names: Sequence[str] | None = None
    ) -> list[Any]:
        """Returns d sum(logits) / d values for each of `names`.

        A pass of its own, whose moving averages are thrown away on JAX.

        Args:
            seen: The values by name.
            names: Names in `seen`; None for those that a generator makes.
        """
        judge, values = self._as_function(seen or {}, names or self.names)
        return backend.input_gradient(judge, values)

    def pass_with_gradient(
        self, seen: dict[str, Any], names: Sequence[str]
    ) -> tuple[Any, dict[str, Any]]:
        """Returns the outputs and the gradient by name, of one pass."""
        said, gradient = backend.output_and_input_gradient(
            *self._as_function(seen, names)
        )
        return said, dict(zip(names, gradient, strict=True))

    def _as_function(self, seen: dict[str, Any], names: Sequence[str]) -> Any:
        def outputs(values: list[Any]) -> Any:
            return self.judge({**seen, **dict(zip(names, values, strict=True))})

        # A condition may come from a network that learns by it.
        values = [
            ops.stop_gradient(seen[n]) if n in self.names else seen[n]
            for n in names
        ]
        return outputs, values


class Phase:
    """What happens while one player's loss is computed."""

    def __init__(self, player: str, is_judge: bool):
        self.player = player
        self.is_judge = is_judge
        self.looks: list[Look] = []
        self.terms: Any = 0.0


class Door:
    """Calls discriminators, and lets the stabilizers act on each call.

    Args:
        gan: The GAN, whose `stabilizers`, `makes`, `takes` and `sees` say
            what happens.
    """

    def __init__(self, gan: Any):
        self.gan = gan
        self._phases: list[Phase] = []

    @contextlib.contextmanager
    def phase(self, player: str) -> Iterator[Phase]:
        """Opens the phase of a player; phases may lie in each other."""
        phase = Phase(player, player in self.gan.judges)
        self._phases.append(phase)
        try:
            yield phase
        finally:
            self._phases.pop()

    def look(
        self, network: Any, real: Any, fake: Any, given: dict[str, Any]
    ) -> tuple[Any, Any]:
        """Returns what a discriminator says of real and generated values."""
        look = Look(
            self._changed(real, given),
            self._changed(fake, given),
            tuple(self.gan.makes),
            lambda seen: self.gan.call_network(network, seen, training=True),
        )
        for side in ("real", "fake"):
            look.said[side] = self._judged(look, side)
        if self._phases:
            phase = self._phases[-1]
            phase.looks.append(look)
            for stabilizer in self.gan.stabilizers:
                phase.terms += stabilizer.hear(self.gan, look, phase.player)
        return look.said["real"], look.said["fake"]

    def terms(self, phase: Phase) -> Any:
        """Returns the sum of what stabilizers add to a player's loss."""
        total = phase.terms
        for stabilizer in self.gan.stabilizers:
            if phase.is_judge:
                for look in phase.looks:
                    if look.real is not None and look.fake is not None:
                        total += stabilizer.add_to_judge(self.gan, look)
            total += stabilizer.add_to_player(self.gan, phase.player)
        return total

    def _changed(self, values: Any, given: dict[str, Any]) -> Any:
        if values is None:
            return None
        made = values if isinstance(values, dict) else None
        made = made or {next(iter(self.gan.makes)): values}
        conditions = {n: v for n, v in given.items() if n in self.gan.sees}
        seen = {**made, **conditions}
        kinds = {n: self.gan.modality_of(n) for n in seen}
        for stabilizer in self.gan.stabilizers:
            seen = stabilizer.change(self.gan, seen, kinds)
        return self.gan.joined(seen)

    def _judged(self, look: Look, side: str) -> Any:
        seen = look.seen(side)
        if seen is None:
            return None
        is_judge = bool(self._phases) and self._phases[-1].is_judge
        wanted = [
            name
            for s in self.gan.stabilizers
            if is_judge and s.wants_gradient(self.gan, side)
            for name in s.gradient_names(self.gan)
            if name in seen
        ]
        if wanted:
            said, look.gradients[side] = look.pass_with_gradient(
                seen, list(dict.fromkeys(wanted))
            )
        else:
            said = look.judge(seen)
        look.logits[side] = tree.flatten(said)[0]
        return said
