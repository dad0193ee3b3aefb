"""CycleGAN: Zhu et al. 2017, arXiv:1703.10593."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans import data, distribution, losses
from keras_gans.data.paired.aligned import check_names
from keras_gans.engine.declarations import (
    check_maker,
    check_range,
    check_tensors,
)
from keras_gans.engine.model import AdversarialModel
from keras_gans.engine.training.validation import rows_to_score
from keras_gans.layers import ImagePool
from keras_gans.metrics.pairs.scores import mean_absolute_error
from keras_gans.modalities import Image, Modality
from keras_gans.networks.patch_gan import build_patch_gan, check_patches
from keras_gans.networks.resnet import build_resnet
from keras_gans.networks.sizes import builders_named
from keras_gans.networks.unet import build_unet, default_depth
from keras_gans.schedules import LinearDecay


@keras.saving.register_keras_serializable("keras_gans")
class CycleGAN(AdversarialModel):
    """Image-to-image translation, learned without pairs, Zhu et al. 2017.

    There are two sets of images, A and B, and no pairs of them. The generator
    G translates images of A, and F those of B. Each set has a discriminator,
    D_B and D_A. An image that is translated there and back is to be itself
    again (equations 1 to 3), and an image that is of the set already is to
    stay as it is (section 5.2):

    L = L_GAN(G, D_B) + L_GAN(F, D_A)
      + lambda (E|F(G(a)) - a|_1 + E|G(F(b)) - b|_1)
      + lambda mu (E|G(b) - b|_1 + E|F(a) - a|_1).

    The losses of the discriminators are halved, and they also see images of
    earlier steps, from a pool of each set (section 4). The discriminators
    learn first in a step, and the generators from the same translations; in
    the authors' code the generators are first.

    ```python
    gan = keras_gans.CycleGAN((256, 256, 3))
    gan.compile()
    gan.fit(keras_gans.data.unpaired("horse2zebra/", image_size=256),
            batch_size=1, epochs=200)
    zebras = gan.generate(inputs=horses)
    horses = gan.reversed().generate(inputs=zebras)
    gan.reversed().export("zebra2horse.tflite", format="litert")
    ```

    Args:
        input_shape: (height, width, channels) of the images of A; any size
            from 8 pixels, and from that of a patch.
        output_shape: The same of B, with the same height and width; None for
            `input_shape`.
        width: Channels of the layers next to the images.
        networks: "resnet" for the paper's generators, "unet" for those of
            `Pix2Pix`, without dropout.
        blocks: Residual blocks of a ResNet; None for 6 up to 128 pixels, and
            else 9.
        receptive_field: Side in pixels of the patches that the discriminators
            judge: 1, 16, 34, 70, 142 or 286.
        norm: "instance" to normalize every image by itself, or "batch" for
            batch norm.
        cycle_weight: The paper's lambda.
        identity_weight: Weight mu of the images that are to stay as they are,
            as a part of `cycle_weight`; 0 for none.
        loss: "least_squares", another of `keras_gans.losses.LOSSES`, or a
            pair of functions.
        pool_size: Images of earlier steps that a discriminator may see; None
            for no pool.
        total_steps: Steps of the whole training, in whose second half the
            learning rate falls to zero; None for a rate that stays.
        names: The names of the two sets, as the data have them.
        generators: Your own generators, from A to B and from B to A, with
            outputs in [-1, 1].
        discriminators: Your own discriminators, of B and of A, to logits of
            any shape.
        **kwargs: `stabilizers`, `ema_decay`, `seed`, `name` and `dtype`, as in
            `AdversarialModel`.

    Raises:
        ValueError: For sets of different sizes, for images smaller than a
            patch, for unknown networks, norms or losses, and for an
            `identity_weight` where the sets differ in channels.
    """

    logged = ("real_score", "fake_score", "cycle_l1")
    maker, averaged, judges = "generators", ("generators",), ("discriminators",)
    only_for_training = ("image_pools",)
    reader = staticmethod(data.unpaired)
    scores = MappingProxyType(
        {"cycle_l1": mean_absolute_error, "back_cycle_l1": mean_absolute_error}
    )

    def __init__(
        self,
        input_shape: tuple[int, int, int] = (256, 256, 3),
        output_shape: tuple[int, int, int] | None = None,
        width: int = 64,
        networks: str = "resnet",
        blocks: int | None = None,
        receptive_field: int = 70,
        norm: str = "instance",
        cycle_weight: float = 10.0,
        identity_weight: float = 0.5,
        loss: str = "least_squares",
        pool_size: int | None = 50,
        total_steps: int | None = None,
        names: tuple[str, str] = ("images_a", "images_b"),
        generators: list[keras.Model] | None = None,
        discriminators: list[keras.Model] | None = None,
        **kwargs: Any,
    ):
        shapes = input_shape, output_shape or input_shape
        check_patches(*shapes, receptive_field)
        check_names(names)
        check_lists(generators=generators, discriminators=discriminators)
        check_identity(identity_weight, *shapes)
        build = builders_named(networks, {"resnet": build_resnet, "unet": unet})
        judged = {names[1]: shapes[1]}, {names[0]: shapes[0]}
        super().__init__(
            {
                "generators": generators
                or [
                    partial(build, own, other[-1], width, blocks, norm)
                    for own, other in (shapes, shapes[::-1])
                ],
                "discriminators": discriminators
                or [
                    partial(build_patch_gan, a, width, receptive_field, norm)
                    for a in judged
                ],
            },
            takes={names[0]: Image(*shapes[0])},
            makes={names[1]: Image(*shapes[1])},
            learns_from={n: Image(*shapes[i]) for i, n in enumerate(names)},
            **kwargs,
        )
        self.names = tuple(names)
        self.cycle_weight = cycle_weight
        self.identity_weight = identity_weight
        self.total_steps = total_steps
        self.of_discriminator, self.of_generator = losses.get(loss)
        check_maker(self.generators[1], self.makes, self.takes)
        seen = self.makes, self.takes
        for maker, judge, images in zip(
            self.generators, self.discriminators, seen, strict=True
        ):
            check_tensors(judge, judge.inputs, images, "take", self.together)
            check_range(maker, judge, self.of_discriminator)
        self.image_pools = [
            ImagePool(shape, pool_size or 0, dtype="float32")
            for shape in (shapes[::-1] if pool_size else ())
        ]

    @classmethod
    def arguments_from(cls, data: Mapping[str, Modality]) -> dict[str, Any]:
        """Returns the names of the two sets and the shapes of their images."""
        a, b = data
        return {
            "names": (a, b),
            "input_shape": data[a].shape,
            "output_shape": data[b].shape,
        }

    def default_optimizers(self) -> dict[str, keras.optimizers.Optimizer]:
        """Returns Adam(2e-4, beta1 = 0.5), section 4.

        The rate falls to zero in the second half of `total_steps`.
        """
        total = self.total_steps
        return {
            player: keras.optimizers.Adam(
                LinearDecay(2e-4, total // 2, total) if total else 2e-4, 0.5
            )
            for player in self.players
        }

    def train_step(self, data: Any) -> dict[str, Any]:
        """Takes a step of D_B and D_A, then one of G and F.

        Lists are in the order of `generators`: real images to translate, and
        what is made of them.
        """
        rows = self.rows(data)
        real = [rows[name] for name in self.names]
        self.minimize_on_shared_fakes(
            lambda: self.translated(self.generators, real),
            lambda fakes: self.train_discriminators(real, fakes),
            lambda fakes: self.generators_loss(real, fakes),
            self.generators,
        )
        return self.get_metrics_result()

    def translated(self, networks: list[keras.Model], images: list[Any]) -> Any:
        """Returns what each network makes of its images, in training."""
        return [
            network(values, training=True)
            for network, values in zip(networks, images, strict=True)
        ]

    def train_discriminators(self, real: list[Any], fakes: list[Any]) -> None:
        """Takes one step of both, on fakes that come by way of the pools."""
        if self.image_pools:
            fakes = [
                pool(
                    fake, self.draw(keras.random.uniform, ops.shape(fake)[0], 2)
                )
                for pool, fake in zip(self.image_pools, fakes, strict=True)
            ]
        self.minimize(
            self.discriminators_loss, self.discriminators, real, fakes
        )

    def discriminators_loss(self, real: list[Any], fakes: list[Any]) -> Any:
        """Returns half of the loss of each, which slows them down."""
        total = 0.0
        for judge, own, fake in zip(
            self.discriminators, real[::-1], fakes, strict=True
        ):
            real_logits, fake_logits = self.look(own, fake, by=judge)
            self.log("real_score", real_logits)
            self.log("fake_score", fake_logits)
            total += 0.5 * self.of_discriminator(real_logits, fake_logits)
        return total

    def generators_loss(self, real: list[Any], fakes: list[Any]) -> Any:
        """Returns what G and F minimise, equation 3 and section 5.2."""
        compares = losses.compares(self.of_generator)
        verdict = 0.0
        for judge, own, fake in zip(
            self.discriminators, real[::-1], fakes, strict=True
        ):
            said = self.look(own if compares else None, fake, by=judge)
            verdict += self.of_generator(*(said if compares else said[1:]))
        cycle = self.distance(self.generators[::-1], fakes, real)
        self.log("cycle_l1", 0.5 * cycle)
        loss = verdict + self.cycle_weight * cycle
        if self.identity_weight:
            same = self.distance(self.generators, real[::-1], real[::-1])
            loss += self.cycle_weight * self.identity_weight * same
        return loss

    def distance(
        self, networks: list[keras.Model], images: list[Any], wanted: list[Any]
    ) -> Any:
        """Returns the sum of both L1 distances of translations."""
        made = self.translated(networks, images)
        return sum(
            ops.mean(ops.abs(one - other))
            for one, other in zip(made, wanted, strict=True)
        )

    def score_rows(
        self, source: Any, batch_size: int = 64, seed: int = 0
    ) -> dict[str, float]:
        """Scores held-out images against what they are there and back.

        Args:
            source: Images of both sets.
            batch_size: Images at a time.
            seed: Of no effect, for nothing is drawn.

        Returns:
            The mean L1 distance of images of A, "cycle_l1", and of images of
            B, "back_cycle_l1", over at most 1,024 of each.
        """
        networks = self.inference_generators
        means = {}
        for name, score in zip(self.names, self.scores, strict=True):
            side = next(s for s in source.sides if name in s.modalities)
            values = side.rows(rows_to_score(side), [name])[name]
            made = real = self.learns_from[name].to_device(values)
            for network in networks:
                made = distribution.predict(network, made, batch_size)
            means[score] = float(np.mean(self.scores[score](real, made)))
            networks = networks[::-1]
        return means

    def generate(
        self, num: Any = None, seed: Any = None, *args: Any, **given: Any
    ) -> Any:
        """Translates `inputs=` or `images_a=`, or `images_b=` back to A.

        Arguments and results are those of `AdversarialModel.generate`.
        """
        if self.names[1] in given:
            return self.reversed().generate(num, seed, *args, **given)
        return super().generate(num, seed, *args, **given)

    def views(self) -> list[Any]:
        """Returns the two directions, which samples show side by side."""
        back = self.reversed()
        back._rows = getattr(self, "_rows", None)
        return [self, back]

    def reversed(self) -> "CycleGAN":
        """Returns a GAN that translates from B to A.

        It shares the networks of this one (the averages of the generators,
        where they are on), and is to be used: generates, exports, makes a
        preset. It has no pool.
        """
        changes = {
            "input_shape": next(iter(self.makes.values())).shape,
            "output_shape": next(iter(self.takes.values())).shape,
            "names": self.names[::-1],
            "generators": self.inference_generators[::-1],
            "discriminators": list(self.discriminators)[::-1],
            "pool_size": None,
            "ema_decay": None,
        }
        return type(self)(**{**self._arguments, **changes})


def unet(
    input_shape: tuple[int, int, int],
    output_channels: int,
    width: int,
    blocks: int | None,
    norm: str,
) -> keras.Model:
    """Builds Pix2Pix's U-Net without dropout; it has no blocks."""
    depth = default_depth(input_shape)
    return build_unet(input_shape, output_channels, width, depth, norm, 0.0)


def check_lists(**networks: Any) -> None:
    """Refuses anything but two networks of a kind, or None.

    Raises:
        ValueError: For such, by name.
    """
    for name, given in networks.items():
        is_list = isinstance(given, (list, tuple))
        if given is not None and not (is_list and len(given) == 2):
            raise ValueError(
                f"`{name}` must be a list of two networks. "
                f"Received: {name}={given!r}"
            )


def check_identity(
    weight: float, one: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    """Refuses an identity loss of images of different channels.

    Raises:
        ValueError: For a weight above 0 of such images.
    """
    if weight and one[-1] != other[-1]:
        raise ValueError(
            "`identity_weight` must be 0 where the two sets have different "
            "numbers of channels, for no image is of both. Received: "
            f"identity_weight={weight}, images of {one} and of {other}"
        )
