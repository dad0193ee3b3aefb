"""The sheet of samples that a published preset shows."""

import os
from typing import Any

import numpy as np

from keras_gans.callbacks.sample_grid import real_of
from keras_gans.engine.model import AdversarialModel
from keras_gans.pictures import save_samples
from keras_gans.pictures.samples import has_picture
from keras_gans.presets.publication.scoring import as_source, rows_to_take


def save_sheet(
    gan: AdversarialModel, path: str | os.PathLike, data: Any
) -> int:
    """Writes a sheet of samples that are not chosen.

    Args:
        gan: The GAN.
        path: The picture.
        data: Rows of what the generator takes and cannot draw. Where they
            hold what it is to make too, the sheet shows that as well.

    Returns:
        The number of samples, at most 100, of large images 16; 0 for what has
        no picture.
    """
    kinds = [m for m in gan.makes.values() if has_picture(m)]
    if not kinds:
        return 0
    rng = np.random.default_rng(0)
    height = max(m.pictures(m.noise(1, rng)).shape[1] for m in kinds)
    num = 100 if height <= 64 else 16
    real: dict[str, Any] = {}
    taken: dict[str, Any] = {}
    if not all(m.is_drawn for m in gan.takes.values()):
        source = as_source(data)
        num = min(num, len(source))
        taken = rows_to_take(gan, source, num)
        real = real_of(gan, source, num)
    inputs = gan.inputs_for(num, 0, **taken)
    made = gan.generate_from(inputs)
    save_samples(path, gan, inputs, made, real, scale=None)
    return num
