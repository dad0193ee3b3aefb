"""The variants' losses and steps, by hand."""

import numpy as np
import pytest
from worded_pixel import REAL, SENTENCES, game

import keras_gans
from keras_gans.stabilizers import MatchingAwarePenalty

W, V, Z = 0.4, 0.7, -0.8
WRONG = SENTENCES[::-1]
FAKE = W * Z * SENTENCES


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softplus(x):
    return np.log1p(np.exp(x))


def hinge(logits):
    """max(0, 1 + logits), and its slope."""
    return np.maximum(0, 1 + logits), (1 + logits > 0) * 1.0


@pytest.mark.parametrize(("weight", "power"), [(2.0, 6.0), (0.3, 2.0)])
def test_df_gans_step(weight, power):
    (w, v), logs = game(
        keras_gans.DFGAN,
        W,
        V,
        Z,
        stabilizers=[MatchingAwarePenalty(weight, power)],
    )
    # D(x, s) = v x s, whose gradient by (x, s) is v (s, x).
    right, right_slope = hinge(-V * REAL * SENTENCES)
    wrong, wrong_slope = hinge(V * REAL * WRONG)
    fake, fake_slope = hinge(V * FAKE * SENTENCES)
    squares = SENTENCES**2 + REAL**2
    penalty = weight * np.mean((V**2 * squares) ** (power / 2))
    loss = np.mean(right) + (np.mean(wrong) + np.mean(fake)) / 2 + penalty
    assert logs["discriminator_loss"] == pytest.approx(loss, rel=1e-4)
    slope = np.mean(-right_slope * REAL * SENTENCES)
    slope += np.mean(wrong_slope * REAL * WRONG) / 2
    slope += np.mean(fake_slope * FAKE * SENTENCES) / 2
    slope += power * penalty / V
    assert v == pytest.approx(V - 0.1 * slope, rel=1e-4)
    # L_G = -E[v w z s s] by the new v, on the same fakes.
    assert w == pytest.approx(W + 0.1 * v * Z * np.mean(SENTENCES**2), rel=1e-4)


@pytest.mark.parametrize("interpolation", [0.0, 0.5])
def test_gan_clss_step(interpolation):
    (w, v), logs = game(
        keras_gans.GANCLS, W, V, Z, interpolation_weight=interpolation
    )
    right, wrong = V * REAL * SENTENCES, V * REAL * WRONG
    fake = V * FAKE * SENTENCES
    loss = np.mean(softplus(-right))
    loss += np.mean(softplus(wrong)) / 2 + np.mean(softplus(fake)) / 2
    assert logs["discriminator_loss"] == pytest.approx(loss, rel=1e-4)
    slope = -np.mean(sigmoid(-right) * REAL * SENTENCES)
    slope += np.mean(sigmoid(wrong) * REAL * WRONG) / 2
    slope += np.mean(sigmoid(fake) * FAKE * SENTENCES) / 2
    assert v == pytest.approx(V - 0.1 * slope, rel=1e-4)
    # Of two rows there is one sentence between them, of equal shares.
    between = SENTENCES.mean()
    total, slope = 0.0, 0.0
    for s, share in (SENTENCES, 1.0), (between, interpolation):
        total += share * np.mean(softplus(-v * W * Z * s * s))
        slope -= share * np.mean(sigmoid(-v * W * Z * s * s) * v * Z * s * s)
    assert logs["generator_loss"] == pytest.approx(total, rel=1e-4)
    assert w == pytest.approx(W - 0.1 * slope, rel=1e-4)


@pytest.mark.parametrize("variant", [keras_gans.DFGAN, keras_gans.GANCLS])
def test_without_a_wrong_sentence_its_term_is_left_out(variant):
    # Both mean the same, as the data say; the penalty is off.
    off = [MatchingAwarePenalty(0.0)] if variant is keras_gans.DFGAN else []
    _, logs = game(
        variant, W, V, Z, synonyms=[["red", "blue"]], stabilizers=off
    )
    right, fake = V * REAL * SENTENCES, V * FAKE * SENTENCES
    if off:
        wanted = np.mean(hinge(-right)[0]) + np.mean(hinge(fake)[0]) / 2
    else:
        wanted = np.mean(softplus(-right)) + np.mean(softplus(fake)) / 2
    assert logs["discriminator_loss"] == pytest.approx(wanted, rel=1e-4)
