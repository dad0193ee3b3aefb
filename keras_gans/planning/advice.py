"""Which GAN for which data, from rules that name their sources.

In a long training on few images the discriminator learns them by heart: it
tells every real image from every generated one, its score on real images goes
to 1, and the generator gets hardly a gradient (Arjovsky and Bottou 2017,
arXiv:1701.04862). DiffAugment lets it see both sides through changes that it
cannot learn by heart (Zhao et al. 2020, arXiv:2006.10738), but it also slows
down the first part of the training. `tests/benchmarks/advice_fid.py` measures
from how many passes over the data it pays; docs/benchmarks.md has the table.
"""

import dataclasses
import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from keras_gans import models
from keras_gans.onednn import multiplies_bfloat16
from keras_gans.planning.measuring import measure_step
from keras_gans.planning.tracing import forward_flops

PASSES = 300
"""Passes over the data from which on the discriminator is held back. With 1,600
faces at 32x32 the FID without DiffAugment was lower at every score up to 300
passes, but rose again after 250, with a score on real images of 0.96."""

CLASS = 100
"""Images of a class from which on a GAN is told the class: the number from
which Zhao et al. 2020 train a whole GAN ("100-shot")."""

SEEN = (240_000, 960_000)
"""Images that training takes at least, and that are enough: the fewest, and
those of the DCGAN, among the zoo's presets (`images_seen` in their cards)."""

WIDTHS = (64, 48, 32)
"""Widths to choose from, the paper's first."""

SIZES = (64, 32)
"""Sizes to choose from, where none is asked for."""


AVERAGED = (
    "averaged weights make better samples (Yazici et al. 2018, "
    "arXiv:1806.04498)"
)


@dataclasses.dataclass(frozen=True)
class Choice:
    """A choice, and why it was made.

    Attributes:
        name: What was chosen.
        value: The value, in words.
        why: The reason, with its source.
    """

    name: str
    value: str
    why: str


AUGMENT = "DiffAugment:policy=colour,translation"
"""The stabilizer, as the command line takes it."""

HELD_BACK = Choice(
    "stabilizer",
    "DiffAugment",
    f"in more than {PASSES} passes the discriminator learns the images by "
    "heart (Zhao 2020, arXiv:2006.10738)",
)
"""What holds the discriminator back where it sees images very often."""


@dataclasses.dataclass(frozen=True)
class Advice:
    """What to train, and how long that takes on this machine.

    Attributes:
        variant: The name of the GAN's class.
        image_size: Side of the images in pixels.
        settings: Arguments of the class, besides those that the data decide.
        stabilizers: Stabilizers, as the command line takes them.
        dtype: The Keras dtype policy.
        batch_size: Rows in a batch.
        epochs: Passes over the data.
        step_seconds: Time of a step on this machine.
        seconds: Time of all steps, without samples and scores.
        images_seen: Images that are seen in all.
        choices: All of it in words, each with its reason.
    """

    variant: str
    image_size: int
    settings: Mapping[str, Any]
    stabilizers: tuple[str, ...]
    dtype: str
    batch_size: int
    epochs: int
    step_seconds: float
    seconds: float
    images_seen: int
    choices: tuple[Choice, ...]

    def command(self, data: str, out: str) -> str:
        """Returns the command line that trains it.

        Args:
            data: What `train` takes as --data.
            out: The folder of the run.
        """
        words = ["keras-gans", "train", self.variant, "--data", data]
        words += ["--image-size", str(self.image_size)]
        words += ["--batch-size", str(self.batch_size)]
        words += ["--epochs", str(self.epochs)]
        for name, value in self.settings.items():
            option = name.replace("_", "-")
            is_own = name in ("ema_decay",)
            words += (
                [f"--{option}", str(value)]
                if is_own
                else ["--set", f"{name}={value}"]
            )
        for text in self.stabilizers:
            words += ["--stabilizer", text]
        if self.dtype != "float32":
            words += ["--dtype", self.dtype]
        return shlex.join([*words, "--out", out])


