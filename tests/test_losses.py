import inspect
import math

import keras
import pytest
from keras import ops

from keras_gans import losses

# Probabilities are 3/4 and 7/8 of the real logits, 1/4 and 7/8 of the fakes.
LOG_3, LOG_7 = math.log(3.0), math.log(7.0)
REAL = ops.convert_to_tensor([LOG_3, LOG_7])
FAKE = ops.convert_to_tensor([-LOG_3, LOG_7])
FAKES_REFUSED = (math.log(3 / 4) + math.log(1 / 8)) / 2
CROSS_ENTROPY = -(math.log(3 / 4) + math.log(7 / 8)) / 2 - FAKES_REFUSED
REAL_FROM_ONE = ((LOG_3 - 1) ** 2 + (LOG_7 - 1) ** 2) / 4
FROM_ZERO = (LOG_3**2 + LOG_7**2) / 4
FAKE_FROM_ONE = ((LOG_3 + 1) ** 2 + (LOG_7 - 1) ** 2) / 4
FAKE_FROM_MINUS_ONE = ((LOG_3 - 1) ** 2 + (LOG_7 + 1) ** 2) / 4


@pytest.mark.parametrize(
    ("name", "discriminator", "generator"),
    [
        ("minimax", CROSS_ENTROPY, FAKES_REFUSED),
        (
            "non_saturating",
            CROSS_ENTROPY,
            -(math.log(1 / 4) + math.log(7 / 8)) / 2,
        ),
        ("wasserstein", -LOG_3, (LOG_3 - LOG_7) / 2),
        # All real logits and one of the fakes are beyond the hinge.
        ("hinge", (1 + LOG_7) / 2, (LOG_3 - LOG_7) / 2),
        ("least_squares_0_1_1", REAL_FROM_ONE + FROM_ZERO, FAKE_FROM_ONE),
        (
            "least_squares_-1_1_0",
            REAL_FROM_ONE + FAKE_FROM_MINUS_ONE,
            FROM_ZERO,
        ),
        (
            "least_squares_-1_1_1",
            REAL_FROM_ONE + FAKE_FROM_MINUS_ONE,
            FAKE_FROM_ONE,
        ),
    ],
)
def test_values_by_hand(name, discriminator, generator):
    of_discriminator, of_generator = losses.get(name)
    assert float(of_discriminator(REAL, FAKE)) == pytest.approx(discriminator)
    assert float(of_generator(FAKE)) == pytest.approx(generator, abs=1e-6)


@pytest.mark.parametrize(
    ("labels", "discriminator", "generator"),
    [
        # Real logits 3 and 1, fakes 0 and 2: squares halved twice.
        ((0.0, 1.0, 1.0), (4 + 0 + 0 + 4) / 4, (1 + 1) / 4),
        ((-1.0, 1.0, 0.0), (4 + 0 + 1 + 9) / 4, (0 + 4) / 4),
        ((-1.0, 1.0, 1.0), (4 + 0 + 1 + 9) / 4, (1 + 1) / 4),
        ((-2.0, 0.5, 1.5), (6.25 + 0.25 + 4 + 16) / 4, (2.25 + 0.25) / 4),
    ],
)
def test_least_squares_are_to_each_label(labels, discriminator, generator):
    real = ops.convert_to_tensor([3.0, 1.0])
    fake = ops.convert_to_tensor([0.0, 2.0])
    pairs = [losses.least_squares(*labels)]
    name = "least_squares_{:g}_{:g}_{:g}".format(*labels)
    pairs += [losses.LOSSES[name]] if name in losses.LOSSES else []
    assert len(pairs) == 2 or labels[0] == -2.0
    for of_discriminator, of_generator in pairs:
        assert float(of_discriminator(real, fake)) == pytest.approx(
            discriminator
        )
        assert float(of_generator(fake)) == pytest.approx(generator)


def test_sums_of_squares_are_not_halved():
    # Zhu 2017: real logits 3 and 1, fakes 0 and 2.
    real = ops.convert_to_tensor([3.0, 1.0])
    fake = ops.convert_to_tensor([0.0, 2.0])
    of_discriminator = losses.sum_of_squares_discriminator(real, fake)
    assert float(of_discriminator) == pytest.approx((4 + 0) / 2 + (0 + 4) / 2)
    of_generator = losses.sum_of_squares_generator(fake)
    assert float(of_generator) == pytest.approx((1 + 1) / 2)


