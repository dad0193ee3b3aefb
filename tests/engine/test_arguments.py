"""Arguments of every variant, checked in one place."""

import inspect

import numpy as np
import pytest
from contract import class_of, tiny, tiny_arguments

import keras_gans
from keras_gans.arguments import check
from keras_gans.stabilizers import STABILIZERS

WHOLE = [None, 0, -1, 1.5, float("nan"), "8", 2**31]
NUMBERS = [float("nan"), float("inf"), "1", None]
SHAPES = [(16, 16), (16, 16, 1.5), (16, 16, 0), (16.0, 16, 1), 16, "16"]


def wrong_arguments():
    """Yields every variant, argument and value that it must refuse."""
    for variant in keras_gans.list_variants():
        parameters = inspect.signature(class_of(variant).__init__).parameters
        for name, parameter in parameters.items():
            if parameter.annotation is int:
                yield from ((variant, name, value) for value in WHOLE)
            elif parameter.annotation is float:
                yield from ((variant, name, value) for value in NUMBERS)
            elif name in ("image_shape", "input_shape"):
                yield from ((variant, name, value) for value in SHAPES)


@pytest.mark.parametrize(("variant", "name", "value"), wrong_arguments())
def test_wrong_arguments_are_named(variant, name, value):
    with pytest.raises(ValueError, match=f"Received: {name}="):
        class_of(variant)(**{**tiny_arguments(variant), name: value})


@pytest.mark.parametrize(
    ("variant", "name"),
    [
        ("ACGAN", "class_weight"),
        ("InfoGAN", "info_weight"),
        ("InfoGAN", "continuous_weight"),
        ("BigGAN", "orthogonal_weight"),
        ("WGANGP", "penalty_weight"),
        ("TransGAN", "penalty_weight"),
        ("Pix2Pix", "l1_weight"),
        ("CycleGAN", "cycle_weight"),
        ("CycleGAN", "identity_weight"),
    ],
)
def test_weights_are_not_negative(variant, name):
    with pytest.raises(ValueError, match=f"Received: {name}=-0.5"):
        tiny(variant, **{name: -0.5})


@pytest.mark.parametrize("seed", [-1, 2**31, 1.5, "1"])
def test_seeds_are_whole_numbers_below_2_to_the_31(seed):
    with pytest.raises(ValueError, match="Received: seed="):
        tiny("GAN", seed=seed)


@pytest.mark.parametrize("variant", keras_gans.list_variants())
def test_numpys_integers_will_do(variant):
    parameters = inspect.signature(class_of(variant).__init__).parameters
    small = tiny_arguments(variant)
    given = {
        name: np.int64(small.get(name, parameter.default))
        for name, parameter in parameters.items()
        if parameter.annotation is int
    }
    shape = "image_shape" if "image_shape" in parameters else "input_shape"
    given[shape] = np.array(small[shape], "int32")
    gan = class_of(variant)(**{**small, **given})
    plain = class_of(variant)(**small)
    assert gan.image_shape == small[shape]
    assert [w.shape for w in gan.weights] == [w.shape for w in plain.weights]
    config = gan.get_config()
    assert type(gan).from_config(config).get_config() == config


def test_annotations_that_say_nothing_are_left_alone():
    assert check("loss", "hinge", str) == "hinge"
    assert check("width", None, int | None) is None
    assert check("depths", [1, np.int8(2)], tuple[int, ...]) == (1, 2)


WRONG_IN_FIT = [
    ("batch_size", "8"),
    ("batch_size", 8.5),
    ("batch_size", True),
    ("batch_size", 0),
    ("epochs", 1.5),
    ("epochs", -1),
    ("initial_epoch", -1),
    ("steps_per_epoch", 1.5),
    ("steps_per_epoch", 0),
]


@pytest.mark.parametrize(("name", "value"), WRONG_IN_FIT)
def test_numbers_of_fit_are_whole(name, value, images):
    with pytest.raises(ValueError, match=f"Received: {name}="):
        tiny("GAN").fit(images, **{name: value})


def test_numpys_integers_will_do_in_fit(images):
    gan = tiny("GAN", run_eagerly=True)
    whole = {"batch_size": 16, "epochs": 2, "steps_per_epoch": 1}
    gan.fit(images, verbose=0, **{k: np.int64(v) for k, v in whole.items()})
    assert int(gan.steps) == 2


@pytest.mark.parametrize("value", [-1, 0, 1.5, "2", True])
def test_steps_per_execution_are_whole(value):
    with pytest.raises(ValueError, match="Received: steps_per_execution="):
        tiny("GAN").compile(steps_per_execution=value)


@pytest.mark.parametrize("name", sorted(STABILIZERS))
def test_numbers_of_stabilizers(name):
    kind = STABILIZERS[name]
    parameters = inspect.signature(kind.__init__).parameters
    numbers = {
        p.name: p.default
        for p in parameters.values()
        if p.annotation in (int, float) or p.name == "weight"
    }
    for argument, default in numbers.items():
        if isinstance(default, int) and not isinstance(default, bool):
            wrong = [1.5, 0] if parameters[argument].annotation is int else []
            given = np.int64(default)
        else:
            wrong, given = ["1", float("nan")], np.float64(default)
        made = kind(**{argument: given})
        kept = made.get_config()[argument]
        assert kept == default and type(kept) in (int, float)
        for value in wrong:
            with pytest.raises(ValueError, match=f"Received: {argument}="):
                kind(**{argument: value})
