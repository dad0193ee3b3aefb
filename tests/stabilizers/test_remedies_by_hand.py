"""Remedies on the game of one pixel: D(x) = 2 x^2, G(z) = z = 1."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from one_pixel import nothing, play, square_gan, zero

from keras_gans import backend, losses
from keras_gans.engine.door import Look
from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.modalities import Latents
from keras_gans.stabilizers import (
    DRAGAN,
    ConsistencyRegularisation,
    FeatureMatching,
    InstanceNoise,
    LabelFlipping,
    LatentConsistency,
    LeCam,
    TopK,
)


def batch(*pixels):
    return np.reshape(pixels, (-1, 1, 1, 1)).astype("float32")


def ones(sampler, num, *shape):
    return ops.ones((num, *shape))


def alike(number, wanted):
    """Draws the same number everywhere, of the wanted shape."""

    def draw(sampler, num, *shape):
        assert shape == wanted[1:]
        # In TensorFlow's graphs the number of rows is not known.
        assert not isinstance(num, int) or num == wanted[0]
        return ops.full((num, *shape), number)

    return draw


def fit(gan, images, size):
    logs = gan.fit(images, batch_size=size, shuffle=False, verbose=0).history
    return {name: value for name, (value,) in logs.items()}


def weight_of(network):
    return network.get_weights()[0].item()


def test_lecam_is_taken_to_the_other_sides_average():
    # D says 1.125 of the real image and 2 of the fake, as the averages do.
    gan, logs = play(LeCam(10.0), rate=0.1)
    term = (1.125 - 2) ** 2 + (2 - 1.125) ** 2
    assert logs["lecam"] == pytest.approx(term)
    assert logs["discriminator_loss"] == pytest.approx(10 * term)
    assert logs["generator_loss"] == 0.0
    # d/dv: 2 (D(x) - a) x^2 of both; the averages are numbers to it.
    slope = 2 * (1.125 - 2) * 0.5625 + 2 * (2 - 1.125)
    assert weight_of(gan.discriminator) == pytest.approx(2 - slope)


def test_lecams_averages_move_in_every_step():
    # D says 1.125 and then 0.5 of real images, and 2 of fakes.
    for every in (1, 2):
        lecam = LeCam(10.0, decay=0.75, every=every)
        gan, _ = square_gan(lecam)
        logs = fit(gan, batch(-0.75, 0.5), 1)
        average = 0.75 * 1.125 + 0.25 * 0.5
        assert float(lecam.real_mean) == pytest.approx(average)
        assert float(lecam.fake_mean) == pytest.approx(2.0)
        first = 2 * (1.125 - 2) ** 2
        second = (0.5 - 2) ** 2 + (2 - average) ** 2
        terms = (first + second, 2 * first)[every - 1]
        assert logs["lecam"] == pytest.approx(terms / 2)


@pytest.mark.parametrize("number", [0.0, 0.5, 1.0])
def test_dragan_is_taken_beside_real_images(number):
    # x is moved by up to half the deviation of the batch, times a number for
    # the row and one for the pixel. |4 x| is the norm.
    x = np.array([-0.75, 0.25, 0.75])
    gan, _ = square_gan(DRAGAN(10.0))
    gan.draw = alike(number, (3, 1, 1, 1))
    logs = fit(gan, batch(*x), 3)
    mean = 0.25 / 3
    deviation = np.sqrt((2 * 0.5625 + 0.0625) / 3 - mean**2)
    norms = np.abs(4 * (x + number * 0.5 * deviation * number))
    penalty = np.mean((norms - 1) ** 2)
    assert logs["dragan"] == pytest.approx(penalty, rel=1e-5)
    assert logs["discriminator_loss"] == pytest.approx(10 * penalty, rel=1e-5)


@pytest.mark.parametrize(
    ("step", "deviation"), [(0, 0.5), (1, 0.375), (3, 0.125), (9, 0.0)]
)
def test_instance_noise_falls_with_the_step(step, deviation):
    gan, _ = square_gan(InstanceNoise(0.5, steps=4))
    gan.draw = alike(0.5, (2, 1, 1, 1))
    gan.steps.assign(step)
    logs = fit(gan, batch(-0.75, -0.75), 2)
    real, fake = (2 * (x + deviation * 0.5) ** 2 for x in (-0.75, 1.0))
    assert logs["real_score"] == pytest.approx(real)
    assert logs["fake_score"] == pytest.approx(fake)


@pytest.mark.parametrize(("step", "k"), [(0, 4), (1, 3), (2, 2), (9, 2)])
def test_the_generator_learns_from_the_k_best(step, k):
    # -E[D] has the slope -4 z^2 at w = 1.
    z = np.array([[0.5], [1.0], [0.25], [0.75]], "float32")
    loss = (zero, losses.wasserstein_generator)
    gan, _ = square_gan(TopK(0.5, steps=2), rate=0.1, loss=loss)
    gan.random_latents = lambda num: ops.convert_to_tensor(z)
    gan.steps.assign(step)
    logs = fit(gan, batch(*[-0.5] * 4), 4)
    assert logs["top_k"] == k
    assert logs["discriminator_loss"] == 0.0
    assert logs["generator_loss"] == pytest.approx(-2 * np.mean(z**2))
    best = np.sort(z[:, 0])[::-1][:k]
    assert weight_of(gan.generator) == pytest.approx(
        1 + 0.1 * 4 * np.mean(best**2)
    )
    assert weight_of(gan.discriminator) == 2.0


def test_k_is_a_whole_number_of_at_least_one():
    assert float(TopK(0.01).number(3.0, 10**6)) == 1.0
    assert float(TopK(0.3).number(10.0, 10**6)) == 3.0
    assert float(TopK(0.5, steps=1).number(8.0, 1)) == 4.0


def test_patches_of_a_fake_count_by_their_mean():
    patches = np.array([[[5.0], [-9.0]], [[1.0], [0.0]]], "float32")
    gan, _ = square_gan()
    gan.log = lambda name, value: None
    gan.steps.assign(10)
    look = Look(None, {}, ("images",), None)

    def loss(weights):
        look.logits["fake"] = weights * ops.convert_to_tensor(patches)
        look.said["fake"] = [look.logits["fake"], "other"]
        assert TopK(0.5, steps=10).hear(gan, look, "generator") == 0.0
        return ops.sum(look.said["fake"][0])

    gradient = backend.input_gradient(loss, ops.ones((2, 2, 1)))
    found = ops.convert_to_numpy(gradient)
    np.testing.assert_array_equal(found[0], 0.0)
    np.testing.assert_array_equal(found[1], 2 * patches[1])
    assert look.said["fake"][1] == "other"
    # The discriminator learns from all of them.
    said = look.said["fake"]
    assert TopK(0.5, steps=10).hear(gan, look, "discriminator") == 0.0
    assert look.said["fake"] is said


def test_labels_are_flipped_row_by_row():
    # Of real images D says 1.125 and 0.5, of fakes 2: the first are swapped.
    gan, _ = square_gan(
        LabelFlipping(0.1), loss=losses.get("wasserstein"), rate=0.1
    )
    gan.draw = lambda sampler, num, *shape: ops.convert_to_tensor(
        np.array([[0.05], [0.1]], "float32")
    )
    logs = fit(gan, batch(-0.75, 0.5), 2)
    said_of_real, said_of_fake = (2 + 0.5) / 2, (1.125 + 2) / 2
    assert logs["real_score"] == pytest.approx(said_of_real)
    assert logs["discriminator_loss"] == pytest.approx(
        said_of_fake - said_of_real
    )
    # E[f(G(z))] - E[f(x)] slopes by x^2 of each.
    slope = (0.5625 + 1) / 2 - (1 + 0.25) / 2
    v = 2 - 0.1 * slope
    assert weight_of(gan.discriminator) == pytest.approx(v)
    # The generator's loss is told what D says, by then 2 - 0.1 slope.
    assert logs["generator_loss"] == pytest.approx(-v)


def test_labels_of_patches_are_flipped_image_by_image():
    gan, _ = square_gan()
    numbers = ops.convert_to_tensor([[0.05], [0.2]])
    gan.draw = lambda sampler, num, *shape: ops.reshape(numbers, (num, *shape))
    real, fake = np.arange(24.0, dtype="float32").reshape(2, 2, 3, 2, 1)
    look = Look(real, fake, ("images",), None)
    for side, logits in (("real", real), ("fake", fake)):
        look.logits[side] = ops.convert_to_tensor(logits)
        look.said[side] = [look.logits[side]]
    assert LabelFlipping(0.1).hear(gan, look, "discriminator") == 0.0
    for side, flipped, kept in (("real", fake, real), ("fake", real, fake)):
        found = ops.convert_to_numpy(look.said[side][0])
        np.testing.assert_array_equal(found, [flipped[0], kept[1]])


def pair_gan(*stabilizers, rate=0.0):
    """D(x) = 2 x_0^2 + x_1^2 of images of two pixels; G(1) = (1, 0.5)."""
    z, x = keras.Input((1,)), keras.Input((1, 2, 1))
    made = layers.Dense(2, use_bias=False)(z)
    v = layers.Dense(1, use_bias=False)
    gan = TwoPlayerGAN(
        keras.Model(z, layers.Reshape((1, 2, 1))(made)),
        keras.Model(x, v(layers.Flatten()(ops.square(x)))),
        {"latents": Latents(1)},
        (zero, nothing),
        stabilizers=list(stabilizers),
        seed=0,
    )
    gan.generator.set_weights([np.array([[1.0, 0.5]])])
    gan.discriminator.set_weights([np.array([[2.0], [1.0]])])
    gan.random_latents = lambda num: ops.ones((num, 1))
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(rate),
        discriminator_optimizer=keras.optimizers.SGD(rate),
    )
    return gan


@pytest.mark.parametrize("balanced", [False, True])
@pytest.mark.parametrize(
    ("number", "mirror", "is_mirrored"),
    [(0.4, True, True), (0.6, True, False), (0.4, False, False)],
)
def test_consistency_of_mirrored_images(number, mirror, is_mirrored, balanced):
    remedy = ConsistencyRegularisation(10.0, balanced, mirror)
    gan = pair_gan(remedy, rate=0.1)
    gan.draw = lambda sampler, num, *shape: ops.full((num, *shape), number)
    image = np.reshape([-0.75, 0.5], (1, 1, 2, 1)).astype("float32")
    logs = fit(gan, image, 1)
    # D says 1.375 and 1.0625 of the real image, 2.25 and 1.5 of the fake.
    apart = (1.375 - 1.0625) ** 2 + balanced * (2.25 - 1.5) ** 2
    assert logs["consistency"] == pytest.approx(is_mirrored * apart)
    assert logs["discriminator_loss"] == pytest.approx(10 * is_mirrored * apart)
    assert gan.generator.get_weights()[0].tolist() == [[1.0, 0.5]]
    # d/dv_0 is 2 (D(x) - D(T(x))) (x_0^2 - x_1^2).
    slope = 2 * 0.3125 * 0.3125 + balanced * 2 * 0.75 * 0.75
    assert gan.discriminator.get_weights()[0][0].item() == pytest.approx(
        2 - is_mirrored * slope, rel=1e-5
    )


def test_consistency_shifts_images_and_their_masks_alike():
    gan = pair_gan()
    names = ("images", "inputs")
    kind = gan.makes["images"]
    gan.modality_of = lambda name: kind
    numbers = np.array([[0.9, 0.99, 0.5], [0.1, 0.5, 0.0]], "float32")
    gan.draw = lambda sampler, num, *shape: ops.convert_to_tensor(numbers)
    x = np.random.default_rng(0).normal(size=(2, 8, 8, 1)).astype("float32")
    seen = dict.fromkeys(names, ops.convert_to_tensor(x))
    changed = ConsistencyRegularisation().changed(gan, seen)
    for name in names:
        found = ops.convert_to_numpy(changed[name])
        # The first goes down by one, the second is mirrored and goes left.
        np.testing.assert_array_equal(found[0, 1:], x[0, :-1])
        np.testing.assert_array_equal(found[0, 0], 0.0)
        np.testing.assert_array_equal(found[1, :, :-1], x[1, :, -2::-1])
        np.testing.assert_array_equal(found[1, :, -1], 0.0)


@pytest.mark.parametrize(("drawn", "deviation"), [(1.0, 0.5), (2.0, 0.25)])
def test_latent_consistency_of_both_players(drawn, deviation):
    # z = 1 and z' = 1.5, of which D says 2 and 4.5.
    remedy = LatentConsistency(10.0, spread=0.5, deviation=deviation)
    gan, images = square_gan(remedy, rate=0.01)
    gan.draw = lambda sampler, num, *shape: ops.full((num, *shape), drawn)
    logs = fit(gan, images, 1)
    assert logs["latent_consistency"] == pytest.approx(2.5**2)
    assert logs["discriminator_loss"] == pytest.approx(10 * 2.5**2)
    assert logs["latent_spread"] == pytest.approx(0.25)
    assert logs["generator_loss"] == pytest.approx(-0.5 * 0.25)
    # (v (z'^2 - z^2))^2 slopes by 2 v 1.25^2; -(w / 2)^2 / 2 by -w / 4.
    assert weight_of(gan.discriminator) == pytest.approx(
        2 - 0.01 * 10 * 4 * 1.25**2
    )
    assert weight_of(gan.generator) == pytest.approx(1 + 0.01 / 4)


@pytest.mark.parametrize(("layer", "v"), [(None, 1.0), ("v", 2.0)])
def test_features_of_real_and_generated_images_are_matched(layer, v):
    # What D's last layer takes is x^2, and gives 2 x^2.
    gan, _ = square_gan(FeatureMatching(layer, 3.0), rate=0.01)
    logs = fit(gan, batch(-0.75, 0.25), 2)
    apart = v * (1 - (0.5625 + 0.0625) / 2)
    assert logs["feature_distance"] == pytest.approx(apart**2)
    assert logs["generator_loss"] == pytest.approx(3 * apart**2)
    assert logs["discriminator_loss"] == 0.0
    # d/dw of (v w^2 - m)^2 is 2 (v w^2 - m) 2 v w.
    assert weight_of(gan.generator) == pytest.approx(
        1 - 0.01 * 3 * 4 * v * apart
    )
    assert weight_of(gan.discriminator) == 2.0
