"""Upscale, translate, inpaint: whole photographs, files and folders."""

import functools
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.modalities.image import check_images
from keras_gans.photographs.files import find_jobs, mask_of
from keras_gans.photographs.making import Maker
from keras_gans.photographs.masks import dilated, read_mask
from keras_gans.photographs.reading import Photograph, read_photograph
from keras_gans.photographs.tasks import (
    INPAINT,
    TRANSLATE,
    UPSCALE,
    check_task,
)
from keras_gans.photographs.work import FilePath, Progress, Report, work


def upscale(
    gan: Any,
    source: FilePath,
    target: FilePath,
    *,
    overwrite: bool = False,
    format: str | None = None,
    tile: int | None = None,
    overlap: int | None = None,
    progress: Progress = lambda done: None,
) -> Report:
    """Enlarges photographs, files or folders of them.

    Grey, transparency and 16 bits are kept, as are EXIF, colour profiles, the
    text of PNG files, and names. Transparency is enlarged by Lanczos's
    filter, apart from the colours. A finished file is whole; files that are
    there already are left alone, so a run that was stopped goes on where it
    is given again.

    Large photographs go through the network in tiles. These overlap as far as
    the network looks, so the result is that of the whole photograph at once.
    Where that is more than a quarter of a tile, the overlap is measured: the
    distance from which on pixels make no visible difference. Where memory
    runs out, tiles are halved.

    Args:
        gan: A GAN that enlarges images.
        source: An image file; an array (H, W, C) in a `.npy` file; or a
            folder of such, and of folders.
        target: Where to write: a file, or a folder.
        overwrite: Whether to replace files that are there.
        format: Format of all files, for instance "png"; None for their own.
        tile: Side of a tile in pixels of the photograph; None for one that
            takes about 1 GB of memory.
        overlap: Pixels by which a tile is larger, on each side, than what is
            kept of it; None for those that the network needs.
        progress: Called with the number of files that are done, a float.

    Returns:
        A report of what was written and skipped.

    Raises:
        ValueError: For a GAN of another task, and as `find_jobs`.
        FileNotFoundError: Where there is no `source`.
        FileExistsError: Where `target` is a file that is there.
        PhotographsError: Where files of a folder could not be read or made,
            after all others are done.
        OSError: Where a file cannot be written, for instance on a full disk.
    """
    maker = Maker(gan, check_task(gan, UPSCALE), tile, overlap)
    jobs = find_jobs(source, target, format)
    return work(maker, jobs, _plain, source, overwrite, progress)


def translate(
    gan: Any,
    source: FilePath,
    target: FilePath,
    *,
    overwrite: bool = False,
    format: str | None = None,
    tile: int | None = None,
    overlap: int | None = None,
    progress: Progress = lambda done: None,
) -> Report:
    """Translates photographs into others of the same size.

    Grey photographs become what the network makes. Sides that the network
    cannot take are filled up by mirroring, and the result is cropped. An
    instance norm looks at the whole picture: photographs that are too large
    for that are made in tiles all the same, and the report says so.

    Args:
        gan: A GAN that translates images.
        source: As in `upscale`.
        target: As in `upscale`.
        overwrite: As in `upscale`.
        format: As in `upscale`.
        tile: As in `upscale`.
        overlap: As in `upscale`.
        progress: As in `upscale`.

    Returns:
        As `upscale`.

    Raises:
        Exception: As `upscale`.
    """
    maker = Maker(gan, check_task(gan, TRANSLATE), tile, overlap)
    jobs = find_jobs(source, target, format)
    return work(maker, jobs, _plain, source, overwrite, progress)


def inpaint(
    gan: Any,
    source: FilePath,
    target: FilePath,
    *,
    masks: FilePath,
    dilate: int = 0,
    overwrite: bool = False,
    format: str | None = None,
    tile: int | None = None,
    overlap: int | None = None,
    progress: Progress = lambda done: None,
) -> Report:
    """Fills in what masks show of photographs; all other pixels stay.

    Args:
        gan: A GAN that fills images in.
        source: As in `upscale`.
        target: As in `upscale`.
        masks: A mask for all photographs, or a folder of masks with the names
            of the photographs: white where to fill in, black elsewhere.
        dilate: Pixels by which masks grow on all sides.
        overwrite: As in `upscale`.
        format: As in `upscale`.
        tile: As in `upscale`.
        overlap: As in `upscale`.
        progress: As in `upscale`.

    Returns:
        As `upscale`.

    Raises:
        Exception: As `upscale`; a mask that is missing, of another size or
            not black and white counts as a photograph that cannot be made.
    """
    if dilate < 0:
        raise ValueError(
            f"`dilate` must be at least 0. Received: dilate={dilate}"
        )
    maker = Maker(gan, check_task(gan, INPAINT), tile, overlap)
    if not Path(masks).expanduser().exists():
        raise FileNotFoundError(
            f"There is no such file or folder of masks. Received: {masks}"
        )
    jobs = find_jobs(source, target, format)
    read = functools.partial(_masked, source, masks, dilate)
    return work(maker, jobs, read, source, overwrite, progress)


def _plain(file: Path) -> tuple[Photograph, np.ndarray | None]:
    return read_photograph(file), None


def _masked(
    source: FilePath, masks: FilePath, dilate: int, file: Path
) -> tuple[Photograph, np.ndarray | None]:
    mask = mask_of(file, source, masks)
    photograph = read_photograph(file)
    size = photograph.pixels.shape[:2]
    return photograph, read_mask(mask, size, dilate)


def make_images(
    gan: Any, verb: str, images: Any, masks: Any = None, dilate: int = 0
) -> np.ndarray:
    """Enlarges, translates or fills in images that are in memory.

    It is what the files of photographs go through, in tiles too.

    Args:
        gan: The GAN.
        verb: "upscale", "translate" or "inpaint".
        images: (N, H, W, C), or one (H, W, C), of any size: uint8, or float
            in [-1, 1].
        masks: For "inpaint", of 0 and 1, (N, H, W, 1) or (H, W, 1).
        dilate: Pixels by which masks grow on all sides.

    Returns:
        Images of the kind of those that came, uint8 or float32.

    Raises:
        ValueError: For a GAN of another task, and for bad images.
    """
    maker = Maker(gan, check_task(gan, verb))
    values = np.asarray(images)
    is_one = values.ndim == 3
    values = check_images(values[None] if is_one else values)
    if values.dtype != np.uint8:
        values = values.astype("float32")
    holes: list[Any] = [None] * len(values)
    if masks is not None:
        given = np.asarray(masks).reshape(len(values), *values.shape[1:3], 1)
        holes = [dilated(mask.astype("uint8"), dilate) for mask in given]
    made = [
        np.concatenate([*maker.make(Photograph(image), mask).bands])
        for image, mask in zip(values, holes, strict=True)
    ]
    return made[0] if is_one else np.stack(made)
