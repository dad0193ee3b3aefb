"""Networks have the sizes of the papers, and of the zoo's cards."""

import json
from pathlib import Path

import keras
import pytest

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
