"""A process that loads presets again and again does not grow."""

import subprocess
import sys
from pathlib import Path

import keras
import pytest

import keras_gans
from keras_gans.presets.memory import same_names

LOADS = """
import sys
import keras_gans

def megabytes():
    pages = int(open("/proc/self/statm").read().split()[1])
    return pages * 4096 / 1e6

def load(num):
    for _ in range(num):
        gan = keras_gans.AdversarialModel.from_preset(sys.argv[1])
        gan.generate(2, seed=0)

load(40)  # until the memory of eight models is there to be used again
before = megabytes()
load(20)
print(megabytes() - before)
"""


@pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="reads Linux's /proc"
)
def test_loading_twenty_times_keeps_no_memory():
    zoo = Path(__file__).parents[2] / "zoo"
    command = [sys.executable, "-c", LOADS, str(zoo / "dcgan_fashion_mnist")]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert float(result.stdout.split()[-1]) < 20  # MB; it was 90 to 100


def names(network):
    return [layer.name for layer in network.layers]


def test_layers_get_the_same_names_each_time(preset):
    one, two = (keras_gans.GAN.from_preset(preset) for _ in range(2))
    assert names(one.generator) == names(two.generator)
    paths = [[v.path for v in gan.generator.weights] for gan in (one, two)]
    assert paths[0] == paths[1]


def test_later_layers_have_names_of_their_own(preset):
    before = keras.layers.Dense(1).name
    gan = keras_gans.GAN.from_preset(preset)
    z = gan.generator.input
    x = gan.generator.layers[-2].output
    # All names in one model must differ.
    for _ in range(3):
        x = keras.layers.Dense(1)(x)
    keras.Model(z, x)
    assert before not in names(keras.Model(z, x))[-3:]


def test_names_are_counted_on_after_an_error():
    first = keras.layers.Dense(1).name
    with pytest.raises(KeyError), same_names():
        assert keras.layers.Dense(1).name == "dense"
        raise KeyError
    assert keras.layers.Dense(1).name not in (first, "dense")
