"""The engine: networks (players) that are trained in turn (phases)."""

from typing import Any

import keras
import numpy as np

from keras_gans import backend, distribution
from keras_gans.engine.building import check_players
from keras_gans.engine.ema import average_of, update_average
from keras_gans.engine.feed import Batches, Resume, discard_torn_backups
from keras_gans.engine.generating import GenerativeModel
from keras_gans.engine.optimizers import PlayerOptimizers
from keras_gans.modalities.image import check_images, to_float


class AdversarialModel(GenerativeModel):
    """A GAN, to be subclassed.

    A variant builds its networks, hands them to this constructor, says in
    `default_optimizers` how its paper trains them, and overrides
    `train_step(self, data)`, which runs unchanged on every backend:

    ```python
    def train_step(self, data):
        real = self.unpack(data)
        self.minimize(self.discriminator_loss, self.discriminator, real)
        self.minimize(self.generator_loss, self.generator, real)
        return self.get_metrics_result()
    ```

    Args:
        generator: A Keras model from latents (N, latent_dim) to images
            (N, H, W, C) in [-1, 1].
        discriminator: A Keras model from such images to logits.
        latent_dim: Dimensions of the latents.
        ema_decay: Decay of the moving average of the generator's weights, in
            [0, 1), or None for no average.
        seed: Seed of the weights, the latents and the order of the data; None
            draws one.
        name: Name of the model.
        dtype: Keras dtype policy, for instance "mixed_bfloat16".
        **players: Further networks, or lists of networks that one optimizer
            trains together.
    """

    logged: tuple[str, ...] = ()
    """What `log` is called with, besides each player's loss."""

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        latent_dim: int,
        ema_decay: float | None = None,
        seed: int | None = None,
        name: str | None = None,
        dtype: Any = None,
        **players: Any,
    ):
        super().__init__(name=name, dtype=dtype)
        if latent_dim < 1 or not 0 <= (ema_decay or 0) < 1:
            raise ValueError(
                "`latent_dim` must be at least 1 and `ema_decay` in [0, 1) or "
                f"None. Received: latent_dim={latent_dim}, "
                f"ema_decay={ema_decay}"
            )
        players = {
            "generator": generator,
            "discriminator": discriminator,
            **players,
        }
        check_players(players)
        for player, networks in players.items():
            setattr(self, player, networks)
        self.players = tuple(players)
        self.latent_dim = latent_dim
        self.image_shape = tuple(generator.output_shape[1:])
        self.ema_decay: Any = ema_decay
        self.ema_generator = None
        if ema_decay is not None:
            self.ema_generator = average_of(generator)
        self.seed = np.random.randint(2**31) if seed is None else seed
        self.seed_generator = keras.random.SeedGenerator(self.seed)
        self.shuffle_seed = self._counter("shuffle_seed", self.seed)
        self.steps = self._counter("steps", 0)
        self.first_step = self._counter("first_step", 0)
        # "loss", the mean of all phases, is what `TerminateOnNaN` looks at.
        names = ["loss", *(f"{player}_loss" for player in players)]
        self._means = {
            n: keras.metrics.Mean(name=n) for n in (*names, *self.logged)
        }
        self.built = True

    def _counter(self, name: str, value: int) -> Any:
        return self.add_weight(
            name=name,
            shape=(),
            dtype="int32",
            initializer=keras.initializers.Constant(value),
            trainable=False,
            aggregation="only_first_replica",
        )

    def _variables_of(self, player: str) -> list[Any]:
        networks = getattr(self, player)
        networks = networks if isinstance(networks, list) else [networks]
        return [v for n in networks for v in n.trainable_variables]

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Returns the paper's optimizer for each player's name.

        This one is DCGAN's (Radford et al. 2015, section 4), which the first
        GAN takes too: its own stochastic gradient descent with momentum was
        tuned for each data set. Variants with other ones override it.
        """
        return {p: keras.optimizers.Adam(2e-4, 0.5) for p in self.players}

    def compile(
        self,
        *,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool | str = "auto",
        auto_scale_loss: bool = True,
        **optimizers: Any,
    ) -> None:
        """Sets each player's optimizer.

        Args:
            run_eagerly: Whether to run the train step op by op.
            steps_per_execution: Batches in one call of the compiled step.
            jit_compile: True, False, or "auto": XLA on accelerators and, on
                TensorFlow, plain graphs on a CPU.
            auto_scale_loss: Whether to scale losses under mixed_float16.
            **optimizers: `generator_optimizer=`, `discriminator_optimizer=`
                and so on, one for each player; the paper's where left out.

        Raises:
            ValueError: For an optimizer of no player, or one of two players.
        """
        chosen = self.default_optimizers()
        for argument, optimizer in optimizers.items():
            player = argument.removesuffix("_optimizer")
            if player not in chosen or optimizer is None:
                raise ValueError(
                    f"`compile` takes {[f'{p}_optimizer' for p in chosen]}, a "
                    f"Keras optimizer each. Received: {argument}={optimizer!r}"
                )
            chosen[player] = keras.optimizers.get(optimizer)
        if len({id(o) for o in chosen.values()}) < len(chosen):
            raise ValueError(
                "An optimizer holds its player's state, so each player needs "
                f"one of its own. Received: {chosen}"
            )
        arguments = {
            "run_eagerly": run_eagerly,
            "steps_per_execution": steps_per_execution,
            "jit_compile": jit_compile,
        }
        self._compile_arguments = {
            **arguments,
            "auto_scale_loss": auto_scale_loss,
            **{f"{p}_optimizer": o for p, o in chosen.items()},
        }
        if auto_scale_loss and self.dtype_policy.compute_dtype == "float16":
            wrap = keras.optimizers.LossScaleOptimizer
            chosen = {p: wrap(o) for p, o in chosen.items()}
        variables = {p: self._variables_of(p) for p in chosen}
        super().compile(
            optimizer=PlayerOptimizers(chosen, variables),
            auto_scale_loss=False,
            **arguments,
        )

    def get_compile_config(self) -> dict[str, Any] | None:
        """Returns the arguments of `compile`, to be saved; None before it."""
        if not self.compiled:
            return None
        return keras.saving.serialize_keras_object(self._compile_arguments)

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compiles as `get_compile_config` says."""
        self.compile(**keras.saving.deserialize_keras_object(config))

    def fit(
        self,
        x: Any,
        y: Any = None,
        *,
        batch_size: int = 64,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: list[keras.callbacks.Callback] | None = None,
        shuffle: bool = True,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
    ) -> keras.callbacks.History:
        """Trains.

        Args:
            x: Images (N, H, W, C), uint8 in [0, 255] or float in [-1, 1], or
                a source from `keras_gans.data.load`; or any other data that
                Keras takes (`tf.data.Dataset`, `DataLoader`, `PyDataset`),
                whose values are not checked and whose order is theirs.
            y: Labels (N,), where the variant needs them.
            batch_size: Images in a batch, of all devices together; a pass
                leaves the rest out.
            epochs: The epoch to end with.
            verbose: 0, 1, 2 or "auto", as in Keras.
            callbacks: Keras callbacks. Under `BackupAndRestore` a run that
                was killed goes on with the very batch after its last backup.
            shuffle: Whether to shuffle images and sources.
            initial_epoch: The epoch to begin with.
            steps_per_epoch: Batches in an epoch; None for all of the data.

        Returns:
            A `History` of every epoch's mean losses.

        Raises:
            ValueError: For data that the model cannot be trained on.
        """
        callbacks = list(callbacks or [])
        if keras.ops.is_tensor(x):
            x = keras.ops.convert_to_numpy(x)
        is_source = hasattr(x, "image_shape")
        if is_source or isinstance(x, (np.ndarray, list)):
            if not is_source:
                x = check_images(x, self.image_shape)
            elif tuple(x.image_shape) != self.image_shape:
                raise ValueError(
                    f"{type(self).__name__} was built for images of "
                    f"{self.image_shape}; `keras_gans.data.load` resizes. "
                    f"Received: a source of {tuple(x.image_shape)}"
                )
            batches = Batches(x, y, batch_size, steps_per_epoch, shuffle)
            discard_torn_backups(callbacks)
            callbacks.append(
                Resume(batches, initial_epoch, int(self.steps.numpy()))
            )
            x = distribution.share_out(self, batches, callbacks)
            y, steps_per_epoch, shuffle = None, None, False
        self._initial_epoch = None
        with distribution.naming_the_lost():
            return super().fit(
                x,
                y,
                epochs=epochs,
                verbose=verbose,
                callbacks=callbacks,
                shuffle=shuffle,
                initial_epoch=initial_epoch,
                steps_per_epoch=steps_per_epoch,
            )

    def _maybe_symbolic_build(self, *args: Any, **kwargs: Any) -> None:
        # A GAN is built when it is made. Keras would find that out with the
        # mean over devices of a batch of images, which fails on several hosts.
        pass

    def make_train_function(self, force: bool = False) -> None:
        """Gives Keras the train step in the form that its backend wants."""

        def train_step(data):
            logs = type(self).train_step(self, data)
            self.steps.assign_add(1)
            return logs

        self.__dict__["train_step"] = backend.adapt_train_step(self, train_step)
        super().make_train_function(force)

    def unpack(self, data: Any) -> Any:
        """Returns a batch's images as float32 in [-1, 1]."""
        images, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        if tuple(images.shape[1:]) != self.image_shape:
            raise ValueError(
                f"{type(self).__name__} was built for images of "
                f"{self.image_shape}. Received: {tuple(images.shape[1:])}"
            )
        return to_float(keras.ops.convert_to_tensor(images))

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
        """Draws latents (num, latent_dim) from N(0, 1), for training."""
        return self.draw(keras.random.normal, num, self.latent_dim)

    def minimize(self, loss_fn: Any, player: Any, *args: Any) -> Any:
        """Takes one step of a player's optimizer: a phase of the game.

        Args:
            loss_fn: Function of `args` that returns a scalar.
            player: The network, or the list of networks, to train.
            *args: What to call `loss_fn` with.

        Returns:
            The loss before the step, of the whole batch where replicas share
            it (but on TensorFlow this replica's own).
        """
        name = next(p for p in self.players if getattr(self, p) is player)
        loss = backend.minimize(
            lambda: loss_fn(*args),
            self.optimizer[name],
            self._variables_of(name),
        )
        self._means[f"{name}_loss"].update_state(loss)
        self._means["loss"].update_state(loss)
        if name == "generator" and self.ema_generator is not None:
            update_average(
                self.ema_generator, self.generator, self.ema_decay, self.steps
            )
        return loss

    def log(self, name: str, values: Any) -> None:
        """Adds to the epoch's mean of `name`, one of `logged`."""
        self._means[name].update_state(backend.mean_in_logs(values))

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The means of all losses and of what is `logged`."""
        return list(self._means.values())
