"""GANs that grow from small images to large ones, in one training."""

import functools
from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.models.styles.adam import GrowingAdam
from keras_gans.models.styles.growth import Growth, real_at
from keras_gans.networks.growing import generator_part, shares_of


class GrowingGAN(TwoPlayerGAN):
    """A GAN whose networks begin with small images, Karras et al. 2018.

    Both networks are whole from the beginning. A training step at a size runs
    the parts of them that images of this size need. Layers `FadeIn` blend each
    size with the one before; their shares follow from the number of real
    images seen and are weights of the networks, so that `generate`, a file and
    an export are of the present state: images of full size, enlarged from the
    size that training has come to.

    Args:
        generator: A function that builds the generator, as
            `networks.growing.generator_part` wants it.
        judge: A function from the side of images to a discriminator, or with
            `network=` to a part of it, as `networks.growing.judge_images`.
        growth: When it grows.
        takes: What the generator takes, by name.
        loss: As in `TwoPlayerGAN`.
        **kwargs: As in `TwoPlayerGAN`.
    """

    logged: tuple[str, ...] = (*TwoPlayerGAN.logged, "resolution", "share")

    def __init__(
        self,
        generator: Callable[[], keras.Model],
        judge: Callable[..., keras.Model],
        growth: Growth,
        takes: dict[str, Any],
        loss: Any,
        **kwargs: Any,
    ):
        side = growth.stages[-1].size
        build = functools.partial(judge, side)
        super().__init__(generator, build, takes, loss, **kwargs)
        self.growth = growth
        # Step, images seen by then, and rows in a batch from there on.
        self.clock = self.add_weight(
            name="clock",
            shape=(3,),
            dtype="int32",
            initializer=lambda shape, dtype: ops.convert_to_tensor(
                [0, 0, 64], dtype
            ),
            trainable=False,
            aggregation="only_first_replica",
        )
        self._host_clock: tuple[int, ...] = (0, 0, 64)

        @functools.cache
        def part(name: str, size: int) -> keras.Model:
            network = getattr(self, name)
            if size == side:
                return network
            if name == "grown":
                return generator_part(network, size)
            return judge(size, network=network)

        # A function, in which Keras does not look for layers to save.
        self._part = part

    @property
    def grown(self) -> keras.Model:
        """The network that grows: the generator, or a part of it."""
        return self.generator

    def begin_stages(self, batch_size: int) -> None:
        """Counts on from the images seen, with another number in a batch."""
        step = int(self.steps.numpy())
        clock = self._clock_now()
        if batch_size != clock[2]:
            clock = (step, _images_at(step, clock), batch_size)
            self.clock.assign(clock)
        self._host_clock = clock

    def tuning_arguments(self) -> dict[str, Any]:
        """Returns no growth, where full size was reached: it goes on there."""
        *_, last = self.growth.stages
        share = shares_of(self.grown)[last.size].share if len(_) else 1.0
        is_grown = float(ops.convert_to_numpy(share)) == 1.0
        return {"growth": 0} if len(_) and is_grown else {}

    def _clock_now(self) -> tuple[int, ...]:
        return tuple(map(int, self.clock.numpy()))

    def stage(self, step: int) -> int:
        """Returns the side of the images that a step trains on."""
        in_fit = self._host_step is not None
        clock = self._host_clock if in_fit else self._clock_now()
        return self.growth.size_at(_images_at(step, clock))

    @property
    def size(self) -> int:
        """The side of the images that training has come to."""
        if self._due is None:  # outside of a step
            return self.stage(int(self.steps.numpy()))
        return self.current_stage  # type: ignore[return-value]

    def train_step(self, data: Any) -> dict[str, Any]:
        """Sets how far each size has faded in, and plays the game."""
        clock = ops.unstack(ops.convert_to_tensor(self.clock))
        images = _images_at(self.steps, clock)
        for size, share in self.growth.shares(images).items():
            for network in (self.grown, self.discriminator):
                shares_of(network)[size].share.assign(share)
        self.log("resolution", float(self.size))
        self.log("share", 1.0 if (now := self._share()) is None else now)
        return super().train_step(data)

    def _share(self) -> Any:
        """Returns how far the present size has faded in; None for all."""
        layer = shares_of(self.grown).get(self.size)
        return None if layer is None else ops.convert_to_tensor(layer.share)

    def unpack(self, data: Any) -> tuple[Any, dict[str, Any]]:
        """Returns real images of the present size, and the conditions."""
        real, given = super().unpack(data)
        return real_at(real, self.size, self._share()), given

    def call_network(
        self, network: keras.Model, values: dict[str, Any], training: bool
    ) -> Any:
        """Calls the part of a network that the present size needs."""
        for name in ("grown", "discriminator"):
            if network is getattr(self, name):
                network = self._part(name, self.size)
        return super().call_network(network, values, training)

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Adam with beta1 = 0, beta2 = 0.99 (Karras et al. 2018, A.1)."""
        return {p: GrowingAdam(1e-3) for p in self.players}


def _images_at(step: Any, clock: Any) -> Any:
    """Returns the images seen before a step, numbers or tensors."""
    begin, images, rows = clock
    return images + (step - begin) * rows
