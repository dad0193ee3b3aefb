"""The engine: networks (players) that are trained in turn (phases)."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans import backend
from keras_gans.engine.building import Builder, build_players
from keras_gans.engine.declarations import (
    check_maker,
    chosen_stabilizers,
    default_learns_from,
    default_makes,
)
from keras_gans.engine.door import Door
from keras_gans.engine.ema import average_of, update_average
from keras_gans.engine.generating import GenerativeModel, arrange, named
from keras_gans.engine.helpers import Helpers
from keras_gans.engine.training.feed import named_batch
from keras_gans.engine.training.fitting import FittedModel
from keras_gans.engine.training.stages import StagedModel
from keras_gans.modalities import Modality
from keras_gans.stabilizers import Stabilizer


class AdversarialModel(FittedModel, GenerativeModel, StagedModel):
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
        helpers: Frozen networks, by name. They are part of no file: a file
            holds their checksums, and is refused where those differ.
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

    judges: tuple[str, ...] = ("discriminator",)
    """The players that judge; the others make."""

    def __init__(
        self,
        players: dict[str, Builder | list[Builder]],
        takes: dict[str, Modality],
        makes: dict[str, Modality] | None = None,
        learns_from: dict[str, Modality] | None = None,
        *,
        helpers: dict[str, keras.Model] | None = None,
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
        for player, networks in build_players(players, seed, dtype).items():
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
        self.stabilizers = chosen_stabilizers(own_stabilizers, stabilizers)
        for stabilizer in self.stabilizers:
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
        super().make_train_function(force)

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
        given = {n: rows[n] for n in self.takes if n in rows}
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

    def look(
        self,
        real: Any = None,
        fake: Any = None,
        *,
        by: keras.Model | None = None,
        **given: Any,
    ) -> tuple[Any, Any]:
        """Shows real and generated values to the discriminator.

        This is the one place where a discriminator is called in training, and
        where stabilizers act on what it sees and learn what it says.

        Args:
            real: Real values, a tensor or a dictionary by name; None for none.
            fake: Generated values, likewise.
            by: The network that judges; None for the first judge's.
            **given: The conditions that go with both.

        Returns:
            What it says of the real and of the generated ones; None for none.
        """
        network = by or self.networks_of(self.judges[0])[0]
        return self._door.look(network, real, fake, given)

    def minimize(self, loss_fn: Callable, player: Any, *args: Any) -> Any:
        """Takes one step of a player's optimizer: a phase of the game.

        Args:
            loss_fn: Function of `args` that returns a scalar. Stabilizers add
                their terms to it.
            player: The network, or the list of networks, to train.
            *args: What to call `loss_fn` with.

        Returns:
            The loss before the step, of the whole batch where replicas share
            it (but on TensorFlow this replica's own).
        """
        name = next(p for p in self.players if getattr(self, p) is player)

        def loss() -> Any:
            return self.total_loss(name, loss_fn, *args)

        variables = self.variables_of(name)
        if variables:
            value = backend.minimize(loss, self.optimizer[name], variables)
        else:  # A frozen player looks on.
            value = loss()
        for stabilizer in self.stabilizers:
            stabilizer.after_step(self, name)
        self._means[f"{name}_loss"].update_state(value)
        self._means["loss"].update_state(value)
        if name in self.averaged and self.ema_decay is not None:
            averages = keras.tree.flatten(getattr(self, f"ema_{name}"))
            networks = self.networks_of(name)
            for average, network in zip(averages, networks, strict=True):
                update_average(average, network, self.ema_decay, self.steps)
        return value

    def total_loss(self, player: str, loss_fn: Callable, *args: Any) -> Any:
        """Returns a player's loss with what the stabilizers add to it.

        Args:
            player: The player's name.
            loss_fn: Function of `args` that returns a scalar.
            *args: What to call `loss_fn` with.
        """
        with self._door.phase(player) as phase:
            return loss_fn(*args) + self._door.terms(phase)

    def minimize_on_shared_fakes(
        self,
        make: Callable[[], Any],
        train_judge: Callable[[Any], Any],
        loss_fn: Callable[[Any], Any],
        player: Any,
    ) -> Any:
        """Takes a judge's step and a maker's step on the same fakes.

        The generator runs once for both, which saves a twelfth of a step: the
        judge learns from the fakes first, then judges them for the maker.

        Args:
            make: Function that makes the fakes.
            train_judge: Function that takes the judge's step on them.
            loss_fn: Function from them to the maker's loss.
            player: The maker to train.

        Returns:
            The maker's loss.
        """

        def loss() -> Any:
            fake = make()
            train_judge(keras.tree.map_structure(ops.stop_gradient, fake))
            return loss_fn(fake)

        return self.minimize(loss, player)

    def means_so_far(self) -> list[float]:
        """Returns the state of the epoch's means: totals and counts."""
        state = [v for mean in self._means.values() for v in mean.variables]
        return [float(keras.ops.convert_to_numpy(v)) for v in state]

    def set_means(self, state: list[float]) -> None:
        """Sets what `means_so_far` returned."""
        variables = [v for m in self._means.values() for v in m.variables]
        for variable, value in zip(variables, state, strict=True):
            variable.assign(value)

    def log(self, name: str, values: Any) -> None:
        """Adds to the epoch's mean of `name`, one of `logged`."""
        self._means[name].update_state(backend.mean_in_logs(values))

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The means of all losses and of what is `logged`."""
        return list(self._means.values())
