"""Networks of images, for other sizes than they were built for."""

import keras
import pytest
from keras import layers, ops

from keras_gans.engine.any_size import FixedSizeError, network_at, size_of


def resized(factor, height=8, width=6):
    """Returns a network whose maps have `factor` times the images' size."""
    images = keras.Input((height, width, 3))
    x = layers.Conv2D(5, 3, padding="same")(images)
    x = layers.UpSampling2D(factor)(x) if factor > 1 else x
    return keras.Model(images, layers.Conv2D(2, 1)(x))


@pytest.mark.parametrize("factor", [1, 2])
@pytest.mark.parametrize("size", [(4, 10), (16, 6), (None, 10), (None, None)])
def test_outputs_follow_the_size_of_the_images(factor, size):
    network = resized(factor)
    other = network_at(network, size)
    assert other.input_shape == (None, *size, 3)
    assert size_of(other) == size
    sides = [None if side is None else factor * side for side in size]
    assert other.output_shape == (None, *sides, 2)
    weights = zip(other.weights, network.weights, strict=True)
    assert all(one is same for one, same in weights)
    assert network_at(network, size) is other
    assert network_at(network, (8, 6)) is network


def test_other_inputs_keep_their_shapes():
    images, latents = keras.Input((8, 6, 3)), keras.Input((5,))
    scale = layers.Dense(3)(latents)
    network = keras.Model([images, latents], images * scale[:, None, None])
    other = network_at(network, (4, 10))
    assert other.input_shape == [(None, 4, 10, 3), (None, 5)]


@pytest.mark.parametrize("axis", [1, 2])
@pytest.mark.parametrize("size", [(16, 12), (None, None)])
def test_outputs_that_keep_a_side_are_refused(axis, size):
    images = keras.Input((8, 6, 3))
    network = keras.Model(images, ops.max(images, axis=axis, keepdims=True))
    with pytest.raises(FixedSizeError, match=r"of \(8, 6\) only.*Received"):
        network_at(network, size)


def test_outputs_that_are_no_images_are_refused():
    images = keras.Input((8, 6, 3))
    x = layers.GlobalAveragePooling2D()(images)
    with pytest.raises(FixedSizeError, match=r"Received: \(16, 12\)"):
        network_at(keras.Model(images, x), (16, 12))


def test_inner_networks_go_along_and_forms_are_few():
    images = keras.Input((8, 6, 3))
    network = keras.Model(images, resized(2)(images))
    forms = [network_at(network, (n, n)) for n in range(4, 13)]
    for n, form in zip(range(4, 13), forms, strict=True):
        assert form.output_shape == (None, 2 * n, 2 * n, 2)
    # Eight are kept: the oldest is made anew.
    assert network_at(network, (12, 12)) is forms[-1]
    assert network_at(network, (5, 5)) is forms[1]
    assert network_at(network, (4, 4)) is not forms[0]
    # Layers know of no other call than their own.
    assert all(len(layer._inbound_nodes) == 1 for layer in network.layers)
    assert not any(layer._outbound_nodes for layer in network.layers[-1:])
