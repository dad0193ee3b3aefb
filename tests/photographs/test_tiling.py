"""Tiled equals untiled."""

import keras
import numpy as np
import pytest
from keras import layers
from networks import call, convolutional, nearest

from keras_gans.engine.any_size import FixedSizeError, network_at
from keras_gans.networks.unet import build_unet
from keras_gans.photographs.receptive_field import (
    own_remainder,
    receptive_field,
)
from keras_gans.photographs.tiling import Tiling, bands


def image(height, width, channels=3):
    rng = np.random.default_rng(0)
    return rng.uniform(-1, 1, (height, width, channels)).astype("float32")


def unet(size, depth=2):
    """A U-Net whose batch norms change what they see."""
    network = build_unet((*size, 3), 3, 4, depth)
    rng = np.random.default_rng(1)
    network.set_weights(
        [rng.uniform(0.1, 0.4, w.shape) - 0.15 for w in network.get_weights()]
    )
    for layer in network.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.moving_variance.assign(layer.moving_variance * 0 + 1.5)
    return network


def strided():
    """Halved by an odd kernel and doubled by a transposed one, reflecting."""
    from keras_gans.layers import ReflectionPadding2D

    inputs = keras.Input((None, None, 3))
    x = layers.Conv2D(4, 7)(ReflectionPadding2D(3)(inputs))
    x = layers.Conv2D(4, 3, 2, "same", activation="relu")(x)
    x = layers.MaxPooling2D()(x)
    x = layers.UpSampling2D()(x)
    x = layers.Conv2DTranspose(4, 3, 2, "same", activation="tanh")(x)
    x = layers.Concatenate()([x, inputs])
    return keras.Model(
        inputs, layers.Conv2D(3, 3, 1, "same", dilation_rate=2)(x)
    )


def sequential():
    return keras.Sequential(
        [keras.Input((8, 8, 3)), layers.Conv2D(5, 4, padding="same"),
         layers.Conv2D(3, 3, padding="same")]
    )  # fmt: skip


NETWORKS = {
    "nearest x2": (lambda: nearest(2), 2),
    "convolutional x1": (lambda: convolutional(), 1),
    "convolutional x2": (lambda: convolutional(scale=2), 2),
    "convolutional x4": (lambda: convolutional(scale=4), 4),
    "grey to colour": (lambda: convolutional(1, 3), 1),
    "U-Net of 16x16": (lambda: unet((16, 16)), 1),
    "U-Net of 14x19, padded within": (lambda: unet((14, 19)), 1),
    "strided and dilated": (strided, 1),
    "sequential of 8x8": (sequential, 1),
}


def cut(network, scale, side, overlap=None):
    field = receptive_field(network)
    return Tiling(
        side,
        field.overlap if overlap is None else overlap,
        scale,
        field.multiple,
        own_remainder(network, field.multiple),
    )


def run(network):
    return lambda tile: call(network_at(network, tile.shape[:2]), tile)


def tiled(network, photo, tiling):
    return np.concatenate([*bands([photo], run(network), tiling)])


@pytest.mark.parametrize("size", [(70, 53), (41, 97)])
@pytest.mark.parametrize("name", NETWORKS)
def test_tiled_equals_untiled(name, size):
    build, scale = NETWORKS[name]
    network = build()
    photo = image(*size, network.inputs[0].shape[-1])
    tiling = cut(network, scale, 1)
    tiling.side = 2 * tiling.steps() + 16
    height, width = tiling.sides((200, 200))
    assert height < size[0] or width < size[1]  # it is cut
    # Untiled, with what the network's halvings ask for below and to the right.
    padding = [(0, n) for n in tiling.padding(size)]
    whole = np.pad(photo, [*padding, (0, 0)], "symmetric")
    expected = run(network)(whole)[: size[0] * scale, : size[1] * scale]
    made = tiled(network, photo, tiling)
    assert made.shape == expected.shape
    np.testing.assert_allclose(made, expected, atol=2e-6)


