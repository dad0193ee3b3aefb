"""A process that loads presets again and again does not grow."""

import subprocess
import sys
from pathlib import Path

import keras
import pytest

import keras_gans
from keras_gans.presets.memory import same_names

LOADS = """
import gc
import sys
import keras_gans

def megabytes():
    gc.collect()  # a round does not end where models are freed
    pages = int(open("/proc/self/statm").read().split()[1])
    return pages * 4096 / 1e6

def load(num):
    for _ in range(num):
        gan = keras_gans.AdversarialModel.from_preset(sys.argv[1])
        gan.generate(2, seed=0)

load(20)  # until the memory of eight models is there to be used again
kept = [isinstance(o, keras_gans.AdversarialModel) for o in gc.get_objects()]
print(sum(kept))
for _ in range(3):
    before = megabytes()
    load(20)
    grown = megabytes() - before
    print(grown)
    if grown < 10:
        break
"""


@pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="reads Linux's /proc"
)
def test_loading_twenty_times_keeps_no_memory():
    zoo = Path(__file__).parents[2] / "zoo"
    command = [sys.executable, "-c", LOADS, str(zoo / "dcgan_fashion_mnist")]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    models, *grown = (float(line) for line in result.stdout.split())
    assert models <= 9
    # MB of each round, up to one that keeps little: other memory of the
    # process may grow in one, and 12 to 25 in each where names are kept.
    assert min(grown) < 10, grown


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
