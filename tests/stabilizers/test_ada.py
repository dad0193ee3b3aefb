"""Adaptive augmentation: matrices, pictures and the controller, by hand."""

import math
import warnings

import keras
import numpy as np
import pytest
from contract import EAGER, assert_same_state, rows_for, tiny
from keras import layers, ops

from keras_gans import backend
from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.modalities import Latents
from keras_gans.stabilizers import ADA
from keras_gans.stabilizers.ada import CHANGES, augment
from keras_gans.stabilizers.augmentation import (
    colour,
    corruption,
    geometry,
    matrices,
)
from keras_gans.stabilizers.augmentation.numbers import (
    NORMAL,
    UNIFORM,
    Numbers,
)

ON, OFF = -1.0, 2.0
GATES = (1, 3, 6, 7, 9, 10, 12, 13, 14, 15, 17, 19, 20, *range(21, 27))


def numpy(x):
    return ops.convert_to_numpy(ops.stop_gradient(x))


def numbers(on=(), uniform=None, normal=None, num=1, p=1.0):
    """Returns numbers with which only the changes of some gates are made."""
    u = np.full((num, UNIFORM), 0.5, "float32")
    n = np.zeros((num, NORMAL), "float32")
    for gate in GATES:
        u[:, gate] = ON if gate in on else OFF
    for place, value in (uniform or {}).items():
        u[:, place] = value
    for place, value in (normal or {}).items():
        n[:, place] = value
    return Numbers(*map(ops.convert_to_tensor, (u, n, np.float32(p))))


def image(*shape, seed=0):
    rng = np.random.default_rng(seed)
    return rng.uniform(-1, 1, shape).astype("float32")


def test_matrices_by_hand():
    one = ops.convert_to_tensor([0.5])
    half = [[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]]
    np.testing.assert_allclose(numpy(matrices.translation(one, one))[0], half)
    scaled = numpy(matrices.scaling(one, 2.0))[0]
    np.testing.assert_allclose(scaled, np.diag([0.5, 2, 1]))
    two = ops.convert_to_tensor([0.5, 3.0])
    np.testing.assert_allclose(
        numpy(matrices.scaling(two, 2.0)),
        [np.diag([0.5, 2, 1]), np.diag([3, 2, 1])],
    )
    quarter = ops.convert_to_tensor([np.pi / 2])
    np.testing.assert_allclose(
        numpy(matrices.rotation(quarter))[0],
        [[0, -1, 0], [1, 0, 0], [0, 0, 1]],
        atol=1e-6,
    )
    brighter = numpy(matrices.colour_translation(one))[0]
    np.testing.assert_allclose(brighter @ [1, 2, 3, 1], [1.5, 2.5, 3.5, 1])
    weaker = numpy(matrices.colour_scaling(one))[0]
    np.testing.assert_allclose(weaker @ [1, 2, 3, 1], [0.5, 1, 1.5, 1])
    # A third of a circle about the axis of grey moves red to green.
    third = ops.convert_to_tensor([2 * np.pi / 3])
    turned = numpy(matrices.hue_rotation(third))[0]
    np.testing.assert_allclose(turned @ [1, 2, 3, 1], [3, 1, 2, 1], rtol=1e-5)
    # Grey is reversed; what differs from grey stays.
    flipped = numpy(matrices.luma_reflection(ops.ones(1)))[0]
    np.testing.assert_allclose(
        flipped @ [1, 2, 3, 1], [-3, -2, -1, 1], rtol=1e-5
    )
    paler = numpy(matrices.saturation_scaling(one))[0]
    np.testing.assert_allclose(
        (paler @ [1, 2, 3, 1])[:3], [1.5, 2, 2.5], rtol=1e-5
    )


