"""Convolutions of StyleGAN2 against SciPy, and their forms against another."""

import keras
import numpy as np
import pytest
import scipy.signal
from keras import ops

from keras_gans import backend
from keras_gans.layers.styles import fir_conv
from keras_gans.layers.styles.activation import scaled_leaky_relu
from keras_gans.layers.styles.bias import Bias
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


def assert_derivatives(function, inputs):
    """Compares first and second derivatives with differences.

    Args:
        function: From a list of tensors to a tensor.
        inputs: Arrays.
    """
    shape = function([ops.convert_to_tensor(v) for v in inputs]).shape
    weight = ops.convert_to_tensor(random(*shape, seed=2))

    def value(inputs):
        return ops.sum(weight * function(inputs) ** 3)

    def slopes(inputs):
        gradients = backend.input_gradient(value, inputs)
        return sum(ops.sum(gradient**2) for gradient in gradients)

    def by_differences(of, inputs):
        found = []
        for i, values in enumerate(inputs):
            slope = np.zeros_like(values)
            for place in np.ndindex(values.shape):
                sides = []
                for step in (0.01, -0.01):
                    moved = [v.copy() for v in inputs]
                    moved[i][place] += step
                    moved = [ops.convert_to_tensor(v) for v in moved]
                    sides.append(float(ops.stop_gradient(of(moved))))
                slope[place] = (sides[0] - sides[1]) / 0.02
            found.append(slope)
        return found

    tensors = [ops.convert_to_tensor(v) for v in inputs]
    for each in (value, slopes):
        ours = backend.input_gradient(each, tensors)
        for one, other in zip(ours, by_differences(each, inputs), strict=True):
            one = ops.convert_to_numpy(ops.stop_gradient(one))
            np.testing.assert_allclose(
                one, other, rtol=0.02, atol=0.02 * np.abs(other).max()
            )


@pytest.mark.parametrize("doubles", [True, False])
def test_first_and_second_derivatives(doubles):
    """Of maps and scales."""
    layer = ModulatedConv2D(2, 3, up=doubles)
    inputs = [random(1, 2, 2, 2), 1.0 + 0.1 * random(1, 2, seed=1)]
    layer.build([v.shape for v in inputs])
    assert_derivatives(layer, inputs)


@pytest.mark.parametrize("form", ["native", "folded"])
@pytest.mark.parametrize("function", [fir_conv.conv_up, fir_conv.conv_down])
def test_derivatives_of_doubling_and_halving(function, form):
    """Of maps and kernel: R1 needs the second ones of halving."""
    inputs = [random(1, 2, 4, 2), 0.5 * random(3, 3, 2, 2, seed=1)]
    assert_derivatives(lambda given: function(*given, form=form), inputs)


def test_derivatives_of_bias_and_activation():
    """Of y = sqrt(2) leaky(x + b): away from zero, where it has none."""
    x, bias = random(2, 3, 2), np.array([0.3, -0.4], "float32")
    x = np.where(np.abs(x + bias) < 0.05, 1.0, x).astype("float32")
    layer = Bias()
    layer.build(x.shape)
    layer.set_weights([bias])
    made = ops.convert_to_numpy(scaled_leaky_relu(layer(x)))
    moved = x + bias
    wanted = np.sqrt(2.0) * np.where(moved > 0, moved, 0.2 * moved)
    np.testing.assert_allclose(made, wanted, rtol=1e-6)
    assert_derivatives(lambda v: scaled_leaky_relu(v[0] + v[1]), [x, bias])


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
