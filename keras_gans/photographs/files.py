"""Which files become which."""

import os
from pathlib import Path
from typing import NamedTuple

from keras_gans.data.images.folder import SUFFIXES
from keras_gans.photographs.reading import ARRAY
from keras_gans.photographs.writing import WRITABLE


class Job(NamedTuple):
    """A photograph to make of another.

    Attributes:
        source: The file to read.
        target: The file to write.
    """

    source: Path
    target: Path


def find_jobs(
    source: str | os.PathLike,
    target: str | os.PathLike,
    format: str | None = None,
) -> list[Job]:
    """Returns what to read and where to write it.

    Files keep their names, also those of sub-folders. What is read but not
    written (GIF, for instance) becomes PNG, and keeps its ending before that.
    Hidden files are left out, as is `target` where it lies in `source`.

    Args:
        source: A file, or a folder of files and folders.
        target: A file or a folder; of a folder, a folder.
        format: The ending of all files to write, for instance "png"; None to
            keep the formats.

    Raises:
        FileNotFoundError: Where there is no `source`.
        ValueError: For a folder without images, for targets that are the
            sources or each other's, and for formats that cannot be written.
    """
    source, target = (Path(p).expanduser() for p in (source, target))
    if format is not None:
        format = "." + format.lower().removeprefix(".")
        check_writable(Path("x" + format))
    if not source.exists():
        raise FileNotFoundError(
            f"There is no such file or folder. Received: {source}"
        )
    if source.is_dir():
        jobs = _in_folder(source, target, format)
    elif target.is_dir() or not target.suffix:
        jobs = [Job(source, target / _renamed(Path(source.name), format))]
    else:
        check_writable(target)
        jobs = [Job(source, target)]
    _check_targets(jobs)
    return jobs


def _in_folder(source: Path, target: Path, format: str | None) -> list[Job]:
    if target.is_file():
        raise ValueError(
            f"Of a folder comes a folder. Received: {source}, and {target}, "
            "which is a file"
        )
    within = target.resolve()
    files = [
        file
        for file in sorted(source.rglob("*"))
        if file.suffix.lower() in (*SUFFIXES, ARRAY)
        and not any(part.startswith(".") for part in
                    file.relative_to(source).parts)
        and file.is_file()
        and (within == source.resolve()
             or within not in file.resolve().parents)
    ]  # fmt: skip
    if not files:
        raise ValueError(f"There are no images. Received: {source}")
    return [
        Job(file, target / _renamed(file.relative_to(source), format))
        for file in files
    ]


def _renamed(path: Path, format: str | None) -> Path:
    if format is not None:
        return path.with_suffix(format)
    if path.suffix.lower() in WRITABLE:
        return path
    return path.with_name(path.name + ".png")


def check_writable(path: Path) -> None:
    """Refuses the endings of files that cannot be written.

    Raises:
        ValueError: For such.
    """
    if path.suffix.lower() not in WRITABLE:
        raise ValueError(
            f"Files to write end in {', '.join(WRITABLE)}. Received: {path}"
        )


def _check_targets(jobs: list[Job]) -> None:
    seen: dict[Path, Path] = {}
    for job in jobs:
        if job.target.exists() and job.target.samefile(job.source):
            raise ValueError(
                "Photographs are not replaced by what is made of them: choose "
                f"another place. Received: {job.target}"
            )
        if job.target in seen:
            raise ValueError(
                f"Two files would become {job.target}: keep their formats. "
                f"Received: {seen[job.target]} and {job.source}"
            )
        seen[job.target] = job.source


def mask_of(
    photograph: Path, source: str | os.PathLike, masks: str | os.PathLike
) -> Path:
    """Returns the file of a photograph's mask.

    Args:
        photograph: The photograph's file.
        source: The file or folder that photographs are read from.
        masks: One mask for all, or a folder of masks with the names of the
            photographs, whatever their endings.

    Raises:
        FileNotFoundError: Where there is none.
    """
    masks, source = Path(masks).expanduser(), Path(source).expanduser()
    if masks.is_file():
        return masks
    name = Path(photograph.name)
    if source.is_dir():
        name = photograph.relative_to(source)
    same = masks / name
    candidates = [same, *(same.with_suffix(s) for s in (".png", *SUFFIXES))]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise FileNotFoundError(
        f"there is no mask of it: {same.with_suffix('.png')} is missing"
    )
