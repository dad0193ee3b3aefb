"""Random access to TFRecord files, which are meant to be read in order."""

import os
import struct


def find_records(path: str, skip: int = 0, take: int = -1) -> list:
    """Lists the places of the records in a TFRecord file.

    A record is its length (uint64, little-endian), a checksum of 4 bytes, the
    data, and another checksum of 4 bytes
    (https://www.tensorflow.org/tutorials/load_data/tfrecord).

    Args:
        path: The file, not compressed.
        skip: Records to leave out at the start.
        take: Records to list, or -1 for all that are left.

    Returns:
        (path, start, length) of each record's data, in bytes.

    Raises:
        OSError: Where the file ends in the middle of a record.
    """
    found = []
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        while header := file.read(12):
            (length,) = struct.unpack("<Q4x", header.ljust(12, b"\0"))
            found.append((path, file.tell(), length))
            if len(header) < 12 or file.tell() + length + 4 > size:
                raise OSError(
                    "The file is damaged: it ends in the middle of record "
                    f"{len(found) - 1}. Received: {path}"
                )
            file.seek(length + 4, 1)
    return found[skip : None if take < 0 else skip + take]


def read_record(path: str, start: int, length: int) -> bytes:
    """Reads a record that `find_records` found.

    Args:
        path: The file.
        start: Where the data starts, in bytes.
        length: Its length in bytes.

    Returns:
        The data.
    """
    with open(path, "rb") as file:
        file.seek(start)
        return file.read(length)