@pytest.mark.parametrize("shape", [(16, 16), (16, 24)])
def test_blits_move_whole_pixels(shape):
    # The filter is not quite symmetric: what is mirrored must be smooth.
    down, along = (np.linspace(0, 3, side) for side in shape)
    x = np.cos(down)[:, None] * np.sin(along + 1)
    x = x[None, ..., None].astype("float32")

    def moved(**settings):
        return numpy(augment(x, numbers(**settings), ["blit"]))

    np.testing.assert_allclose(moved(), x, atol=1e-5)
    mirror = moved(on=[1], uniform={0: 0.9})
    np.testing.assert_allclose(mirror, x[:, :, ::-1], atol=0.03)
    still = moved(on=[1], uniform={0: 0.1})
    np.testing.assert_allclose(still, x, atol=1e-5)
    if shape[0] == shape[1]:
        turned = moved(on=[3], uniform={2: 0.3})
        np.testing.assert_allclose(turned, np.rot90(x, 1, (1, 2)), atol=0.03)
        turned = moved(on=[3], uniform={2: 0.6})
        np.testing.assert_allclose(turned, x[:, ::-1, ::-1], atol=0.03)
    # An eighth of the width and of the height, to the right and down; what
    # comes in is the image mirrored at its outer pixels.
    right, low = shape[1] // 8, shape[0] // 8
    shifted = moved(on=[6], uniform={4: 1.0, 5: 1.0})
    np.testing.assert_allclose(
        shifted[:, low:, right:], x[:, :-low, :-right], atol=1e-5
    )
    np.testing.assert_allclose(
        shifted[:, low:, 0], x[:, :-low, right], atol=1e-5
    )
    # Nine tenths of it, in whole pixels.
    rounded = moved(on=[6], uniform={4: 0.95, 5: 0.95})
    right, low = (round(0.9 * side / 8) for side in shape[::-1])
    np.testing.assert_allclose(
        rounded[:, low:, right:], x[:, :-low, :-right], atol=1e-5
    )


def test_geometry_by_hand():
    settings = {
        "on": [7, 9, 10, 12, 13],
        "uniform": {8: 0.75, 11: 0.25},
        "normal": {0: 5.0, 1: -5.0, 2: 1.0, 3: 2.0},
    }
    found = numpy(geometry.geometric(numbers(**settings), 10, 20))[0]
    # Twice as large; by 90 degrees; half as wide and twice as high; back by
    # 90 degrees; 20 / 8 to the right and 10 / 4 down. All undone, in turn.
    turn = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])
    wanted = (
        np.diag([0.5, 0.5, 1])
        @ turn
        @ np.diag([2, 0.5, 1])
        @ turn.T
        @ [[1, 0, -2.5], [0, 1, -2.5], [0, 0, 1]]
    )
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    # Each rotation has the probability 1 - sqrt(1 - p).
    for u, angle in ((0.49, np.pi / 2), (0.51, 0.0)):
        some = numbers(uniform={8: 0.75, 9: u}, p=1 - 0.5**2)
        cos = numpy(geometry.geometric(some, 8, 8))[0, 0, 0]
        assert cos == pytest.approx(math.cos(angle), abs=1e-6)


def test_enlarging_shows_the_middle_without_aliases():
    rows = np.linspace(-1, 1, 32, dtype="float32")
    x = np.broadcast_to(rows[None, :, None, None], (1, 32, 32, 1))
    large = numpy(augment(x, numbers([7], normal={0: 5.0}), ["geometry"]))
    np.testing.assert_allclose(large[0, 4:-4, 16, 0], rows[4:-4] / 2, atol=0.01)
    # A chequered pattern shrinks to grey, not to another pattern.
    y, z = np.meshgrid(np.arange(32), np.arange(32))
    pattern = np.where((y + z) % 2, 1.0, -1.0)[None, ..., None]
    small = augment(
        pattern.astype("float32"), numbers([7], normal={0: -3.0}), ["geometry"]
    )
    assert np.abs(numpy(small)[0, 12:20, 12:20]).max() < 0.2


