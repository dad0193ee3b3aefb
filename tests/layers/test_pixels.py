import numpy as np
import pytest
from keras import ops

from keras_gans.layers import ClipAtInference, DepthToSpace, SpaceToDepth


def test_channels_become_blocks_row_by_row():
    x = np.arange(8.0).reshape(1, 1, 1, 8)  # 2 channels, 4 phases
    made = ops.convert_to_numpy(DepthToSpace(2)(x))
    np.testing.assert_array_equal(made[0], [[[0, 1], [2, 3]], [[4, 5], [6, 7]]])


def test_it_is_pytorchs_pixel_shuffle_but_for_the_order_of_channels():
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 18)).astype("float32")
    ours = ops.convert_to_numpy(DepthToSpace(3)(x))
    ordered = x.reshape(2, 3, 4, 9, 2).swapaxes(-1, -2).reshape(x.shape)
    theirs = torch.nn.functional.pixel_shuffle(
        torch.tensor(ordered).permute(0, 3, 1, 2), 3
    )
    np.testing.assert_array_equal(ours, theirs.permute(0, 2, 3, 1).numpy())


def test_space_to_depth_is_the_inverse():
    x = np.random.default_rng(0).normal(size=(2, 6, 4, 3)).astype("float32")
    made = DepthToSpace(2)(SpaceToDepth(2)(x))
    np.testing.assert_array_equal(ops.convert_to_numpy(made), x)


def test_other_sizes_are_filled_up_by_the_last_pixels():
    x = np.random.default_rng(0).normal(size=(1, 5, 7, 2)).astype("float32")
    filled = np.pad(x, ((0, 0), (0, 3), (0, 1), (0, 0)), "edge")
    ours, wanted = (SpaceToDepth(4)(v) for v in (x, filled))
    assert SpaceToDepth(4).compute_output_shape(x.shape) == (1, 2, 2, 32)
    np.testing.assert_array_equal(
        *(ops.convert_to_numpy(v) for v in (ours, wanted))
    )


def test_values_are_bounded_outside_of_training():
    layer, x = ClipAtInference(), ops.convert_to_tensor([-1.5, 0.25, 2.0])
    np.testing.assert_array_equal(
        ops.convert_to_numpy(layer(x, training=False)), [-1, 0.25, 1]
    )
    np.testing.assert_array_equal(
        ops.convert_to_numpy(layer(x, training=True)), [-1.5, 0.25, 2]
    )
