"""Several labels at once and attributes, in the variants that take them."""

import keras
import numpy as np
import pytest
from contract import EAGER, assert_same_state, rows_for, tiny
from keras import ops

import keras_gans
from keras_gans.modalities import Attributes, MultiLabel
from keras_gans.networks.conditions import embedded, vectors

VARIANTS = ["ConditionalGAN", "SAGAN", "BigGAN"]
CONDITIONS = {
    "labels": lambda: MultiLabel(3, ["smiling", "young", "hat"]),
    "attributes": lambda: Attributes(2, mean=[170.0, 40.0], std=[10.0, 5.0]),
}
each = pytest.mark.parametrize("variant", VARIANTS)


def numbers(tensor):
    return ops.convert_to_numpy(tensor)


def test_the_map_of_a_multi_hot_vector_is_the_sum_of_embeddings():
    label, vector = keras.Input((), dtype="int32"), keras.Input((3,))
    by_class = keras.Model(label, embedded(label, 3, 2, "zeros"))
    by_vector = keras.Model(vector, embedded(vector, MultiLabel(3), 2, "zeros"))
    table = np.array([[1.0, 2.0], [30.0, 40.0], [500.0, 600.0]])
    for model in (by_class, by_vector):
        model.set_weights([table])  # which has no bias
    classes = numbers(by_class(np.array([0, 1, 2])))
    np.testing.assert_array_equal(numbers(by_vector(np.eye(3))), classes)
    several = numbers(by_vector(np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 0.0]])))
    np.testing.assert_allclose(several, [[501.0, 602.0], [0.0, 0.0]])


@each
def test_one_label_of_several_is_a_class(variant):
    by_class = tiny(variant, latent_dim=8)
    by_vector = tiny(variant, latent_dim=8, condition=MultiLabel(3))
    for player in by_class.players:
        networks = [getattr(g, player) for g in (by_class, by_vector)]
        theirs, ours = (
            {tuple(w.shape): [] for w in network.weights}
            for network in networks
        )
        for network, found in zip(networks, (theirs, ours), strict=True):
            for w in network.weights:
                found[tuple(w.shape)].append(w)
        # The layers are the same; an embedding may stand at another place.
        assert {k: len(v) for k, v in ours.items()} == {
            k: len(v) for k, v in theirs.items()
        }
        for shape, targets in ours.items():
            for target, source in zip(targets, theirs[shape], strict=True):
                target.assign(numbers(source))
    latents = np.random.default_rng(0).normal(size=(3, 8)).astype("float32")
    made = [
        by_class.generate(latents=latents, labels=[0, 1, 2]),
        by_vector.generate(latents=latents, labels=np.eye(3)),
    ]
    np.testing.assert_allclose(*made, atol=1e-6)
    logits = [
        numbers(gan.discriminator([made[0], labels], training=False))
        for gan, labels in (
            (by_class, np.arange(3)),
            (by_vector, np.eye(3, dtype="float32")),
        )
    ]
    np.testing.assert_allclose(*logits, rtol=1e-4, atol=1e-6)
    assert np.ptp(made[0], axis=0).max() > 0


def test_networks_see_attributes_with_mean_0_and_variance_1():
    kind = CONDITIONS["attributes"]()
    given = keras.Input((2,))
    model = keras.Model(given, vectors(given, kind))
    seen = numbers(model(np.array([[170.0, 40.0], [180.0, 30.0]])))
    np.testing.assert_allclose(seen, [[0.0, 0.0], [1.0, -2.0]], atol=1e-5)


class Crash(keras.callbacks.Callback):
    """Breaks off in the third step."""

    def on_train_batch_end(self, batch, logs=None):
        if batch == 2:
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("variant", "condition"),
    [
        ("ConditionalGAN", "labels"),
        ("ConditionalGAN", "attributes"),
        ("SAGAN", "attributes"),
        ("BigGAN", "labels"),
    ],
)
def test_trains_saves_loads_and_is_told(variant, condition, tmp_path):
    gan = tiny(variant, run_eagerly=EAGER, condition=CONDITIONS[condition]())
    rows = rows_for(gan, 16)
    gan.fit(rows["images"], rows["labels"], batch_size=16, verbose=0)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert_same_state(gan, loaded)
    kind = loaded.takes["labels"]
    assert kind.get_config() == gan.takes["labels"].get_config()
    gan.save_to_preset(tmp_path / "preset")
    preset = type(gan).from_preset(tmp_path / "preset")
    latents = np.ones((3, gan.latent_dim), "float32")
    told = {
        "labels": ["smiling+hat", "none", "young"],
        "attributes": [[180.0, 40.0], [160.0, 60.0], [160.0, 20.0]],
    }[condition]
    made = gan.generate(latents=latents, labels=told)
    assert made.shape == (3, 16, 16, 1)
    for other in (loaded, preset):
        again = other.generate(latents=latents, labels=told)
        np.testing.assert_array_equal(made, again)
    assert np.ptp(made, axis=0).max() > 0
    assert gan.generate(2, seed=0).shape == (2, 16, 16, 1)


