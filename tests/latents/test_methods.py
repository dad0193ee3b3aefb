"""The latent tools as methods of the GANs that they fit."""

import numpy as np
import pytest
from contract import tiny

import keras_gans
from keras_gans import latents

W = np.random.default_rng(0).standard_normal((2, 2, 4)).astype("float32")
CALLS = {
    "walk": ((3, 2), {"seed": 5}),
    "to_styles": ((), {"num": 2, "seed": 1}),
    "from_styles": ((W,), {}),
    "mix": ((1, 2), {"layers": [0], "seed": 4}),
    "truncation_sweep": ((), {"num": 1, "values": (1.0, 0.5)}),
    "sefa": ((2,), {"layers": [1]}),
    "ganspace": ((2,), {"samples": 20}),
    "edit": ((W, np.eye(4)[0]), {"strengths": (0.0, 1.0)}),
    "project": ((np.zeros((1, 8, 8, 1)),), {"steps": 2, "distance": "pixels"}),
}


@pytest.fixture(scope="module", params=["StyleGAN", "StyleGAN2"])
def gan(request):
    return getattr(keras_gans, request.param)(
        (8, 8, 1), latent_dim=4, width=4, mapping_layers=1, seed=1
    )


@pytest.mark.parametrize("name", CALLS)
def test_methods_are_the_functions(gan, name):
    arguments, options = CALLS[name]
    layers = gan.generator.get_layer("repeated").n
    arguments = [
        np.repeat(a, layers // 2, 1) if a is W else a for a in arguments
    ]
    made = getattr(gan, name)(*arguments, **options)
    wanted = getattr(latents, name)(gan, *arguments, **options)
    if name == "project":
        made, wanted = made.images, wanted.images
    elif name == "ganspace":
        made, wanted = made[0], wanted[0]
    np.testing.assert_array_equal(made, wanted)


def test_every_generator_from_latents_walks():
    gan = tiny("DCGAN")
    made = gan.walk(3, 2, seed=5)
    np.testing.assert_array_equal(made, latents.walk(gan, 3, 2, seed=5))
    assert not hasattr(gan, "mix")
    with pytest.raises(AttributeError, match="takes no latents"):
        tiny("Pix2Pix").walk(3)
