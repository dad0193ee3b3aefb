"""Compiling a GAN: an optimizer for each player."""

from typing import Any

import keras

from keras_gans.arguments import whole_number
from keras_gans.engine.optimizers import PlayerOptimizers
from keras_gans.engine.saving import SavableModel


class CompiledModel(SavableModel):
    """A model of several players, each with an optimizer of its own."""

    players: tuple[str, ...]

    def networks_of(self, player: str) -> list[keras.Model]:
        """Returns the networks of a player."""
        return keras.tree.flatten(getattr(self, player))

    def variables_of(self, player: str) -> list[Any]:
        """Returns the trainable variables of a player's networks."""
        found: dict[int, Any] = {}
        for network in self.networks_of(player):  # which may share layers
            found.update((id(v), v) for v in network.trainable_variables)
        return list(found.values())

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Returns the paper's optimizer for each player's name.

        The default is DCGAN's (Radford et al. 2015, section 4). Variants
        whose papers have other ones override it.
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
            ValueError: For an optimizer of an unknown player, for one
                optimizer of two players, and for `steps_per_execution` that
                is no whole number of at least 1.
        """
        chosen = self._chosen_optimizers(optimizers)
        arguments = {
            "run_eagerly": run_eagerly,
            "steps_per_execution": whole_number(
                "steps_per_execution", steps_per_execution
            ),
            "jit_compile": jit_compile,
        }
        self._compile_arguments = {
            **arguments,
            "auto_scale_loss": auto_scale_loss,
            **{f"{p}_optimizer": o for p, o in chosen.items()},
        }
        for player, optimizer in chosen.items():
            # Keras's own names are numbered through the process, and its
            # callbacks log rates by name.
            optimizer.name = player
        if auto_scale_loss and self.dtype_policy.compute_dtype == "float16":
            wrap = keras.optimizers.LossScaleOptimizer
            chosen = {p: wrap(o) for p, o in chosen.items()}
        variables = {p: self.variables_of(p) for p in chosen}
        super().compile(
            optimizer=PlayerOptimizers(chosen, variables),
            auto_scale_loss=False,
            **arguments,
        )
        # Callbacks change learning rates later.
        self.compiled_as = self.get_compile_config()

    def _chosen_optimizers(self, given: dict[str, Any]) -> dict[str, Any]:
        chosen = self.default_optimizers()
        for argument, optimizer in given.items():
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
        return chosen

    def get_compile_config(self) -> dict[str, Any] | None:
        """Returns the arguments of `compile`, to be saved; None before it."""
        if not self.compiled:
            return None
        return keras.saving.serialize_keras_object(self._compile_arguments)

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compiles as `get_compile_config` says."""
        self.compile(**keras.saving.deserialize_keras_object(config))
