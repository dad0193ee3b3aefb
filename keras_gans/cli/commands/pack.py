"""keras-gans pack."""

from pathlib import Path
from typing import Annotated, Any

import typer

from keras_gans.cli.output import errors, print_table
from keras_gans.cli.quiet import import_keras

MIB = 2**20


PackSource = Annotated[
    str, typer.Argument(help="A folder, or other --data of `train`")
]
PackOut = Annotated[Path | None, typer.Argument(help="Folder of the shards")]
Kind = Annotated[
    str,
    typer.Option(
        help="images; pairs (side by side, or in two folders); sounds "
        "(WAV files)"
    ),
]
PackSize = Annotated[
    int | None, typer.Option(min=1, help="Side in pixels to resize and crop to")
]
PackChannels = Annotated[
    int | None, typer.Option(help="1 (grey), 3 (RGB) or 4 (RGBA)")
]
Length = Annotated[
    int | None, typer.Option(min=1, help="Samples of each sound")
]
Rate = Annotated[
    int | None, typer.Option(min=1, help="Samples a second of sounds")
]
PackSplit = Annotated[str, typer.Option(help="Which part of the data")]
Corrupt = Annotated[str, typer.Option(help="Unreadable files: error or skip")]
Encoding = Annotated[
    str,
    typer.Option(
        help="raw: pixels, the fastest to read; png: smaller, lossless; "
        "original: the files' own bytes, resized when read"
    ),
]
ShardSize = Annotated[
    int, typer.Option(min=1, metavar="MIB", help="Where a shard ends")
]
Verify = Annotated[
    bool,
    typer.Option(
        "--verify",
        help="Check all shards by their SHA-256, and pack damaged ones "
        "again; without OUT, check SOURCE, a folder of shards",
    ),
]


def pack(
    source: PackSource,
    out: PackOut = None,
    kind: Kind = "images",
    image_size: PackSize = None,
    channels: PackChannels = None,
    length: Length = None,
    rate: Rate = None,
    split: PackSplit = "train",
    corrupt: Corrupt = "error",
    encoding: Encoding = "raw",
    shard_size: ShardSize = 256,
    verify: Verify = False,
) -> None:
    """Packs data into a few large files, for data larger than memory.

    `--data OUT` trains on them. Given again after a kill, the same command
    goes on after the shards that were finished.
    """
    if out is None and not verify:
        raise ValueError(
            "Give the folder of the shards, or --verify to check SOURCE. "
            f"Received: pack {source}"
        )
    import_keras()
    from keras_gans.data import pack as pack_rows
    from keras_gans.data.packs.packed_rows import open_pack

    if out is None:
        packed = open_pack(source)
        packed.verify()
    else:
        given = {
            "image_size": image_size,
            "channels": channels,
            "length": length,
            "rate": rate,
        }
        given = {k: v for k, v in given.items() if v is not None}
        rows = _open(kind, source, given, split=split, corrupt=corrupt)
        with _progress() as progress:
            task = progress.add_task("Packing", total=len(rows))
            packed = pack_rows(
                rows,
                out,
                encoding,
                shard_size * MIB,
                verify,
                lambda done: progress.update(task, completed=done),
            )
    _print_pack(packed, verify)


def _open(kind: str, source: str, given: dict, **common: str) -> Any:
    from keras_gans.data import load, pairs, sounds

    kinds: dict[str, tuple[Any, tuple[str, ...]]] = {
        "images": (load, ("image_size", "channels")),
        "pairs": (pairs, ("image_size", "channels")),
        "sounds": (sounds, ("length", "rate", "channels")),
    }
    if kind not in kinds:
        raise ValueError(
            f"--kind must be one of {', '.join(kinds)}. Received: {kind!r}"
        )
    make, options = kinds[kind]
    for name in given:
        if name not in options:
            raise ValueError(
                f"--{name.replace('_', '-')} is no option of {kind}. "
                f"Received: {given[name]}"
            )
    if kind == "sounds" and "length" not in given:
        raise ValueError(
            "Sounds need their number of samples: give --length. "
            f"Received: pack {source} --kind sounds"
        )
    return make(source, **given, **common)


def _progress() -> Any:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("rows,"),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=errors(),
        transient=True,
    )


def _print_pack(packed: Any, verified: bool) -> None:
    shards = [f for f in packed.files if f["file"].endswith(".array_record")]
    size = sum(shard["bytes"] for shard in shards)
    print_table(
        ("", packed.name),
        [
            ("rows", f"{len(packed):,}"),
            *((name, m.describe()) for name, m in packed.modalities.items()),
            ("shards", f"{len(shards)} of {size / MIB:,.1f} MiB together"),
            ("encoding", packed.encoding),
            ("checksums", "checked" if verified else "not checked"),
            ("to train on them", f"--data {packed.folder}"),
        ],
    )
