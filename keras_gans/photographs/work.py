"""One photograph after the other, and what has become of them."""

import dataclasses
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from keras_gans.photographs.files import Job
from keras_gans.photographs.making import Made, Maker
from keras_gans.photographs.reading import Photograph
from keras_gans.photographs.writing import write_photograph

FilePath = str | os.PathLike
Progress = Callable[[float], Any]
Read = Callable[[Path], tuple[Photograph, np.ndarray | None]]

NAMED = 10
"""The most files that an error names."""


@dataclasses.dataclass
class Report:
    """What has become of photographs.

    Attributes:
        written: The files that were written.
        skipped: The files that were there already, and were left alone.
        failed: What could not be read or made: the reason by the file.
        notes: What is not exact, by the file that was written.
    """

    written: list[Path] = dataclasses.field(default_factory=list)
    skipped: list[Path] = dataclasses.field(default_factory=list)
    failed: dict[Path, str] = dataclasses.field(default_factory=dict)
    notes: dict[Path, str] = dataclasses.field(default_factory=dict)


class PhotographsError(OSError):
    """Some photographs could not be read or made; the others are done.

    Attributes:
        report: The `Report`.
    """

    def __init__(self, message: str, report: Report):
        super().__init__(message)
        self.report = report


def work(
    maker: Maker,
    jobs: Sequence[Job],
    read: Read,
    source: FilePath,
    overwrite: bool,
    progress: Progress,
) -> Report:
    """Makes photographs, one after the other.

    Args:
        maker: What makes them.
        jobs: The files.
        read: Function from a file to its photograph and mask.
        source: What was given, a file or a folder.
        overwrite: Whether to replace files that are there.
        progress: Called with the number of files that are done, a float.

    Raises:
        FileExistsError: Where a single file is there.
        PhotographsError: Where some failed, after all others are done.
        OSError: Where a file cannot be written.
    """
    report = Report()
    is_file = not Path(source).expanduser().is_dir()
    for i, job in enumerate(jobs):
        if overwrite or not job.target.exists():
            _make(maker, job, read, report, _after(progress, i))
        elif is_file:
            raise FileExistsError(
                "The file is there already, and is not replaced unasked "
                f"(overwrite=True, --overwrite). Received: {job.target}"
            )
        else:
            report.skipped.append(job.target)
        progress(float(i + 1))
    if report.failed:
        raise PhotographsError(_failures(report, len(jobs)), report)
    return report


def _after(progress: Progress, done: int) -> Progress:
    return lambda share: progress(done + share)


def _make(
    maker: Maker, job: Job, read: Read, report: Report, progress: Progress
) -> None:
    try:
        photograph, mask = read(job.source)
    except Exception as error:  # Damaged files raise errors of any type.
        report.failed[job.source] = _reason(error)
        return
    try:
        made = maker.make(photograph, mask, progress)
        _write(job, made, photograph, report)
    except (ValueError, MemoryError) as error:
        report.failed[job.source] = _reason(error)


def _write(
    job: Job, made: Made, photograph: Photograph, report: Report
) -> None:
    try:
        write_photograph(
            job.target,
            made.bands,
            made.shape,
            photograph.pixels.dtype,
            photograph.kept,
        )
    except OSError as error:
        done = len(report.written) + len(report.skipped)
        raise OSError(
            error.errno,
            f"{error.strerror or error} {done} files before it are written "
            "whole; the same command goes on after them.",
        ) from error
    report.written.append(job.target)
    if made.note:
        report.notes[job.target] = made.note


def _reason(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return text or type(error).__name__


def _failures(report: Report, num: int) -> str:
    failed = len(report.failed)
    named = [f"{f}: {why}" for f, why in [*report.failed.items()][:NAMED]]
    more = f"; and {failed - NAMED} more" if failed > NAMED else ""
    done = len(report.written) + len(report.skipped)
    of = f"{failed} of {num} photographs" if num > 1 else "The photograph"
    others = f" The other {done} are done." if num > 1 else ""
    return f"{of} could not be made.{others} Received: {'; '.join(named)}{more}"
