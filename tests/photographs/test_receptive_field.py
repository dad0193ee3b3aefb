import keras
import numpy as np
import pytest
from keras import layers
from networks import call, convolutional, nearest

from keras_gans.layers import ReflectionPadding2D, Resampling, SelfAttention
from keras_gans.networks.patch_gan import HALVINGS, build_patch_gan
from keras_gans.networks.unet import build_unet
from keras_gans.photographs import receptive_field
from keras_gans.photographs.windows import SAME


@pytest.mark.parametrize("side", HALVINGS)
def test_that_of_a_patch_gan_is_the_papers(side):
    shapes = {"images": (300, 300, 3), "inputs": (300, 300, 3)}
    field = receptive_field(build_patch_gan(shapes, 4, side))
    assert field.size == (side, side)
    assert field.multiple == 2 ** HALVINGS[side]


def chain(*added, size=(None, None), channels=1):
    x = inputs = keras.Input((*size, channels))
    for layer in added:
        x = layer(x)
    return keras.Model(inputs, x)


def conv(size, **kwargs):
    return layers.Conv2D(1, size, **kwargs)


# Height, width, overlap, multiple: by hand.
BY_HAND = {
    "3x5, the same size": ([conv((3, 5), padding="same")], 3, 5, 2, 1),
    "dilated": ([conv(3, padding="same", dilation_rate=4)], 9, 9, 4, 1),
    "two of 3, then 5": (
        [conv(3, padding="same"), conv(3, padding="same"),
         conv(5, padding="same")], 9, 9, 4, 1),
    "pooling": ([layers.AveragePooling2D(4)], 4, 4, 3, 4),
    "reflection and crop": (
        [ReflectionPadding2D(3), conv(7), layers.Cropping2D(0)], 7, 7, 3, 1),
    # Output i lies in pixel i / 2, or between two of them.
    "nearest": ([layers.UpSampling2D(2)], 1, 1, 1, 1),
    "nearest, then 3": (
        [layers.UpSampling2D(2), conv(3, padding="same")], 2, 2, 1, 1),
    # Even outputs see from -3 to 2, odd ones from -2 to 3.
    "halved and doubled": (
        [conv(4, strides=2, padding="same"),
         layers.Conv2DTranspose(1, 4, 2, "same")], 7, 7, 3, 2),
    "filtered": ([Resampling(up=False)], 4, 4, 2, 2),
}  # fmt: skip


@pytest.mark.parametrize("name", BY_HAND)
def test_by_hand(name):
    added, height, width, overlap, multiple = BY_HAND[name]
    field = receptive_field(chain(*added, size=(16, 16)))
    assert field.size == (height, width)
    assert field.overlap == overlap
    assert field.multiple == multiple
    assert field.unbounded == ()


@pytest.mark.parametrize(
    "network",
    [convolutional(), convolutional(scale=4), nearest(2),
     chain(conv(4, strides=2, padding="same", kernel_initializer="ones"),
           layers.Conv2DTranspose(1, 4, 2, "same", kernel_initializer="ones"))],
)  # fmt: skip
def test_no_pixel_beyond_it_matters_and_those_at_its_edge_do(network):
    channels = network.inputs[0].shape[-1]
    zeros = np.zeros((48, 48, channels), "float32")
    field = receptive_field(network)
    window = field.windows[0]
    reached = []
    for row in range(16, 32):
        one = zeros.copy()
        one[row, 24] = 1.0
        changed = np.abs(call(network, one) - call(network, zeros)).sum((1, 2))
        for i in np.flatnonzero(changed > 1e-9):
            low, high = (i * window.step + x for x in window[1:])
            assert low <= row <= high
            reached.append((row - low, high - row))
    assert min(low for low, _ in reached) < 1
    assert min(high for _, high in reached) < 1


UNBOUNDED = {
    "instance norm": layers.GroupNormalization(-1),
    "attention": SelfAttention(),
    "squeeze and excitation": layers.GlobalAveragePooling2D(keepdims=True),
    "another layer": layers.Permute((2, 1, 3)),
}


@pytest.mark.parametrize("name", UNBOUNDED)
def test_without_end(name):
    layer = UNBOUNDED[name]
    network = chain(conv(8, padding="same", strides=2), layer, size=(16, 16),
                    channels=8)  # fmt: skip
    field = receptive_field(network)
    assert field.windows is None
    assert field.unbounded == (layer.name,)
    assert field.multiple == 2
    with pytest.raises(ValueError, match=f"no end.*{layer.name}"):
        _ = field.overlap


def test_a_layer_of_ones_own_may_say_it():
    class Own(layers.Layer):
        windows = (SAME, SAME)

        def call(self, x):
            return x + 1.0

    assert receptive_field(chain(Own())).size == (1, 1)


def test_networks_within_networks_and_operations():
    inner = chain(conv(3, padding="same"), conv(3, padding="same"))
    inputs = keras.Input((None, None, 1))
    x = keras.ops.leaky_relu(inner(inputs)) * 0.2 + inputs
    network = keras.Model(inputs, keras.ops.concatenate([x, inputs], -1))
    assert receptive_field(network).size == (5, 5)


def test_largest_maps():
    # 64 channels of a half, and 128 of a quarter of the pixels: 16 and 8.
    network = build_unet((64, 64, 3), 3, 64, 3)
    # The last of the decoder has 64 of its own and 64 of the encoder.
    assert receptive_field(network).floats == 32
