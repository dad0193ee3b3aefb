import keras
import numpy as np
import pytest
from exporting.users_variants import Forgetful, Inverse, Sine, Tail, Variant
from keras import layers

from keras_gans.exporting import named_copy
from keras_gans.modalities import ClassLabel, Image, Latents
from keras_gans.networks.copying import float32_copy

NAMES = {"tf_saved_model": "g", "litert": "g.tflite", "onnx": "g.onnx"}
ELSEWHERE = keras.backend.backend() != "tensorflow"


def gan_of(generator, **takes):
    """A GAN of one's own generator to images of 4x4x1."""
    takes = takes or {"latents": Latents(8)}
    return Variant(generator, takes, {"images": Image(4, 4, 1)})


def tail(x):
    return Tail(6)(x)


def with_input():
    return keras.Sequential([keras.Input((8,)), Sine(), Tail(6)])


def without_input():
    network = keras.Sequential([Sine(), layers.Dense(5), Tail(6)])
    network.build((None, 8))
    return network


def subclassed():
    z = keras.Input((8,))
    return keras.Model(z, tail(z))


def subclassed_and_built():
    network = Tail(6)
    network.build((None, 8))
    return network


def of_a_sequential_within():
    z = keras.Input((8,))
    inner = keras.Sequential([layers.Dense(8), Sine()])
    return keras.Model(z, tail(inner(inner(z))))


def of_repeated_pixels():
    x = keras.Input((8,))
    y = layers.Reshape((1, 1, 8))(x)
    twice = layers.UpSampling2D(2)
    for _ in range(2):
        y = twice(y)
        y = layers.Conv2D(4, 3, padding="same", activation="relu")(y)
    return keras.Model(x, layers.Conv2D(1, 1, activation="tanh")(y))


NETWORKS = [
    with_input,
    without_input,
    subclassed,
    subclassed_and_built,
    of_a_sequential_within,
    of_repeated_pixels,
]


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize("build", NETWORKS)
def test_networks_of_ones_own(build, policy, tmp_path):
    if ELSEWHERE and (build, policy) != (subclassed, "float32"):
        pytest.skip("in another process TensorFlow converts the same copy")
    keras.config.set_dtype_policy(policy)
    gan = gan_of(build())
    report = gan.export(tmp_path / "g.tflite", "litert")
    assert report.max_difference < 1e-5
    # The reference is no half-precision network in disguise.
    copy = float32_copy(gan.generator)
    assert {layer.compute_dtype for layer in copy._flatten_layers()} == {
        "float32"
    }
    for mine, theirs in zip(copy.weights, gan.generator.weights, strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("format", NAMES)
@pytest.mark.parametrize("structure", [list, dict])
def test_several_inputs(format, structure, tmp_path):
    if ELSEWHERE and (format, structure) != ("onnx", dict):
        pytest.skip("in another process TensorFlow converts the same copy")
    z = keras.Input((8,), name="style")
    label = keras.Input((), dtype="int32", name="kind")
    x = layers.Multiply()([Sine()(z), layers.Embedding(2, 8)(label)])
    inputs = [label, z] if structure is list else {"kind": label, "style": z}
    takes = {"kind": ClassLabel(2), "style": Latents(8)}
    gan = gan_of(keras.Model(inputs, tail(x)), **takes)
    report = gan.export(tmp_path / NAMES[format], format)
    assert report.max_difference < 1e-5
    assert report.inputs == {"kind": (None,), "style": (None, 8)}


def test_names_are_those_that_are_declared_whatever_the_network_has():
    label = keras.Input((), dtype="float32", name="mine")
    x = layers.Concatenate()([layers.Reshape((1,))(label)] * 2)
    gan = gan_of(keras.Model(label, tail(x)), labels=ClassLabel(2))
    copy = named_copy(gan.part())
    (label,) = copy.inputs
    assert (label.name, label.dtype) == ("labels", "int32")
    assert list(copy.output) == ["images"]


def test_what_the_runtime_cannot_run_is_refused(tmp_path):
    path = tmp_path / "g.tflite"
    path.write_bytes(b"old")
    z = keras.Input((8,))
    gan = gan_of(keras.Model(z, tail(Inverse()(z))))
    with pytest.raises(RuntimeError, match=r"(?s)to 'litert'.*Erfinv"):
        gan.export(path, "litert")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_converted_and_does_not_run_is_refused(tmp_path):
    z = keras.Input((8,))
    x = layers.GRU(4, return_sequences=True)(layers.Reshape((4, 2))(z))
    gan = gan_of(keras.Model(z, tail(layers.Flatten()(x))))
    with pytest.raises(
        RuntimeError, match="not all run in the runtime of 'litert'"
    ):
        gan.export(tmp_path / "g.tflite", "litert")
    assert not list(tmp_path.iterdir())


class OfAFunction(layers.Layer):
    """A layer whose configuration cannot hold its argument."""

    def __init__(self, function, **kwargs):
        super().__init__(**kwargs)
        self.function = function

    def call(self, x):
        return self.function(x)


@pytest.mark.parametrize(
    "layer, message",
    [
        (
            Forgetful(6),
            r"`Forgetful.__init__` must take `\*\*kwargs`.*Received",
        ),
        (OfAFunction(lambda x: x), r"its `get_config` must return.*Received"),
    ],
)
def test_layers_that_cannot_be_copied(layer, message, tmp_path):
    z = keras.Input((8,))
    x = layer(z)
    gan = gan_of(keras.Model(z, x if len(x.shape) > 2 else tail(x)))
    with pytest.raises(ValueError, match=message):
        gan.export(tmp_path / "g.onnx", "onnx")
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not ELSEWHERE, reason="TensorFlow converts in this process")
def test_layers_that_another_process_cannot_import(tmp_path, monkeypatch):
    class Local(Sine):
        pass

    monkeypatch.setattr(Sine, "__module__", "__main__")
    z = keras.Input((8,))
    gan = gan_of(keras.Model(z, tail(Local()(Sine()(z)))))
    with pytest.raises(
        RuntimeError, match=r"to a module: \['Sine', .*Local'\]"
    ):
        gan.export(tmp_path / "g.onnx", "onnx")
