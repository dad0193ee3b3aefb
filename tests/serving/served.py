"""Small GANs behind a server, in a thread."""

import asyncio
import contextlib
import json
import struct
import threading
import urllib.error
import urllib.request
import zlib

import keras
from exporting.users_variants import Variant

import keras_gans
from keras_gans import modalities

NAMES = ["Ankle boot", "Bag", "Coat"]


def conditional():
    return keras_gans.ConditionalGAN(
        (8, 8, 1), 3, latent_dim=4, units=24, class_names=NAMES
    )


def copying(any_size=False):
    """A GAN that makes of a picture the same picture."""
    x = keras.Input((6, 8, 3))
    y = keras.layers.DepthwiseConv2D(
        1, depthwise_initializer="ones", use_bias=False
    )(x)
    pictures = modalities.Image(6, 8, 3, any_size)
    return Variant(
        keras.Model(x, y), {"inputs": pictures}, {"images": pictures}
    )


@contextlib.contextmanager
def serving(gan, **limits):
    """Serves a GAN on free ports; gives the server."""
    from keras_gans.serving.generator import Limits
    from keras_gans.serving.server import Server

    server = Server(gan, port=0, grpc_port=0, limits=Limits(**limits))
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    ready = threading.Event()
    thread = threading.Thread(
        target=loop.run_until_complete, args=(server.run(stop, ready.set),)
    )
    thread.start()
    assert ready.wait(60)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)
        loop.close()
    assert not thread.is_alive()


def post(url, body):
    """Returns the status and the object of a V1 or V2 request."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, body, headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def predict(server, body):
    return post(f"{server.url}/v1/models/generator:predict", body)


def png_header(width, height):
    """A PNG file that says that it is large, and holds nothing."""

    def chunk(name, body):
        sums = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + sums

    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", b"")