@pytest.mark.parametrize("name", ["convolutional x2", "U-Net of 16x16"])
def test_with_less_overlap_they_differ(name):
    build, scale = NETWORKS[name]
    network = build()
    photo = image(70, 53)
    whole = tiled(network, photo, cut(network, scale, 400))
    overlap = receptive_field(network).overlap // 2
    parts = tiled(network, photo, cut(network, scale, 24, overlap))
    assert np.abs(whole - parts).max() > 1e-3


class ResourceExhaustedError(Exception):
    """As TensorFlow's is named."""


@pytest.mark.parametrize(
    "error",
    [
        ResourceExhaustedError("OOM when allocating tensor"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: 1 bytes"),
        RuntimeError("RESOURCE_EXHAUSTED: Out of memory"),
        MemoryError(),
    ],
    ids=["TensorFlow", "PyTorch", "JAX", "NumPy"],
)
def test_tiles_are_halved_where_memory_runs_out(error):
    network = convolutional()
    photo = image(100, 90)
    seen = []

    def limited(tile):
        seen.append(tile.shape[:2])
        # It runs out in the third tile of 40, and then with all above 30.
        if max(tile.shape) > 30 and len(seen) > 2:
            raise error
        return run(network)(tile)

    tiling = cut(network, 1, 40)
    made = np.concatenate([*bands([photo], limited, tiling)])
    np.testing.assert_allclose(made, run(network)(photo), atol=1e-6)
    assert tiling.side == 20 and tiling.halvings == 1
    assert seen[:4] == [(40, 40), (40, 40), (40, 40), (20, 20)]
    # The next photograph begins with what fits.
    seen.clear()
    next(bands([photo], limited, tiling))
    assert seen[0] == (20, 20)


def test_memory_that_is_too_small_for_any_tile():
    def none(tile):
        raise MemoryError("none is left")

    with pytest.raises(MemoryError, match=r"tiles of 7x7 .*none is left"):
        next(bands([image(50, 50)], none, cut(convolutional(), 1, 40)))


def test_another_error_is_raised_as_it_is():
    def broken(tile):
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        next(bands([image(50, 50)], broken, cut(convolutional(), 1, 40)))


def test_progress_ends_with_the_whole():
    shares = []
    made = bands([image(30, 70)], lambda t: t, Tiling(20, 0), shares.append)
    assert sum(len(band) for band in made) == 30
    assert shares == sorted(shares) and shares[-1] == 1
    assert len(shares) == 2 * 4


def test_a_network_of_one_size_says_so():
    inputs = keras.Input((8, 8, 1))
    x = layers.Reshape((8, 8, 1))(layers.Dense(64)(layers.Flatten()(inputs)))
    network = keras.Model(inputs, x, name="dense")
    assert network_at(network, (8, 8)) is network
    with pytest.raises(FixedSizeError, match=r"dense takes.*\(8, 8\).*16"):
        network_at(network, (8, 16))


def test_parts_of_one_size_cover_an_image_of_any_size():
    tiling = Tiling(8, 2, fixed=(8, 8))
    for size in ((8, 8), (5, 30), (21, 9)):
        photo = image(*size)
        seen = []

        def same(tile, seen=seen):
            seen.append(tile.shape[:2])
            return tile

        made = np.concatenate([*bands([photo], same, tiling)])
        np.testing.assert_array_equal(made, photo)
        assert set(seen) == {(8, 8)}


def test_forms_of_a_network_share_its_weights():
    network = build_unet((16, 16, 3), 3, 4, 2)
    form = network_at(network, (32, 64))
    assert form.weights[0] is network.weights[0]
    assert len(form.weights) == len(network.weights)
    assert network_at(network, (32, 64)) is form
    other = network_at(network, (64, 32))
    assert other.weights[0] is network.weights[0]