@pytest.mark.parametrize("name", losses.LOSSES)
def test_sure_discriminators_do_not_overflow(name):
    sure = ops.convert_to_tensor([200.0, -200.0])
    of_discriminator, of_generator = losses.get(name)
    both = [sure] * len(inspect.signature(of_generator).parameters)
    for loss in (of_discriminator(sure, sure), of_generator(*both)):
        assert math.isfinite(float(loss))


def test_smoothed_labels_are_of_real_images_only():
    # 1 - D(x) is 1/4 and 1/8 of the real images.
    taken = -(math.log(3 / 4) + math.log(7 / 8)) / 2
    refused = (math.log(4) + math.log(8)) / 2
    fakes = -FAKES_REFUSED
    for loss, label in (
        (losses.get("non_saturating_smoothed")[0], 0.9),
        (losses.smoothed(0.75), 0.75),
        (losses.smoothed(1.0), 1.0),
    ):
        by_hand = label * taken + (1 - label) * refused + fakes
        assert float(loss(REAL, FAKE)) == pytest.approx(by_hand)
    for label in (0.0, 1.1, float("nan")):
        with pytest.raises(ValueError, match="Received: label="):
            losses.smoothed(label)


def test_hinges_have_a_margin_of_one_on_their_own_sides():
    # Real: 1 - 3 < 0, 1 - 0.5, 1 + 2. Fake: 1 + 3, 1 - 0.5, 1 - 4 < 0.
    real = ops.convert_to_tensor([3.0, 0.5, -2.0])
    fake = ops.convert_to_tensor([3.0, -0.5, -4.0])
    discriminator, generator = losses.get("hinge")
    loss = float(discriminator(real, fake))
    assert loss == pytest.approx((0.5 + 3.0) / 3 + (4.0 + 0.5) / 3)
    assert float(generator(fake)) == pytest.approx(1.5 / 3)


def test_a_pair_of_functions_is_taken_as_it_is():
    pair = (losses.hinge_discriminator, losses.minimax_generator)
    assert losses.get(pair) == losses.get(list(pair)) == pair
    for wrong in (pair[:1], (*pair, pair[0]), ("hinge", pair[1])):
        with pytest.raises(ValueError, match="Received: "):
            losses.get(wrong)
    with pytest.raises(ValueError, match="Received: "):
        losses.get((pair[0], "hinge"))


@pytest.mark.parametrize("name", ["hinge", "relativistic_average"])
def test_functions_of_a_pair_are_found_again_in_a_file(name):
    for function in losses.get(name):
        saved = keras.saving.serialize_keras_object(function)
        assert keras.saving.deserialize_keras_object(saved) is function


def test_unknown_losses_get_the_nearest():
    with pytest.raises(
        ValueError, match=r"as \['minimax'\]\. Received: 'minmax'"
    ):
        losses.get("minmax")


def test_relativistic_averages_compare_with_the_other_sides_mean():
    # Means are log(3 * 7) / 2 of the real logits and log(7 / 3) / 2 of the
    # fakes.
    one_plus = lambda x: math.log(1 + x)  # noqa: E731
    by_hand = (
        one_plus((7 / 27) ** 0.5)
        + one_plus(21**-0.5)
        + one_plus(189**-0.5)
        + one_plus((7 / 3) ** 0.5)
    ) / 2
    discriminator, generator = losses.get("relativistic_average")
    assert float(discriminator(REAL, FAKE)) == pytest.approx(by_hand)
    by_hand = (
        one_plus(189**0.5)
        + one_plus((3 / 7) ** 0.5)
        + one_plus((27 / 7) ** 0.5)
        + one_plus(21**0.5)
    ) / 2
    assert float(generator(REAL, FAKE)) == pytest.approx(by_hand)


def test_relativistic_losses_pair_fakes_with_real_images():
    # Fake minus real: -2 log 3 and 0.
    by_hand = (math.log(1 + 1 / 9) + math.log(2)) / 2
    loss = losses.relativistic_discriminator(REAL, FAKE)
    assert float(loss) == pytest.approx(by_hand)
    by_hand = (math.log(1 + 9) + math.log(2)) / 2
    loss = losses.relativistic_generator(REAL, FAKE)
    assert float(loss) == pytest.approx(by_hand)
