"""Multi-hot vectors and attributes, checked, drawn and named."""

import json

import keras
import numpy as np
import pytest

from keras_gans.modalities import (
    Attributes,
    ClassLabel,
    MultiLabel,
    deserialize,
    serialize,
)

NAMES = ["smiling", "young", "hat"]
FACES = MultiLabel(3, NAMES)
BODY = Attributes(2, ["height", "age"], mean=[170.0, 40.0], std=[10.0, 20.0])


@pytest.mark.parametrize(
    ("kind", "values", "vectors"),
    [
        (FACES, [[0, 1, 1], [0, 0, 0]], [[0, 1, 1], [0, 0, 0]]),
        (FACES, np.array([[True, False, True]]), [[1, 0, 1]]),
        (FACES, np.array([[0.0, 1.0, 0.0]], "float32"), [[0, 1, 0]]),
        (
            FACES,
            ["hat", "smiling+young", "none"],
            [[0, 0, 1], [1, 1, 0], [0] * 3],
        ),
        (FACES, {"young": [1, 0], "hat": 1}, [[0, 1, 1], [0, 0, 1]]),
        (BODY, [[180.5, 20.0]], [[180.5, 20.0]]),
        (BODY, np.array([[180, 20]]), [[180.0, 20.0]]),
        (BODY, {"age": [20.0, 60.0]}, [[170.0, 20.0], [170.0, 60.0]]),
    ],
)
def test_takes(kind, values, vectors):
    found = kind.check(values)
    assert found.dtype == ("uint8" if kind is FACES else "float32")
    np.testing.assert_array_equal(found, vectors)


@pytest.mark.parametrize(
    ("kind", "values", "received"),
    [
        (FACES, [0, 1, 1], r"shape \(3,\)"),
        (FACES, np.zeros((4, 2)), r"shape \(4, 2\)"),
        (FACES, [[0, 2, 0]], "values from 0 to 2"),
        (FACES, [[0.0, 0.5, 1.0]], "values from 0 to 1"),
        (FACES, [[0.0, np.nan, 1.0]], "NaN or infinite values"),
        (FACES, ["smiling+old"], "'old'"),
        (FACES, {"old": [1]}, "'old'"),
        (FACES, np.array(None), "None"),
        (FACES, [["hat", "hat", "hat"]], r"<U3 of shape \(1, 3\)"),
        (MultiLabel(3), ["smiling"], "'smiling'"),
        (BODY, [[1.0, np.inf]], "NaN or infinite values"),
        (BODY, [[1.0]], r"shape \(1, 1\)"),
    ],
)
def test_refuses(kind, values, received):
    with pytest.raises(ValueError, match=f"Received: {received}"):
        kind.check(values)


@pytest.mark.parametrize(
    ("make", "received"),
    [
        (lambda: MultiLabel(0), "0"),
        (lambda: MultiLabel(2.5), "2.5"),
        (lambda: MultiLabel(2, ["a"]), r"names=\['a'\]"),
        (lambda: MultiLabel(2, ["a", "a"]), r"names=\['a', 'a'\]"),
        (lambda: MultiLabel(2, frequencies=[0.5] * 3), "frequencies="),
        (lambda: MultiLabel(2, frequencies=1.5), "frequencies=1.5"),
        (lambda: MultiLabel(2, frequencies=np.nan), "frequencies=nan"),
        (lambda: Attributes(2, mean=[1.0]), r"mean=\[1.0\]"),
        (lambda: Attributes(2, std=[1.0, 0.0]), r"std=\[1.0, 0.0\]"),
    ],
)
def test_refuses_arguments(make, received):
    with pytest.raises(ValueError, match=f"Received: {received}"):
        make()


def test_labels_are_drawn_with_the_frequencies_of_the_data():
    rng = np.random.default_rng(0)
    kind = MultiLabel(2)
    np.testing.assert_allclose(kind.draw(4000, rng).mean(0), 0.5, atol=0.05)
    kind.check_data(np.array([[0, 1], [0, 1], [0, 1], [1, 1]]))
    assert kind.frequencies == [0.25, 1.0]
    drawn = kind.draw(4000, rng)
    assert set(np.unique(drawn)) == {0.0, 1.0}
    np.testing.assert_allclose(drawn.mean(0), [0.25, 1.0], atol=0.03)
    # What it was told, it keeps.
    kind.check_data(np.zeros((4, 2)))
    assert kind.frequencies == [0.25, 1.0]


def test_attributes_are_drawn_around_the_mean_of_the_data():
    rng = np.random.default_rng(0)
    values = rng.normal([5.0, -3.0], [0.1, 2.0], (500, 2))
    kind = Attributes.from_data(values)
    drawn = kind.draw(4000, rng)
    np.testing.assert_allclose(drawn.mean(0), values.mean(0), atol=0.1)
    np.testing.assert_allclose(drawn.std(0), values.std(0), rtol=0.05)


def test_names_and_frequencies_are_learnt_from_the_modality_of_the_data():
    kind = MultiLabel(3)
    data = MultiLabel(3, NAMES, 0.25)
    assert kind.learn(data) == {"condition": kind}
    assert (kind.names, kind.frequencies) == (NAMES, 0.25)
    assert kind.learn(MultiLabel(3, ["a", "b", "c"])) == {}
    assert MultiLabel(2).learn(MultiLabel(3, NAMES)) == {}
    assert kind.agrees_with(data)
    assert not kind.agrees_with(MultiLabel(2))
    assert not kind.agrees_with(Attributes(3))
    assert not ClassLabel(3).agrees_with(data)


@pytest.mark.parametrize("kind", [FACES, MultiLabel(2, frequencies=0.1), BODY])
def test_is_described_as_json(kind):
    own = json.loads(json.dumps(serialize(kind)))
    assert deserialize(own).get_config() == kind.get_config()
    config = json.dumps(keras.saving.serialize_keras_object(kind))
    again = keras.saving.deserialize_keras_object(json.loads(config))
    assert type(again) is type(kind)
    assert again.get_config() == kind.get_config()


def test_rows_have_names(tmp_path):
    assert FACES.name_of([1, 0, 1]) == "smiling+hat"
    assert FACES.name_of([0, 0, 0]) == "none"
    assert MultiLabel(2).name_of([1, 1]) == "0+1"
    assert BODY.name_of([180.0, 20.5]) == "height=180,age=20.5"
    FACES.write(tmp_path / "row.txt", np.array([1, 0, 1], "uint8"))
    assert (tmp_path / "row.txt").read_text() == "smiling+hat\n"


def test_carried_vectors_come_back():
    rng = np.random.default_rng(0)
    for kind, dtype in ((FACES, "uint8"), (BODY, "float32")):
        values = kind.noise(5, rng)
        carried = kind.carry(values)
        assert carried.dtype == dtype
        device = keras.ops.convert_to_numpy(kind.to_device(carried))
        assert device.dtype == np.float32
        np.testing.assert_array_equal(device, values)
