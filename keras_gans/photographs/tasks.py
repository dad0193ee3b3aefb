"""What a GAN does with photographs: enlarge, translate or fill them in."""

from typing import Any, NamedTuple

from keras_gans.modalities import Image, Mask

UPSCALE, TRANSLATE, INPAINT = "upscale", "translate", "inpaint"


class Task(NamedTuple):
    """What a GAN does with photographs.

    Attributes:
        name: "upscale", "translate" or "inpaint".
        image: The name under which its generator takes a photograph.
        mask: The name under which it takes a mask, or None.
        made: The name of the images that it makes.
        scale: By how much height and width grow.
    """

    name: str
    image: str
    mask: str | None
    made: str
    scale: int


def task_of(gan: Any) -> Task | None:
    """Returns what a GAN does with photographs, by what it takes and makes.

    Args:
        gan: The GAN.

    Returns:
        The task, or None for a GAN that makes nothing of photographs.
    """
    images = _names(gan.takes, Image)
    masks = _names(gan.takes, Mask)
    made = _names(gan.makes, Image)
    if len(images) != 1 or len(masks) > 1 or not made:
        return None
    if len(gan.takes) != len(images) + len(masks):
        return None
    small, large = gan.takes[images[0]].shape, gan.makes[made[0]].shape
    scale = large[0] // small[0]
    if (scale * small[0], scale * small[1]) != tuple(large[:2]):
        return None
    mask = masks[0] if masks else None
    # Of scale 1 are networks of super-resolution that only clean.
    enlarges = scale > 1 or hasattr(gan, "scale")
    name = INPAINT if mask else UPSCALE if enlarges else TRANSLATE
    return Task(name, images[0], mask, made[0], scale)


def check_task(gan: Any, name: str) -> Task:
    """Returns a GAN's task.

    Args:
        gan: The GAN.
        name: What is asked of it.

    Raises:
        ValueError: For a GAN of another task.
    """
    task = task_of(gan)
    if task is not None and task.name == name:
        return task
    who = type(gan).__name__
    if task is None:
        takes = ", ".join(f"{n} ({m.describe()})" for n, m in gan.takes.items())
        does = f"{who} takes {takes}, and makes nothing of photographs alone"
    else:
        does = f"{who} is for another task: `{task.name}`"
        if task.name == TRANSLATE:
            does += ", into images of the same size"
    raise ValueError(f"{does}. Received: `{name}`")


def _names(declared: dict[str, Any], kind: type) -> list[str]:
    return [name for name, m in declared.items() if isinstance(m, kind)]
