"""What pictures made of pictures are to beat: methods that learn nothing."""

import numpy as np

from keras_gans.data.degraded.resizing import resize
from keras_gans.modalities.image import to_float

COPY, MEAN, NEAREST = "copy of the input", "mean image", "nearest pair"
REST = "mean colour of the rest"


def baselines(
    taken: np.ndarray, made: np.ndarray, asked: np.ndarray
) -> dict[str, np.ndarray]:
    """Makes images of others without learning.

    Args:
        taken: Images of training that a generator takes, uint8 (N, h, w, c).
        made: The images that it is to make of them, uint8 (N, H, W, C).
        asked: Images to make others of, uint8 (n, h, w, c).

    Returns:
        float32 (n, H, W, C) in [-1, 1] by the name of the method: a copy of
        the input, in bicubic interpolation where sizes differ and with one
        channel repeated or averaged where channels do; the mean of `made`;
        and the image of `made` whose partner differs least from the input,
        by the squares of the pixels.
    """
    size, channels = made.shape[1:3], made.shape[-1]
    copies = np.stack([resize(image, size) for image in asked])
    if channels != copies.shape[-1]:
        mean = copies.mean(-1, keepdims=True).round().astype("uint8")
        copies = np.repeat(mean, channels, -1)
    known = to_float(taken).reshape(len(taken), -1)
    new = to_float(asked).reshape(len(asked), -1)
    # |new - known|^2 without what is the same for all of `known`
    distances = (known**2).sum(1) - 2.0 * new @ known.T
    mean = np.broadcast_to(to_float(made).mean(0), copies.shape)
    return {
        COPY: to_float(copies),
        MEAN: np.ascontiguousarray(mean),
        NEAREST: to_float(made[distances.argmin(1)]),
    }


def filled(
    known: np.ndarray, asked: np.ndarray, masks: np.ndarray
) -> dict[str, np.ndarray]:
    """Fills holes in without learning.

    Args:
        known: Images of training, uint8 (N, H, W, C).
        asked: Images with holes, uint8 (n, H, W, C).
        masks: The holes, (n, H, W, 1) of 0 and 1.

    Returns:
        float32 (n, H, W, C) in [-1, 1] by the name of the method: holes of
        the mean colour of what is not in a hole, and of the mean of `known`.
    """
    images, kept = to_float(asked), 1.0 - masks
    colours = (images * kept).sum((1, 2), keepdims=True) / kept.sum(
        (1, 2), keepdims=True
    )
    fillings = {REST: colours, MEAN: to_float(known).mean(0)}
    return {n: images * kept + masks * x for n, x in fillings.items()}
