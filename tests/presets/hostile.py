"""What a hostile preset may hold: folders, archives, files of weights."""

import contextlib
import gzip
import http.server
import io
import json
import struct
import tarfile
import threading
import time
import zipfile

import h5py
import numpy as np

from keras_gans.presets.folder import sha256_of


def sign(preset):
    """Notes the SHA-256 of a preset's files as they are now."""
    about = json.loads((preset / "metadata.json").read_text())
    for name in about["sha256"]:
        about["sha256"][name] = sha256_of(preset / name)
    (preset / "metadata.json").write_text(json.dumps(about))


def configure(preset, **arguments):
    """Changes arguments in a preset's configuration."""
    config = json.loads((preset / "config.json").read_text())
    config["config"].update(arguments)
    (preset / "config.json").write_text(json.dumps(config))
    sign(preset)


def tar_bomb(path, preset, megabytes):
    """A preset whose further file is many zeros, packed."""
    with tarfile.open(path, "w:gz") as tar:
        member = tarfile.TarInfo("zeros")
        member.size = megabytes * 2**20
        tar.addfile(member, Zeros(member.size))
        tar.add(preset, "preset")


def zip_bomb(path, preset, megabytes):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in preset.iterdir():
            archive.write(file, file.name)
        with archive.open("zeros", "w") as member:
            for _ in range(megabytes):
                member.write(bytes(2**20))


def sparse_bomb(path, preset, megabytes):
    """A tar archive of a file that is said to be large, and has no data."""
    size = megabytes * 2**20
    header = bytearray(tarfile.TarInfo("zeros").tobuf(tarfile.GNU_FORMAT))
    header[156:157] = tarfile.GNUTYPE_SPARSE
    header[386:398] = b"%011o\0" % 0
    header[398:410] = b"%011o\0" % 0
    header[483:495] = b"%011o\0" % size
    total = sum(header[:148]) + 8 * 32 + sum(header[156:])
    header[148:156] = b"%06o\0 " % total
    path.write_bytes(gzip.compress(bytes(header) + bytes(1024)))


def long_header(path, preset, megabytes):
    """A tar archive whose first header is followed by a very long name."""
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, megabytes * 2**20
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(header.tobuf(tarfile.GNU_FORMAT))
        for _ in range(megabytes):
            file.write(b"a" * 2**20)


class Zeros(io.RawIOBase):
    def __init__(self, left):
        self.left = left

    def read(self, size=-1):
        num = min(size, self.left)
        self.left -= num
        return bytes(num)


def many_members(path, preset, num):
    with tarfile.open(path, "w") as tar:
        for i in range(num):
            tar.addfile(tarfile.TarInfo(f"{i}"))
        tar.add(preset, "preset")


def many_zip_members(path, preset, num):
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(num):
            archive.writestr(f"{i}", b"")
        for file in preset.iterdir():
            archive.write(file, file.name)


def long_directory(path, preset, num):
    """A zip archive in ZIP64's format, whose list of members is long."""
    entry = struct.pack(
        "<4s6H3I5H2I",
        *(b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1),
        *(0, 0, 0, 0, 0, 0),
    )
    directory = (entry + b"a") * num
    end64 = struct.pack(
        "<4sQ2H2I4Q",
        *(b"PK\x06\x06", 44, 45, 45, 0, 0, num, num, len(directory), 0),
    )
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(directory), 1)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, 47, 0, 0)
    path.write_bytes(directory + end64 + locator + end)


def large_array(weights):
    """An array of 40 GB of which nothing is stored."""
    with h5py.File(weights, "a") as file:
        file.create_dataset("large", (10**5, 10**5), "f4", chunks=(100, 100))


def many_numbers(weights):
    """Fewer bytes than the limit, more weights."""
    with h5py.File(weights, "a") as file:
        file.create_dataset("many", (510_000_000,), "u1", chunks=(10**6,))


def soft_link(weights):
    with h5py.File(weights, "a") as file:
        file["link"] = h5py.SoftLink("/generator")


def external_link(weights):
    with h5py.File(weights, "a") as file:
        file["link"] = h5py.ExternalLink("/etc/other.h5", "/")


def external_array(weights):
    with h5py.File(weights, "a") as file:
        file.create_dataset(
            "array", (8,), "u1", external=[("/etc/passwd", 0, 8)]
        )


def virtual_array(weights):
    layout = h5py.VirtualLayout((8,), "u1")
    layout[:] = h5py.VirtualSource("/etc/other.h5", "x", (8,))
    with h5py.File(weights, "a") as file:
        file.create_virtual_dataset("array", layout)


def objects(weights):
    with h5py.File(weights, "a") as file:
        file["text"] = ["a", "b"]


def not_hdf5(weights):
    weights.write_bytes(b"not an HDF5 file")


def half_hdf5(weights):
    data = weights.read_bytes()
    weights.write_bytes(data[: len(data) // 2])


def garbled_hdf5(weights):
    data = bytearray(weights.read_bytes())
    data[200:2000] = np.random.default_rng(0).bytes(1800)
    weights.write_bytes(data)


@contextlib.contextmanager
def serving(respond):
    """Serves whatever `respond(handler)` sends; yields the URL."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            with contextlib.suppress(OSError):
                respond(self)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/preset"
    finally:
        server.shutdown()
        server.server_close()


def send(handler, *headers):
    handler.send_response(200)
    for name, value in headers:
        handler.send_header(name, value)
    handler.end_headers()


def without_end(handler):
    send(handler)
    while True:
        handler.wfile.write(bytes(2**16))


def a_byte_at_a_time(handler):
    send(handler, ("Content-Length", "100000"))
    while True:
        handler.wfile.write(b"a")
        time.sleep(0.05)


def headers_without_end(handler):
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nX: ")
    while True:
        handler.wfile.write(b"a")
        time.sleep(0.05)


def silent(handler):
    time.sleep(30)


def negative_length(handler):
    send(handler, ("Content-Length", "-5"))
    handler.wfile.write(b"{}")


def huge_length(handler):
    send(handler, ("Content-Length", str(10**30)))
    handler.wfile.write(b"{}")


def length_in_words(handler):
    send(handler, ("Content-Length", "many"))
    handler.wfile.write(b"{}")


def too_short(handler):
    send(handler, ("Content-Length", "1000"))
    handler.wfile.write(b"{}")


def large_configuration(handler):
    send(handler, ("Content-Length", str(2**25)))
    handler.wfile.write(bytes(2**25))
