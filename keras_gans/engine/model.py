"""The engine: networks (players) that are trained in turn (phases)."""

import contextlib
import functools
import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from keras_gans import backend
from keras_gans.engine.building import Builder, build_players
from keras_gans.engine.declarations import (
    check_maker,
    chosen_stabilizers,
    default_learns_from,
    default_makes,
)
from keras_gans.engine.door import Door
from keras_gans.engine.ema import average_of
from keras_gans.engine.generating import GenerativeModel
from keras_gans.engine.helpers import Helpers
from keras_gans.engine.training.fitting import FittedModel
from keras_gans.engine.training.phases import PhasedModel
from keras_gans.engine.training.stages import StagedModel
from keras_gans.engine.training.unpacking import UnpackingModel
from keras_gans.modalities import Modality
from keras_gans.stabilizers import Stabilizer


class AdversarialModel(
    UnpackingModel, PhasedModel, FittedModel, GenerativeModel, StagedModel
):
    """A GAN, to be subclassed.

    A variant hands builders of its networks to this constructor, declares
    what its generator takes and makes, says in `default_optimizers` how its
    paper trains them, and overrides `train_step(self, data)`, which runs
    unchanged on every backend:

    ```python
    def train_step(self, data):
        real, given = self.unpack(data)
        fake = self.fakes_for(real, given)
        self.minimize(self.critic_loss, self.discriminator, real, fake, given)
        self.minimize(self.generator_loss, self.generator, real, given)
        return self.get_metrics_result()
    ```

    A loss calls the discriminator through `look`, where the stabilizers act.

    Args:
        players: For each player's name a Keras model, a function without
            arguments that builds one, or a list of such, which one optimizer
            trains together. Functions are called under the seed and dtype.
        takes: The modality of all that the generator takes, by name and in
            the order of its inputs.
        makes: The same for what it makes; None for one image of the shape of
            its output.
        learns_from: The same for what training reads from the data; None for
            what it makes, and what it takes and training cannot draw.
        helpers: Frozen networks, by name, or functions that load them when
            training begins. They are part of no file: a file holds their
            checksums, and is refused where those differ.
        own_stabilizers: The stabilizers of the variant's paper.
        stabilizers: Further ones, from the user; one of the same class takes
            the place of the paper's.
        ema_decay: Decay of the moving average of the weights of `averaged`,
            in [0, 1), or None for no average.
        seed: Seed of the weights, of what is drawn and of the order of the
            data; None draws one.
        name: Name of the model.
        dtype: Keras dtype policy, for instance "mixed_bfloat16".
        **unknown: Refused.

    Raises:
        ValueError: For networks that do not fit what is declared, and for
            numbers out of range.
        TypeError: For arguments that the variant does not have.
    """

    logged: tuple[str, ...] = ()
    """What `log` is called with, besides each player's loss."""

    only_for_training: tuple[str, ...] = ()
    """The attributes that hold state of training, which no preset keeps.

    Their names come before "layers" in the alphabet: a file has each layer
    under the first of its names."""

    def __init__(
        self,
        players: dict[str, Builder | list[Builder]],
        takes: dict[str, Modality],
        makes: dict[str, Modality] | None = None,
        learns_from: dict[str, Modality] | None = None,
        *,
        helpers: dict[str, Builder] | None = None,
        own_stabilizers: Sequence[Stabilizer] = (),
        stabilizers: Sequence[Stabilizer] | None = None,
        ema_decay: float | None = None,
        seed: int | None = None,
        name: str | None = None,
        dtype: Any = None,
        **unknown: Any,
    ):
        if unknown:
            raise TypeError(
                f"The variant has no argument {next(iter(unknown))!r}. "
                f"Received: {unknown}"
            )
        super().__init__(name=name, dtype=dtype)
        if not 0 <= (ema_decay or 0) < 1:
            raise ValueError(
                "`ema_decay` must be in [0, 1) or None. "
                f"Received: ema_decay={ema_decay}"
            )
        chosen = chosen_stabilizers(own_stabilizers, stabilizers)
        self.together = math.prod(s.together for s in chosen)
        together = dict.fromkeys(self.judges, self.together)
        built = build_players(players, seed, dtype, together)
        for player, networks in built.items():
            setattr(self, player, networks)
        self.players = tuple(players)
        maker = self.networks_of(self.maker)[0]
        self.takes = takes
        self.makes = makes or default_makes(maker)
        check_maker(maker, self.takes, self.makes)
        self.learns_from = learns_from or default_learns_from(takes, self.makes)
        self._helpers = Helpers(helpers or {})
        self.ema_decay: Any = ema_decay
        for player in self.averaged:
            average = None
            if ema_decay is not None:
                average = keras.tree.map_structure(
                    average_of, getattr(self, player)
                )
            setattr(self, f"ema_{player}", average)
        self.seed = np.random.randint(2**31) if seed is None else seed
        self._door = Door(self)
        self.stabilizers = chosen
        for stabilizer in self.stabilizers:
            stabilizer.take()
            stabilizer.check(self)
        self._add_state()
        self.built = True

    def _add_state(self) -> None:
        self.seed_generator = keras.random.SeedGenerator(self.seed)
        self.shuffle_seed = self._counter("shuffle_seed", self.seed)
        self.steps = self._counter("steps", 0)
        self.first_step = self._counter("first_step", 0)
        self._host_step: int | None = None
        # "loss", the mean of all phases, is what `TerminateOnNaN` looks at.
        names = [
            "loss",
            *(f"{player}_loss" for player in self.players),
            *self.logged,
            *(name for s in self.stabilizers for name in s.logged),
        ]
        self._means = {n: keras.metrics.Mean(name=n) for n in names}

    def _counter(self, name: str, value: int) -> Any:
        return self.add_weight(
            name=name,
            shape=(),
            dtype="int32",
            initializer=keras.initializers.Constant(value),
            trainable=False,
            aggregation="only_first_replica",
        )

    @property
    def sees(self) -> tuple[str, ...]:
        """What the discriminator sees: what is made, and the conditions."""
        return (*self.makes, *(n for n in self.takes if n in self.learns_from))

    def seen_of(self, known: dict[str, Any]) -> dict[str, Any]:
        """Returns what the discriminator sees of known values, by name.

        Args:
            known: Values by the names of `takes` and `makes`, carried or as
                networks see them.
        """
        return {n: self.modality_of(n).to_device(known[n]) for n in self.sees}

    def modality_of(self, name: str) -> Modality:
        """Returns the modality of a name of `makes` or `takes`."""
        return {**self.takes, **self.learns_from, **self.makes}[name]

    def helper(self, name: str) -> keras.Model:
        """Returns a helper by its name."""
        return self._helpers[name]

    def _maybe_symbolic_build(self, *args: Any, **kwargs: Any) -> None:
        # A GAN is built when it is made. Keras would find that out with the
        # mean over devices of a batch of images, which fails on several hosts.
        pass

    def make_train_function(self, force: bool = False) -> None:
        """Gives Keras the train step in the form that its backend wants."""
        # TensorFlow's strategy must know of all variables of a step.
        strategy = getattr(self, "distribute_strategy", None)
        with strategy.scope() if strategy else contextlib.nullcontext():
            self._helpers.load()
        if not self.steps_differ:
            self._compile_step(force)
        elif force or self.train_function is None:
            self.compile_kinds(functools.partial(self._compile_step, True))

    def _compile_step(self, force: bool) -> None:
        # A function of its own each time: JAX compiles equal ones once.
        def train_step(data):
            logs = type(self).train_step(self, data)
            self.steps.assign_add(1)
            return logs

        self.__dict__["train_step"] = backend.adapt_train_step(self, train_step)
        before = self.train_function
        super().make_train_function(force)
        if self.train_function is not before:
            self.train_function = backend.whole_steps(self, self.train_function)