def test_beyond_a_mirror_image_on_each_side_all_is_zero():
    x = np.ones((1, 16, 16, 1), "float32")
    tiny_one = numbers([7], normal={0: -15.0})  # an eighth of the size
    made = numpy(augment(x, tiny_one, ["geometry"]))[0, ..., 0]
    np.testing.assert_allclose(made[7:9, 7:9], 1.0, atol=0.1)
    np.testing.assert_array_equal(made[:2], 0.0)


def test_colours_by_hand():
    x = image(1, 2, 3, 3)
    some = numbers(
        [14, 15, 17, 19, 20],
        {16: 0.7, 18: 1.0 / 2 + 1.0 / 3},
        {4: 2.0, 5: -2.0, 6: 1.0},
    )
    made = numpy(augment(x, some, ["colour"]))
    wanted = 0.5 * (x + 0.4)  # brightness, then contrast
    luma = wanted.mean(-1, keepdims=True)
    wanted = wanted - 2 * luma
    wanted = np.roll(wanted, 1, -1)  # a third of the circle
    luma = wanted.mean(-1, keepdims=True)
    wanted = luma + 2.0 * (wanted - luma)
    np.testing.assert_allclose(made, wanted, atol=1e-5)
    grey = numpy(augment(x[..., :1], some, ["colour"]))
    np.testing.assert_allclose(grey, -0.5 * (x[..., :1] + 0.4), atol=1e-5)
    assert numpy(colour.colour_matrices(some, 1)).shape == (1, 4, 4)


