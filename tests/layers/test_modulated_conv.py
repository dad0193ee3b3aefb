"""Convolutions of StyleGAN2 against SciPy, and their forms against another."""

import keras
import numpy as np
import pytest
import scipy.signal
from keras import ops

from keras_gans import backend
from keras_gans.layers.styles import fir_conv
from keras_gans.layers.styles.fir_conv import DownsamplingFIRConv2D
from keras_gans.layers.styles.modulated_conv import ModulatedConv2D

BINOMIAL = np.outer([1, 3, 3, 1], [1, 3, 3, 1]) / 64


def random(*shape, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal(shape).astype("float32")


def sum_over_channels(maps, kernel, convolve):
    """Applies a function of one image and one kernel to all pairs."""
    return np.stack(
        [
            sum(
                convolve(maps[..., i], kernel[..., i, o])
                for i in range(maps.shape[-1])
            )
            for o in range(kernel.shape[-1])
        ],
        axis=-1,
    )


def plain(image, kernel):
    middle = kernel.shape[0] // 2
    padded = np.pad(image, middle)
    return scipy.signal.correlate2d(padded, kernel, "valid")


def up(image, kernel):
    # Zeros between the values, the kernel, the filter; centred.
    spread = np.zeros([2 * side for side in image.shape])
    spread[::2, ::2] = image
    full = scipy.signal.convolve2d(spread, kernel)
    full = scipy.signal.convolve2d(full, 4 * BINOMIAL)
    return full[2 : 2 + spread.shape[0], 2 : 2 + spread.shape[1]]


def down(image, kernel):
    smooth = scipy.signal.convolve2d(np.pad(image, 2), BINOMIAL, "valid")
    return scipy.signal.correlate2d(smooth, kernel, "valid")[::2, ::2]


def modulated(maps, scales, kernel, convolve, demodulate):
    """Equations 1 and 3 of Karras et al. 2020, an image at a time."""
    kernel = kernel / np.sqrt(np.prod(kernel.shape[:-1]))
    made = []
    for image, scale in zip(maps, scales, strict=True):
        w = kernel * scale[:, None]
        if demodulate:
            w = w / np.sqrt((w**2).sum((0, 1, 2)) + 1e-8)
        made.append(sum_over_channels(image, w, convolve))
    return np.stack(made)


@pytest.mark.parametrize("demodulate", [True, False])
@pytest.mark.parametrize(
    ("size", "doubles", "convolve"),
    [(3, False, plain), (3, True, up), (1, False, plain)],
)
def test_modulated_convolution_is_that_of_a_kernel_an_image(
    size, doubles, convolve, demodulate
):
    maps, scales = random(2, 4, 6, 3), random(2, 3, seed=1)
    layer = ModulatedConv2D(5, size, doubles, demodulate)
    made = layer([maps, scales])
    kernel = layer.get_weights()[0]
    assert kernel.shape == (size, size, 3, 5)
    wanted = modulated(maps, scales, kernel, convolve, demodulate)
    np.testing.assert_allclose(
        ops.convert_to_numpy(made), wanted, rtol=1e-4, atol=1e-5
    )
    shapes = [maps.shape, scales.shape]
    assert layer.compute_output_shape(shapes) == wanted.shape
    again = ModulatedConv2D.from_config(layer.get_config())
    again.build(shapes)
    again.set_weights([kernel])
    np.testing.assert_array_equal(
        ops.convert_to_numpy(again([maps, scales])), ops.convert_to_numpy(made)
    )


def test_demodulated_outputs_of_white_noise_have_unit_variance():
    # Whatever the scales: that is what demodulation is for.
    maps = random(4, 32, 32, 8)
    scales = np.array([[0.01], [1.0], [7.0], [300.0]]) * np.abs(random(1, 8))
    made = ModulatedConv2D(16)([maps, scales.astype("float32")])
    spread = ops.convert_to_numpy(made)[:, 1:-1, 1:-1].std((1, 2, 3))
    np.testing.assert_allclose(spread, 1.0, rtol=0.1)


@pytest.mark.parametrize("form", ["native", "folded"])
@pytest.mark.parametrize(
    ("function", "reference"),
    [(fir_conv.conv_up, up), (fir_conv.conv_down, down)],
)
def test_both_forms_are_scipys(function, reference, form):
    maps, kernel = random(2, 4, 6, 3), random(3, 3, 3, 5, seed=1)
    made = function(maps, ops.convert_to_tensor(kernel), form=form)
    wanted = [sum_over_channels(image, kernel, reference) for image in maps]
    np.testing.assert_allclose(
        ops.convert_to_numpy(made), wanted, rtol=1e-4, atol=1e-4
    )


@pytest.mark.parametrize("function", [fir_conv.conv_up, fir_conv.conv_down])
def test_both_forms_have_the_same_filter_where_it_is_not_symmetric(function):
    maps, kernel = random(2, 4, 6, 3), random(3, 3, 3, 2, seed=1)
    native, folded = (
        function(maps, ops.convert_to_tensor(kernel), (1, 2, 5, 3), form)
        for form in ("native", "folded")
    )
    np.testing.assert_allclose(
        *map(ops.convert_to_numpy, (native, folded)), rtol=1e-4, atol=1e-5
    )


def test_first_and_second_derivatives():
    """By differences, of a function of maps, scales and kernel."""
    layer = ModulatedConv2D(2, 3, up=True)
    maps, scales = random(1, 2, 2, 2), 1.0 + 0.1 * random(1, 2, seed=1)
    layer.build([maps.shape, scales.shape])
    weight = ops.convert_to_tensor(random(1, 4, 4, 2, seed=2))

    def value(inputs):
        return ops.sum(weight * layer(inputs) ** 3)

    def slopes(inputs):
        return ops.sum(backend.input_gradient(value, inputs)[1] ** 2)

    def by_differences(function, inputs):
        found = []
        for i, values in enumerate(inputs):
            slope = np.zeros_like(values)
            for place in np.ndindex(values.shape):
                sides = []
                for step in (0.01, -0.01):
                    moved = [v.copy() for v in inputs]
                    moved[i][place] += step
                    moved = [ops.convert_to_tensor(v) for v in moved]
                    sides.append(float(ops.stop_gradient(function(moved))))
                slope[place] = (sides[0] - sides[1]) / 0.02
            found.append(slope)
        return found

    inputs = [maps, scales]
    tensors = [ops.convert_to_tensor(v) for v in inputs]
    for function in (value, slopes):
        ours = backend.input_gradient(function, tensors)
        for one, other in zip(
            ours, by_differences(function, inputs), strict=True
        ):
            one = ops.convert_to_numpy(ops.stop_gradient(one))
            np.testing.assert_allclose(
                one, other, rtol=0.02, atol=0.02 * np.abs(other).max()
            )


@pytest.mark.parametrize(("size", "reference"), [(3, down), (1, None)])
def test_halving_layer(size, reference):
    maps = random(2, 4, 6, 3)
    layer = DownsamplingFIRConv2D(5, size, gain=1.0, activation="relu")
    made = layer(maps)
    kernel = layer.get_weights()[0] / np.sqrt(3 * size**2)
    bias = np.arange(5.0) - 2.0
    layer.set_weights([layer.get_weights()[0], bias])
    if reference is None:  # the convolution after halving

        def reference(image, kernel):
            smooth = scipy.signal.convolve2d(
                np.pad(image, 1), BINOMIAL, "valid"
            )
            return kernel[0, 0] * smooth[::2, ::2]

    wanted = [sum_over_channels(image, kernel, reference) for image in maps]
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(maps)),
        np.maximum(np.stack(wanted) + bias, 0.0),
        rtol=1e-4,
        atol=1e-5,
    )
    assert layer.compute_output_shape(maps.shape) == tuple(made.shape)
    assert layer(keras.Input((4, 6, 3))).shape == (None, 2, 3, 5)


def test_doubles_with_3x3_only():
    with pytest.raises(ValueError, match="Received: kernel_size=1"):
        ModulatedConv2D(3, 1, up=True)