@pytest.mark.parametrize(
    ("variant", "condition"),
    [("ConditionalGAN", "labels"), ("SAGAN", "attributes")],
)
def test_resumes_bit_for_bit(variant, condition, tmp_path):
    def train(*callbacks):
        gan = tiny(variant, EAGER, condition=CONDITIONS[condition]())
        gan.fit(
            rows_for(gan), batch_size=16, verbose=0, callbacks=list(callbacks)
        )
        return gan

    def backup():
        return keras.callbacks.BackupAndRestore(tmp_path / "backup", 2)

    with pytest.raises(KeyboardInterrupt):
        train(backup(), Crash())
    assert_same_state(train(backup()), train())


@pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="exported on TensorFlow"
)
@pytest.mark.parametrize(
    ("variant", "condition", "format"),
    [
        ("ConditionalGAN", "labels", "tf_saved_model"),
        ("ConditionalGAN", "labels", "onnx"),
        ("ConditionalGAN", "attributes", "onnx"),
        ("SAGAN", "attributes", "litert"),
    ],
)
def test_exports_take_vectors(variant, condition, format, tmp_path):
    gan = tiny(variant, condition=CONDITIONS[condition]())
    names = {"tf_saved_model": "model", "litert": "g.tflite", "onnx": "g.onnx"}
    report = gan.export(tmp_path / names[format], format=format)
    assert report.max_difference < 1e-5
    assert report.inputs["labels"] == (None, *gan.takes["labels"].shape)


@pytest.mark.parametrize(
    ("labels", "received"),
    [
        (np.arange(48) % 3, r"shape \(48,\)"),
        (np.full((48, 3), 2), "values from 2 to 2"),
        (np.zeros((48, 4)), r"shape \(48, 4\)"),
        (np.zeros((47, 3)), "shapes"),
        (None, "no 'labels'"),
    ],
)
def test_refuses_other_labels(labels, received, images):
    gan = tiny("ConditionalGAN", condition=MultiLabel(3))
    with pytest.raises(ValueError, match=f"Received: {received}"):
        gan.fit(images, labels, batch_size=16)


def test_vectors_for_classes_are_pointed_to_the_condition(images):
    with pytest.raises(ValueError, match=r"condition=.*MultiLabel"):
        tiny("ConditionalGAN").fit(images, np.zeros((48, 3), int))


@pytest.mark.parametrize("variant", ["ACGAN", "DCGAN", "InfoGAN", "SNGAN"])
def test_variants_without_a_condition_refuse_it(variant):
    with pytest.raises(TypeError, match="no argument 'condition'"):
        tiny(variant, condition=MultiLabel(3))


@pytest.mark.parametrize(
    ("arguments", "received"),
    [
        ({"condition": 3}, "condition=3"),
        ({"condition": MultiLabel(2), "class_names": ["a", "b"]}, "any of 2"),
    ],
)
def test_refuses_arguments(arguments, received):
    with pytest.raises(ValueError, match=f"Received: {received}"):
        tiny("ConditionalGAN", **arguments)


def test_a_sample_sheet_of_vectors(tmp_path, images):
    gan = tiny("ConditionalGAN", True, condition=MultiLabel(3))
    sheet = keras_gans.callbacks.SampleGrid(tmp_path, 4, animation=None)
    vectors = np.eye(3, dtype="uint8")[np.arange(48) % 3]
    gan.fit(images, vectors, batch_size=16, verbose=0, callbacks=[sheet])
    assert (tmp_path / "epoch_00001.png").exists()
    assert gan.takes["labels"].frequencies == pytest.approx(
        [1 / 3] * 3, abs=1e-5
    )