def test_bands_of_frequencies():
    bank = corruption.filter_bank()
    np.testing.assert_allclose(
        bank.sum(0), np.eye(1, bank.shape[1], bank.shape[1] // 2)[0], atol=1e-9
    )
    # Twice the lowest band, scaled to the power (4 * 10 + 3) / 13.
    low = numbers([21], normal={7: 1.0})
    gains = numpy(corruption.band_gains(low))[0]
    np.testing.assert_allclose(
        gains, np.array([2, 1, 1, 1]) / math.sqrt(43 / 13), rtol=1e-5
    )
    flat = np.full((1, 16, 12, 2), 0.5, "float32")
    made = numpy(augment(flat, low, ["filter"]))
    # Along both axes.
    np.testing.assert_allclose(made, 0.5 * 4 / (43 / 13), rtol=1e-4)
    x = image(1, 16, 12, 2)
    same = numpy(corruption.amplify(x, ops.ones((1, 4))))
    np.testing.assert_allclose(same, x, atol=1e-5)


def test_cutout_and_noise_by_hand():
    ones = np.ones((1, 8, 4, 1), "float32")
    cut = numbers([26], {27: 0.0, 28: 0.5})
    made = numpy(augment(ones, cut, ["cutout"]))[0, ..., 0]
    wanted = np.ones((8, 4))
    wanted[2:6, :1] = 0.0
    np.testing.assert_array_equal(made, wanted)
    noise = image(1, 8, 4, 1)
    some = numbers([25], normal={11: -2.0})
    made = numpy(augment(ones, some, ["noise"], noise))
    np.testing.assert_allclose(made, 1.0 + 0.2 * noise, rtol=1e-5)
    both = numpy(augment(ones, numbers([25, 26]), ["noise", "cutout"], noise))
    assert not both[0, 2:6, 1:3].any()


def test_p_of_zero_is_the_identity():
    rng = np.random.default_rng(0)
    some = Numbers(
        ops.convert_to_tensor(rng.uniform(size=(4, UNIFORM)), "float32"),
        ops.convert_to_tensor(rng.standard_normal((4, NORMAL)), "float32"),
        ops.convert_to_tensor(0.0),
    )
    x = image(4, 12, 12, 3)
    np.testing.assert_array_equal(numpy(augment(x, some)), x)
    certain = Numbers(some.uniform, some.normal, ops.convert_to_tensor(1.0))
    changed = numpy(augment(x, certain))
    assert np.abs(changed - x).max(axis=(1, 2, 3)).min() > 0.1


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("channels", [1, 3])
def test_what_is_not_chosen_changes_nothing(change, channels):
    down, along = (np.linspace(0, 3, 16) for _ in range(2))
    x = np.cos(down)[:, None] * np.sin(along + 1)
    x = np.stack([x] * channels, -1)[None].astype("float32")
    normal = dict.fromkeys(range(NORMAL), 1.0)
    uniform = {i: 0.9 for i in range(UNIFORM) if i not in GATES}
    made = numpy(augment(x, numbers((), uniform, normal), [change]))
    np.testing.assert_allclose(made, x, atol=1e-4)


def test_first_and_second_derivatives():
    """By differences along a direction, of sum(changed^3)."""
    x, v = (image(1, 6, 6, 3, seed=i) for i in (1, 2))
    some = numbers(
        GATES, {0: 0.9, 8: 0.6, 16: 0.2, 18: 0.7}, {0: 0.5, 2: 0.3, 5: 0.4}
    )

    def cube(values):
        return augment(values, some) ** 3

    def squared_slope(values):
        return backend.input_gradient(cube, values) ** 2

    for function in (cube, squared_slope):
        slope = numpy(
            backend.input_gradient(function, ops.convert_to_tensor(x))
        )
        ends = [
            numpy(function(ops.convert_to_tensor(x + step * v))).sum()
            for step in (0.01, -0.01)
        ]
        difference = (ends[0] - ends[1]) / 0.02
        assert (slope * v).sum() == pytest.approx(
            difference, rel=0.02, abs=1e-3 * float(np.abs(slope).sum())
        )


def game(ada, values, loss="non_saturating"):
    """D(x) = x on one pixel; G makes 0; both stay as they are."""
    z, x = keras.Input((1,)), keras.Input((1, 2, 1))
    made = layers.Dense(2, use_bias=False, kernel_initializer="zeros")(z)
    judge = layers.Dense(1, use_bias=False)
    gan = TwoPlayerGAN(
        keras.Model(z, layers.Reshape((1, 2, 1))(made)),
        keras.Model(x, judge(layers.Flatten()(x))),
        {"latents": Latents(1)},
        loss,
        stabilizers=[ada],
    )
    judge.set_weights([np.array([[1.0], [0.0]])])
    still = keras.optimizers.SGD
    gan.compile(
        generator_optimizer=still(0.0),
        discriminator_optimizer=still(0.0),
        run_eagerly=EAGER,
    )
    images = np.full((len(values), 1, 2, 1), -1.0, "float32")
    images[:, 0, 0, 0] = values
    return gan, images


def test_the_controller_by_hand():
    ada = ADA(0.25, "cutout", p=0.0, images=40, interval=3)
    # Batches of 4, three to an interval: 12 of 40 images up, down, up.
    signs = {
        1.0: [0.5] * 4,
        0.5: [0.5, 0.5, 0.5, -0.5],
        0.0: [0.5, -0.5] * 2,
        -0.5: [-0.5, -0.5, -0.5, 0.5],
    }
    # r = 1/2 | 1/6 | 1/2, against 1/4; of all before them 1/2, 1/3.
    order = [1.0, 0.0, 0.5, 0.5, 0.0, 0.0, 1.0, 1.0, -0.5]
    wanted = [0.0, 0.0, 0.3, 0.3, 0.3, 0.0, 0.0, 0.0, 0.3]
    found = []
    for sign in order:
        ada._is_taken = False  # one controller for several discriminators
        gan, images = game(ada, signs[sign])
        ada.change = lambda gan, seen, kinds: seen
        logs = gan.fit(images, batch_size=4, verbose=0).history
        assert logs["real_sign"] == [sign]
        assert logs["augment_p"] == pytest.approx([[0.0, *found][-1]])
        found.append(float(ada.p))
        # It adds nothing to the loss, softplus(-D(x)) + softplus(0).
        real = np.logaddexp(0.0, -images[:, 0, 0, 0]).mean()
        loss = [real + np.log(2.0)]
        assert logs["discriminator_loss"] == pytest.approx(loss, rel=1e-5)
    assert found == pytest.approx(wanted)


def test_p_stays_within_its_range_and_may_be_fixed():
    for target, start, wanted in ((-0.9, 0.9, 1.0), (None, 0.3, 0.3)):
        ada = ADA(target, "colour", p=start, images=4, interval=1)
        gan, images = game(ada, [0.5] * 8)
        gan.fit(images, batch_size=4, verbose=0)
        assert float(ada.p) == pytest.approx(wanted)


def test_resumes_with_its_state(tmp_path):
    def train(gan, epochs):
        gan.fit(rows_for(gan, 24), batch_size=8, epochs=epochs, verbose=0)
        return gan

    def new():
        ada = ADA(0.0, "geometry,colour,noise", 0.5, 100, 2)
        return tiny("DCGAN", run_eagerly=EAGER, stabilizers=[ada])

    whole = train(train(new(), 1), 1)
    half = train(new(), 1)
    assert float(half.stabilizers[0].judge_steps) == 1.0
    half.save(tmp_path / "half.keras")
    loaded = keras.saving.load_model(tmp_path / "half.keras")
    assert_same_state(train(loaded, 1), whole)
    assert float(whole.stabilizers[0].p) != 0.5


def test_masks_move_with_their_images():
    gan = tiny("GatedInpainting", seed=3)
    masks = gan.takes["masks"].draw(4, np.random.default_rng(0))
    seen = {"images": ops.convert_to_tensor(masks), "masks": masks}
    kinds = {name: gan.modality_of(name) for name in seen}
    moved = ADA(None, "blit,cutout", 1.0).change(gan, seen, kinds)
    images, after = map(numpy, moved.values())
    np.testing.assert_array_equal(np.round(np.clip(images, 0, 1)), after)
    assert set(np.unique(after)) <= {0.0, 1.0}
    assert (after != masks).any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"policy": "blit,colours"}, "Received: policy='blit,colours'"),
        ({"target": 1.5}, "Received: target=1.5"),
        ({"p": -0.1}, "p=-0.1"),
        ({"images": 0}, "Received: images=0"),
        ({"interval": 0}, "interval=0"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        ADA(**arguments)


def test_refuses_colours_of_other_images():
    with pytest.raises(ValueError, match="Received: images of"):
        tiny("DCGAN", image_shape=(16, 16, 2), stabilizers=[ADA()])
    policy = "blit,geometry"
    tiny("DCGAN", image_shape=(16, 16, 2), stabilizers=[ADA(policy=policy)])


def test_the_sign_is_that_beyond_the_boundary_of_the_loss():
    """Least squares to 0 and 1: D takes for real what is above 1/2."""
    ada = ADA(images=8, interval=1, policy="cutout")
    gan, images = game(ada, [0.6, 0.4, 0.4, 0.3], "least_squares_0_1_1")
    ada.change = lambda gan, seen, kinds: seen
    logs = gan.fit(images, batch_size=4, verbose=0).history
    assert logs["real_sign"] == [-0.5]


@pytest.mark.parametrize("loss", ["wasserstein", "relativistic"])
def test_losses_without_a_boundary_are_warned_of(loss):
    with pytest.warns(UserWarning, match=r"ADA\(target=None, p=0.2\)"):
        game(ADA(policy="cutout"), [0.5], loss)
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="ADA follows")
        game(ADA(None, policy="cutout", p=0.2), [0.5], loss)
        game(ADA(policy="cutout"), [0.5], "hinge")


def test_a_controller_belongs_to_one_gan():
    ada = ADA(policy="cutout")
    game(ada, [0.5])
    with pytest.raises(ValueError, match="Received: ada, which another GAN"):
        game(ada, [0.5])
