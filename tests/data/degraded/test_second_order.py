import numpy as np
import pytest
from pictures import scene

from keras_gans.data.degraded.second_order import (
    FIRST,
    add_noise,
    jpeg,
    second_order,
)


@pytest.mark.parametrize("channels", [1, 3])
def test_images_become_small_and_worse_and_stay_what_they_show(channels):
    image = scene(64, 48)[..., :channels]
    made = [
        second_order(image, (16, 12), np.random.default_rng(seed))
        for seed in range(12)
    ]
    assert {(m.shape, str(m.dtype)) for m in made} == {
        ((16, 12, channels), "uint8")
    }
    # Each seed gives another one, and all show the same picture.
    assert len({m.tobytes() for m in made}) == 12
    blocks = image.reshape(16, 4, 12, 4, channels).mean(axis=(1, 3))
    errors = [np.abs(m - blocks).mean() for m in made]
    assert 2 < np.mean(errors) < 40
    assert np.abs(np.mean(made, axis=0) - blocks).mean() < np.mean(errors)


def test_a_seed_gives_the_same_again():
    image = scene(32, 32)
    one, other = (
        second_order(image, (8, 8), np.random.default_rng(3)) for _ in range(2)
    )
    np.testing.assert_array_equal(one, other)


def test_noise_is_gaussian_or_poisson_and_grey_or_coloured():
    # A dark half and a bright one, of 26 levels.
    rng = np.random.default_rng(0)
    values = rng.integers(0, 13, (40, 40, 3)) / 255 + 0.2
    values[20:] += 0.5
    kinds = set()
    for seed in range(40):
        noise = add_noise(values, FIRST, np.random.default_rng(seed)) - values
        dark, bright = noise[:20].std(), noise[20:].std()
        assert 0 < dark < 0.5
        coloured = np.std(noise - noise.mean(axis=-1, keepdims=True))
        # Poisson noise grows with the light that it counts.
        kinds.add((bool(coloured < 0.2 * dark), bool(bright > 1.3 * dark)))
    assert len(kinds) == 4


def test_jpeg_loses_less_at_a_better_quality():
    values = scene(32, 40) / 255
    errors = [np.abs(jpeg(values, q) - values).mean() for q in (30, 60, 95)]
    assert errors[0] > errors[1] > errors[2] > 0
