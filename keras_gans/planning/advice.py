"""Which GAN for which data, from rules that name their sources.

With few images the discriminator learns them by heart: it tells every real
image from every generated one, its score on real images goes to 1, and the
generator gets hardly a gradient (Arjovsky and Bottou 2017, arXiv:1701.04862).
Two things hold it back, and `advise` takes both:

- it sees both sides through changes that it cannot learn by heart (Zhao et
  al. 2020, arXiv:2006.10738, whose subject is training on few images);
- its gradient at real images is kept small (Mescheder et al. 2018,
  arXiv:1801.04406), in every 16th step alone (Karras et al. 2019,
  arXiv:1912.04958, "lazy regularization"), with the weight that Karras et al.
  2020 (arXiv:2006.06676) take for a size and a batch size.

More than that is too much. With a weight of 1 and half of the generator's
rate, on 1,600 photographs of flowers at 32x32, the discriminator did not learn
to tell the two sides apart in 4,300 steps: its mean scores were 0.50 and 0.50,
and the samples were coloured noise. To compare what is advised with the
defaults by FID there is `tests/benchmarks/advice_fid.py`.
"""

import dataclasses
import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from keras_gans import models, stabilizers
from keras_gans.onednn import multiplies_bfloat16
from keras_gans.planning.measuring import measure_step
from keras_gans.planning.tracing import forward_flops

FEW = 20_000
"""Images below which the discriminator is held back: a rule of thumb between
the whole of CIFAR-10 and the fifth of it on which Zhao et al. 2020 train."""

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


HELD_BACK = (
    Choice(
        "stabilizer",
        "DiffAugment",
        f"under {FEW:,} images the discriminator learns them by heart "
        "(Zhao 2020, arXiv:2006.10738)",
    ),
    Choice(
        "stabilizer",
        "R1, every 16",
        "keeps its gradient at real images small (Mescheder 2018, "
        "arXiv:1801.04406; weight: arXiv:2006.06676; every 16 steps: "
        "arXiv:1912.04958)",
    ),
)
"""What holds the discriminator back where images are few."""


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
    few = num_images < FEW
    dtype, faster = _dtype()
    batch_size = 64 if num_images >= 640 else 16
    candidates = (
        (size, width, seconds)
        for size in ((image_size,) if image_size else SIZES)
        for width, seconds in _steps(
            variant,
            {**settings, "image_shape": (size, size, channels)},
            {"dtype": dtype, "few": few},
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
    choices = (
        told,
        *_measures(size, width, hours, asked=image_size is not None),
        *(HELD_BACK if few else ()),
        *faster,
        Choice("average", "0.999", AVERAGED),
        Choice("epochs", f"{epochs:,}", _seen(steps * batch_size)),
    )
    return Advice(
        variant,
        size,
        {**settings, "width": width, "ema_decay": 0.999},
        _stabilizers(few, size, batch_size),
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


def _stabilizers(few: bool, size: int, batch_size: int) -> tuple[str, ...]:
    """Returns the stabilizers of few images, as the command line takes them.

    The weight of R1 is the heuristic of the code of Karras et al. 2020,
    0.0002 (pixels of an image) / (images in a batch).
    """
    if not few:
        return ()
    weight = 0.0002 * size**2 / batch_size
    return (
        "DiffAugment:policy=colour,translation",
        f"R1:weight={weight:.2g},every=16",
    )


def _dtype() -> tuple[str, list[Choice]]:
    if not multiplies_bfloat16():
        return "float32", []
    why = "this processor multiplies bfloat16 faster; weights stay float32"
    return "mixed_bfloat16", [Choice("dtype", "mixed_bfloat16", why)]


def _steps(
    variant: str,
    arguments: dict[str, Any],
    more: dict[str, Any],
    batch_size: int,
    seconds_of: Callable[[Any, int], float],
) -> Iterator[tuple[int, float]]:
    """Gives each of `WIDTHS` and the time of a step, the widest first."""
    for width in WIDTHS:
        held = [stabilizers.DiffAugment(), stabilizers.R1(every=16)]
        gan = getattr(models, variant)(
            **arguments,
            width=width,
            dtype=more["dtype"],
            stabilizers=held if more["few"] else None,
            seed=0,
        )
        networks = [n for p in gan.players for n in gan.networks_of(p)]
        flops = sum(map(forward_flops, networks))
        if width == WIDTHS[0]:
            gan.compile()
            measured, of_widest = seconds_of(gan, batch_size), flops
        yield width, measured * flops / of_widest
