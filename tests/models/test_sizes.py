"""Networks have the sizes of the papers, and of the zoo's cards."""

import collections
import json
from pathlib import Path

import keras
import pytest
from contract import tiny

import keras_gans
from keras_gans.presets.loading import class_of

ZOO = Path(__file__).parents[2] / "zoo"
PRESETS = sorted(p.parent.name for p in ZOO.glob("*/metadata.json"))


@pytest.mark.skipif(
    keras.backend.backend() == "tensorflow",
    reason="there they are loaded, in presets/test_recorded_samples.py",
)
@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_has_the_parameters_of_its_card(name):
    config, about = (
        json.loads((ZOO / name / file).read_text())
        for file in ("config.json", "metadata.json")
    )
    if (ZOO / name / "vocabulary.json").exists():  # a part of the config
        gan = keras_gans.load(ZOO / name)
    else:
        gan = class_of(config).from_config(config["config"])
    counts = {
        player: sum(n.count_params() for n in gan.networks_of(player))
        for player in gan.players
    }
    assert counts == about["metadata"]["parameters"]


def outputs(network, kind):
    """Returns the sizes of what layers of a kind give, in their order."""
    return [
        layer.output.shape[-1]
        for layer in network.layers
        if isinstance(layer, kind)
    ]


def test_conditional_gan_has_the_layers_of_section_4_1():
    gan = keras_gans.ConditionalGAN()
    dense = outputs(gan.generator, keras.layers.Dense)
    assert sorted(dense) == [200, 784, 1000, 1200]
    maxouts = [
        (layer.units, layer.pieces)
        for layer in gan.discriminator.layers
        if isinstance(layer, keras_gans.layers.Maxout)
    ]
    assert sorted(maxouts) == [(50, 5), (240, 4), (240, 5)]


def convolutions(network):
    """Counts convolutions by the sides of their kernels and of their maps."""
    return collections.Counter(
        (layer.kernel_size[0], layer.output.shape[1])
        for layer in network.layers
        if isinstance(layer, keras.layers.Conv2D)
    )


@pytest.mark.parametrize("variant", ["WGANGP", "BigGAN"])
@pytest.mark.parametrize(
    ("side", "downs"), [(16, (16, 8)), (32, (32, 16)), (64, (64, 32, 16))]
)
def test_residual_critics_halve_images_and_have_two_blocks_more(
    variant, side, downs
):
    critic = tiny(variant, image_shape=(side, side, 1), latent_dim=8)
    # A block is two convolutions, and one of 1x1 on what it has halved.
    expected = collections.Counter()
    for maps in downs:
        expected += {(3, maps): 2, (1, maps // 2): 1}
    expected += {(3, downs[-1] // 2): 4}
    assert convolutions(critic.discriminator) == expected


def test_residual_generators_double_maps_to_images():
    gan = tiny("WGANGP", image_shape=(32, 32, 3))
    expected = collections.Counter()
    for maps in (8, 16, 32):
        expected += {(3, maps): 2, (1, maps // 2): 1}
    expected += {(3, 32): 1}
    assert convolutions(gan.generator) == expected


@pytest.mark.parametrize(
    "variant", ["DCGAN", "InfoGAN", "SNGAN", "WGANGP", "SAGAN", "BigGAN"]
)
def test_batch_norms_average_over_ten_batches(variant):
    gan = tiny(variant)
    networks = [getattr(gan, player) for player in gan.players]
    found = [
        (layer.momentum, layer.epsilon)
        for network in networks
        for layer in network.layers
        if hasattr(layer, "momentum")
    ]
    assert found == [(0.9, 1e-5)] * len(found) != []