def advise(
    num_images: int,
    channels: int = 3,
    classes: Mapping[str, int] | None = None,
    image_size: int | None = None,
    hours: float = 1.0,
    seconds_of: Callable[[Any, int], float] = measure_step,
) -> Advice:
    """Chooses a variant, its width, stabilizers and epochs for data.

    The time of a step is measured on this machine, at the paper's width; for
    others it goes with the FLOPs of the networks.

    Args:
        num_images: Number of images.
        channels: Their channels.
        classes: Number of images of each class, by name; None for none.
        image_size: Side of the images in pixels; None chooses 64 or 32.
        hours: Hours of training.
        seconds_of: Function of a GAN and a batch size to the time of a step.

    Returns:
        The advice.

    Raises:
        ValueError: For no image, and for no time.
    """
    if num_images < 1 or not hours > 0:
        raise ValueError(
            "Advice needs at least one image, and some time. "
            f"Received: num_images={num_images}, hours={hours}"
        )
    variant, settings, told = _variant(classes or {})
    dtype, faster = _dtype()
    batch_size = 64 if num_images >= 640 else 16
    candidates = (
        (size, width, seconds)
        for size in ((image_size,) if image_size else SIZES)
        for width, seconds in _steps(
            variant,
            {
                **settings,
                "image_shape": (size, size, channels),
                "dtype": dtype,
            },
            batch_size,
            seconds_of,
        )
    )
    for size, width, seconds in candidates:  # noqa: B007, the last one counts
        seen = hours * 3600 / seconds * batch_size
        if seen >= SEEN[0]:
            break
    steps_per_pass = max(1, num_images // batch_size)
    wanted = min(seen, SEEN[1])
    epochs = max(1, round(wanted / (steps_per_pass * batch_size)))
    steps = epochs * steps_per_pass
    held_back = (HELD_BACK,) if epochs > PASSES else ()
    choices = (
        told,
        *_measures(size, width, hours, asked=image_size is not None),
        *held_back,
        *faster,
        Choice("average", "0.999", AVERAGED),
        Choice("epochs", f"{epochs:,}", _seen(steps * batch_size)),
    )
    return Advice(
        variant,
        size,
        {**settings, "width": width, "ema_decay": 0.999},
        tuple(AUGMENT for _ in held_back),
        dtype,
        batch_size,
        epochs,
        seconds,
        steps * seconds,
        steps * batch_size,
        choices,
    )


def _measures(
    size: int, width: int, hours: float, asked: bool
) -> tuple[Choice, Choice]:
    of = f"that sees {SEEN[0]:,} images in {hours:g} h, the fewest of a preset"
    why = "as asked" if asked else f"the largest {of}"
    return (
        Choice("size", f"{size}x{size}", why),
        Choice("width", f"{width}", f"the widest {of}"),
    )


def _seen(images: int) -> str:
    words = f"{images:,} images seen; {SEEN[1]:,} are those of "
    words += "dcgan_fashion_mnist"
    return words if images > 0.9 * SEEN[0] else words + ": give it more hours"


def _variant(
    classes: Mapping[str, int],
) -> tuple[str, dict[str, Any], Choice]:
    least = min(classes.values(), default=0)
    if len(classes) > 1 and least >= CLASS:
        why = (
            f"it is told the class: each has {CLASS} images or more, and "
            "conditional_gan_mnist scores better than acgan_mnist"
        )
        choice = Choice("variant", "ConditionalGAN", why)
        return "ConditionalGAN", {"networks": "dcgan"}, choice
    why = "there are no classes"
    if classes:
        why = f"a class has {least} images: too few to be told apart"
    return "DCGAN", {}, Choice("variant", "DCGAN", why)


def _dtype() -> tuple[str, list[Choice]]:
    if not multiplies_bfloat16():
        return "float32", []
    why = "this processor multiplies bfloat16 faster; weights stay float32"
    return "mixed_bfloat16", [Choice("dtype", "mixed_bfloat16", why)]


def _steps(
    variant: str,
    arguments: dict[str, Any],
    batch_size: int,
    seconds_of: Callable[[Any, int], float],
) -> Iterator[tuple[int, float]]:
    """Gives each of `WIDTHS` and the time of a step, the widest first."""
    for width in WIDTHS:
        gan = getattr(models, variant)(**arguments, width=width, seed=0)
        networks = [n for p in gan.players for n in gan.networks_of(p)]
        flops = sum(map(forward_flops, networks))
        if width == WIDTHS[0]:
            gan.compile()
            measured, of_widest = seconds_of(gan, batch_size), flops
        yield width, measured * flops / of_widest
