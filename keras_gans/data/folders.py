"""Files under a folder: finding them, checking them, and classes."""

import dataclasses
import os
import stat
import warnings
from collections.abc import Callable, Sequence
from multiprocessing.pool import ThreadPool
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track


@dataclasses.dataclass
class Files:
    """The files of some kind under a folder.

    Attributes:
        folder: The folder.
        suffixes: The endings of such files, in lower case.
        kind: What the files hold, for messages: "images".
        found: All such files, and the folders and links that cannot be
            followed, sorted.
        paths: The files that can be read.
        skipped: The others, which are left out.
        facts: The facts about each of `paths`, from its check.
    """

    folder: Path
    suffixes: Sequence[str]
    kind: str
    found: list[Path]
    paths: list[Path]
    skipped: list[Path] = dataclasses.field(default_factory=list)
    facts: list[Any] = dataclasses.field(default_factory=list)

    def parts(self, path: Path) -> tuple[str, ...]:
        """Returns the parts of a path below the folder."""
        return path.relative_to(self.folder).parts

    def classes(self) -> tuple[list[str], np.ndarray] | None:
        """Returns the classes, where the sub-folders are classes.

        They are where every file lies in a sub-folder and there are at least
        two of those. A sub-folder of which nothing can be read stays a class,
        so that the others keep their numbers.

        Returns:
            The names of the classes, and the class of each of `paths` as
            int32 (n,); None where the sub-folders are no classes.
        """
        parts = [self.parts(path) for path in self.found]
        loose = [
            path.name
            for path in self.found
            if path.parent == self.folder
            and path.suffix.lower() in self.suffixes
        ]
        names = sorted({p[0] for p in parts} - set(loose))
        self._name_what_is_no_class(names, loose)
        if len(names) > 1 and not loose:
            numbers = {name: i for i, name in enumerate(names)}
            labels = [numbers[self.parts(path)[0]] for path in self.paths]
            return names, np.array(labels, "int32")
        if len(names) > 1:
            self._warn(
                "Sub-folders are classes only where no files lie beside them",
                f"{self.folder} with {loose[0]} and {len(loose) - 1} more "
                "beside its sub-folders",
            )
        deeper = sorted({p[1] for p in parts if len(p) > 2})
        if len(names) == 1 and not loose and len(deeper) > 1:
            self._warn(
                f"All {self.kind} lie in one sub-folder, which has sub-folders "
                "of its own: load that sub-folder for them to be the classes",
                f"{self.folder} with {names[0]}, which holds "
                f"{', '.join(deeper[:5])}{', ...' if deeper[5:] else ''}",
            )
        return None

    def _name_what_is_no_class(
        self, names: list[str], loose: list[str]
    ) -> None:
        """Names sub-folders beside the classes that hold no such files."""
        others = sorted(
            path.name
            for path in self.folder.iterdir()
            if path.is_dir() and path.name[0] != "." and path.name not in names
        )
        if names and others and not loose:
            warnings.warn(
                f"Sub-folders without {self.kind} (files that end in "
                f"{', '.join(self.suffixes)}) are no classes. Received: "
                f"{self.folder} with {', '.join(others)}",
                stacklevel=4,
            )

    def _warn(self, why: str, received: str) -> None:
        message = f"{why}. There are no labels. Received: {received}"
        warnings.warn(message, stacklevel=4)


def find_files(
    folder: str | os.PathLike,
    suffixes: Sequence[str],
    check: Callable[[Path], Any],
    corrupt: str = "error",
    kind: str = "images",
) -> Files:
    """Finds the files of a kind under a folder and checks each, in threads.

    Sub-folders that are symbolic links are followed. Hidden files and folders
    are left out.

    Args:
        folder: The folder.
        suffixes: The endings of the files, in lower case.
        check: Returns facts about a file, or raises an exception where it
            cannot be read.
        corrupt: "error" to refuse a folder with something unreadable, "skip"
            to leave it out; either way it is named.
        kind: What the files hold, for messages.

    Raises:
        FileNotFoundError: Where there is no such folder.
        ValueError: Where it holds no such files, or unreadable ones.
    """
    folder = Path(folder)
    if corrupt not in ("error", "skip"):
        raise ValueError(
            f'`corrupt` must be "error" or "skip". Received: {corrupt!r}'
        )
    if not folder.is_dir():
        raise FileNotFoundError(f"There is no such folder. Received: {folder}")
    found: list[Path] = []
    bad: dict[Path, str] = {}
    _walk(folder, (), found, bad)
    paths = [path for path in found if path.suffix.lower() in suffixes]
    # A broken link may be one to a file of another kind.
    bad = {
        path: why
        for path, why in bad.items()
        if path.suffix.lower() in ("", *suffixes) or os.path.isdir(path)
    }
    if not paths and not bad:
        raise ValueError(
            f"The folder holds no {kind} (files that end in "
            f"{', '.join(sorted(suffixes))}). "
            f"Received: {folder} with {len(found)} files"
        )
    facts = dict(zip(paths, _check_all(check, paths, kind), strict=True))
    bad |= {p: why for p, why in facts.items() if isinstance(why, _Unreadable)}
    found = sorted({*paths, *bad}, key=lambda p: p.relative_to(folder).parts)
    paths = [path for path in found if path not in bad]
    files = Files(
        folder,
        suffixes,
        kind,
        found,
        paths,
        skipped=[path for path in found if path in bad],
        facts=[facts[path] for path in paths],
    )
    if bad:
        _report(files, bad, corrupt)
    return files


def _walk(
    folder: Path,
    above: tuple[tuple[int, int], ...],
    found: list[Path],
    bad: dict[Path, str],
) -> None:
    info = folder.stat()
    place = info.st_dev, info.st_ino
    if place in above:  # a link to a folder that holds it adds no files
        return
    for name in os.listdir(folder):
        path = folder / name
        if name.startswith("."):
            continue
        try:
            mode = path.stat().st_mode
            if stat.S_ISREG(mode):
                found.append(path)
            elif stat.S_ISDIR(mode):
                _walk(path, (*above, place), found, bad)
        except OSError as error:
            broken = os.path.islink(path) and not os.path.exists(path)
            bad[path] = "a broken link" if broken else str(error.strerror)


class _Unreadable(str):
    """Why a file cannot be read."""


def _check_all(
    check: Callable[[Path], Any], paths: list[Path], kind: str
) -> list[Any]:
    def run(path: Path) -> Any:
        try:
            return check(path)
        # Decoders raise errors of nearly every type on damaged files.
        except Exception as error:
            return _Unreadable(str(error) or type(error).__name__)

    with ThreadPool() as pool:
        return list(
            track(
                pool.imap(run, paths, chunksize=16),
                f"Checking {kind}",
                total=len(paths),
                console=Console(stderr=True),
                transient=True,
                disable=len(paths) < 1000,
            )
        )


def _report(files: Files, bad: dict[Path, str], corrupt: str) -> None:
    named = "; ".join(
        f"{path.relative_to(files.folder)} ({bad[path]})"
        for path in files.skipped[:10]
    ) + (f"; and {len(bad) - 10} more" if len(bad) > 10 else "")
    what = (
        f"{len(bad)} of {len(files.found)} files in {files.folder} cannot be "
        "read"
    )
    if corrupt == "error" or not files.paths:
        raise ValueError(
            f'{what}. Repair or remove them, or pass corrupt="skip" (on the '
            "command line --corrupt skip) to "
            f"train without them. Received: {named}"
        )
    warnings.warn(f"{what} and are left out: {named}", stacklevel=5)
