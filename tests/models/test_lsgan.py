import pytest
from linear import REAL, play

import keras_gans


@pytest.mark.parametrize(("a", "b", "c"), [(0, 1, 1), (-1, 1, 0), (-1, 1, 1)])
def test_equation_2_by_hand(a, b, c):
    w, v = play(keras_gans.LSGAN, loss=f"least_squares_{a}_{b}_{c}")
    # d/dv [(v real - b)^2 / 2 + (v fake - a)^2 / 2]
    slope = (2.0 * REAL - b) * REAL + (2.0 * -0.5 - a) * -0.5
    assert v == pytest.approx(2.0 - 0.1 * slope, rel=1e-5)
    # d/dw (v w - c)^2 / 2, with the new v
    assert w == pytest.approx(-0.5 - 0.1 * (v * -0.5 - c) * v, rel=1e-5)


def test_unknown_codings_get_the_nearest():
    with pytest.raises(ValueError, match=r"least_squares.*Received: 'least"):
        keras_gans.LSGAN((16, 16, 1), loss="least_squares_1_1_0")


def test_refuses_losses_without_labels():
    with pytest.raises(ValueError, match="Received: loss='hinge'"):
        keras_gans.LSGAN((16, 16, 1), loss="hinge")
