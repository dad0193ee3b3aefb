"""Files of captions: CSV, and JSON lines."""

import csv
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from keras_gans.modalities import Vocabulary

TABLES = {".csv": ",", ".tsv": "\t"}
LINES = (".jsonl", ".ndjson")
COLUMNS = ("file", "caption")

RULES = Vocabulary(["a"])
"""Finds the words of a text, known or not."""

Captions = dict[str, list[str]]
"""The captions of every file, by the name that the file of captions has."""


def find_captions(
    folder: Path, captions: str | os.PathLike | None = None
) -> Path:
    """Returns the file of captions.

    Args:
        folder: The folder of the images.
        captions: A path; one that is relative may be one from the folder.
            None for the only file in the folder that can hold captions.

    Raises:
        FileNotFoundError: Where there is no such file.
        ValueError: Where the folder holds several, or the file is of another
            kind.
    """
    if captions is not None:
        places = [folder / captions, Path(captions).expanduser()]
        found = [place for place in places if place.is_file()]
        if not found:
            raise FileNotFoundError(
                f"There is no such file of captions. Received: {captions}"
            )
        found = found[:1]
    else:
        kinds = (*TABLES, *LINES)
        found = [
            p for p in sorted(folder.iterdir()) if p.suffix.lower() in kinds
        ]
    if len(found) != 1 or found[0].suffix.lower() not in (*TABLES, *LINES):
        raise ValueError(
            "Captions are in a file that ends in .csv, .tsv or .jsonl; where a "
            "folder holds none or several, `captions` (--captions) says which. "
            f"Received: {[p.name for p in found]} in {folder}"
        )
    return found[0]


def read_captions(
    path: Path, columns: str | Sequence[str] | None = None
) -> Captions:
    """Reads a file of captions.

    A file may have several, in several rows or columns.

    Args:
        path: A table with names in its first line, or one JSON object a line.
        columns: The column of the file's name, and those of captions: their
            names, or one text with commas. None for "file" and "caption".

    Raises:
        ValueError: For a wrong column, an empty caption, a broken line or
            text that is not UTF-8; the line is named.
    """
    if isinstance(columns, str):
        columns = columns.split(",")
    file, *texts = columns or COLUMNS
    if not texts:
        raise ValueError(
            "`columns` must name the column of files and one of captions at "
            f"least. Received: columns={columns!r}"
        )
    captions: Captions = {}
    rows = _table if path.suffix.lower() in TABLES else _lines
    try:
        for where, row in rows(path, (file, *texts)):
            said = [row[text] for text in texts]
            captions.setdefault(str(row[file]), []).extend(_said(said, where))
    except UnicodeDecodeError as error:
        raise ValueError(
            f"A file of captions must be UTF-8: {error.reason}. "
            f"Received: line {_line_that_is_not_utf_8(path)} of {path}"
        ) from error
    if not captions:
        raise ValueError(f"The file holds no captions. Received: {path}")
    return captions


def _table(
    path: Path, columns: Sequence[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    delimiter = TABLES[path.suffix.lower()]
    with open(path, encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter=delimiter, strict=True)
        line = 1  # where a record begins: a quote may span several lines
        try:
            _check_columns(columns, reader.fieldnames or [], str(path))
            line = reader.line_num + 1
            for row in reader:
                inside = sum(str(v).count("\n") for v in row.values())
                where = f"line {reader.line_num - inside} of {path}"
                line = reader.line_num + 1
                if None in row or None in row.values():
                    raise _broken(where, "another number of columns")
                yield where, row
        except csv.Error as error:
            where = f"line {line} of {path}"
            raise _broken(where, str(error)) from error


def _lines(
    path: Path, columns: Sequence[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    with open(path, encoding="utf-8-sig") as file:
        for i, line in enumerate(file, 1):
            where = f"line {i} of {path}"
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                why = f"{error.msg} at its character {error.pos + 1}"
                raise _broken(where, why) from error
            if not isinstance(row, dict):
                raise _broken(where, "no JSON object")
            _check_columns(columns, list(row), where)
            yield where, row


def _line_that_is_not_utf_8(path: Path) -> int:
    """Returns the number of the first line that cannot be decoded."""
    data = path.read_bytes()
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    raise AssertionError("it can be decoded")


def _check_columns(
    wanted: Sequence[str], found: Sequence[str], where: str
) -> None:
    if missing := [name for name in wanted if name not in found]:
        raise ValueError(
            "The captions need the columns of the files' names and of "
            f"captions: {', '.join(wanted)}; `columns` (--read "
            "columns=file,caption) names others. "
            f"Received: no {', '.join(missing)} among {list(found)}, {where}"
        )


def _said(said: list[Any], where: str) -> list[str]:
    texts = [t for s in said for t in (s if isinstance(s, list) else [s])]
    for text in texts or [None]:
        if not isinstance(text, str) or not RULES.split(text):
            raise ValueError(
                "A caption must be a text with a word at least. "
                f"Received: {text!r} in {where}"
            )
    return texts


def _broken(where: str, why: str) -> ValueError:
    return ValueError(
        f"A line of the captions is broken: {why}. Received: {where}"
    )
