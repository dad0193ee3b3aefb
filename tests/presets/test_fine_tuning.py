"""A preset trained on with other sizes, latents or classes."""

import contract
import keras
import numpy as np
import pytest
from small_gans import same_images, small

import keras_gans
from keras_gans.presets import load_preset


def weights_of(gan, player):
    return [keras.ops.convert_to_numpy(w) for w in getattr(gan, player).weights]


@pytest.fixture
def trained(images, tmp_path):
    """A small DCGAN that was trained, and the folder of its preset."""
    gan = small("DCGAN", ema_decay=0.9, seed=3)
    gan.compile()
    gan.fit(images, batch_size=16, verbose=0)
    gan.save_to_preset(tmp_path / "dcgan")
    return gan, tmp_path / "dcgan"


# What is changed, and how many layers of the generator and of the
# discriminator start anew. The generator has a dense layer, and two (16x16) or
# three (32x32) transposed convolutions with batch norm between; the
# discriminator as many convolutions and a dense layer.
CHANGES = [
    ({}, 0, 0),
    ({"dtype": "mixed_bfloat16"}, 0, 0),
    ({"seed": 5}, 0, 0),
    ({"ema_decay": None}, 0, 0),
    ({"latent_dim": 6}, 1, 0),
    ({"image_shape": (16, 16, 3)}, 1, 1),
    ({"image_shape": (20, 20, 1)}, 1, 1),
    ({"image_shape": (32, 32, 1)}, None, None),
    ({"width": 6}, None, None),
]


@pytest.mark.parametrize("changes, generator, discriminator", CHANGES)
def test_what_fits_is_kept(changes, generator, discriminator, trained, images):
    old, folder = trained
    gan = keras_gans.DCGAN.from_preset(folder, fine_tune=True, **changes)
    report = gan.fine_tuning
    anew = [
        sum(layer.startswith(player) for layer in report.anew)
        for player in gan.players
    ]
    if generator is not None:
        assert anew == [generator, discriminator]
    num = sum(bool(n.weights) for n in gan.generator.layers)
    num += sum(bool(n.weights) for n in gan.discriminator.layers)
    assert len(report.kept) + len(report.anew) == num
    text = str(report)
    assert f"{len(report.kept)} layers are kept" in text
    assert all(layer in text for layer in report.anew)
    # Layers that are called kept hold the preset's numbers.
    held = [keras.ops.convert_to_numpy(w).tobytes() for w in old.weights]
    same = sum(
        keras.ops.convert_to_numpy(layer.weights[0]).tobytes() in held
        for network in (gan.generator, gan.discriminator)
        for layer in network.layers
        if layer.weights
    )
    assert same >= len(report.kept)
    assert int(gan.steps.numpy()) == 0
    if gan.ema_decay is not None:
        for one, other in zip(
            weights_of(gan, "generator"),
            weights_of(gan, "ema_generator"),
            strict=True,
        ):
            np.testing.assert_array_equal(one, other)
    gan.compile()
    data = np.resize(images, (32, *gan.image_shape))
    logs = gan.fit(data, batch_size=16, verbose=0).history
    assert np.isfinite(logs["loss"]).all()


FIT = ({}, {"dtype": "mixed_bfloat16"}, {"seed": 5}, {"ema_decay": None})


@pytest.mark.parametrize("changes", [c for c, *_ in CHANGES if c not in FIT])
def test_without_fine_tune_all_must_fit(changes, trained):
    _, folder = trained
    with pytest.raises(ValueError, match=r"`fine_tune=True`.*Received: .*over"):
        load_preset(keras_gans.DCGAN, folder, **changes)


def test_the_live_weights_are_kept_rather_than_their_average(trained):
    old, folder = trained
    gan = keras_gans.DCGAN.from_preset(folder, fine_tune=True)
    for player in gan.players:
        for one, other in zip(
            weights_of(gan, player), weights_of(old, player), strict=True
        ):
            np.testing.assert_array_equal(one, other)
    old.ema_generator.set_weights(old.generator.get_weights())
    assert same_images(gan, old)


def test_what_starts_anew_follows_the_seed(trained):
    _, folder = trained
    gan = keras_gans.DCGAN.from_preset(folder, fine_tune=True, latent_dim=6)
    fresh = small("DCGAN", ema_decay=0.9, seed=3, latent_dim=6)
    (one,) = (w for w in weights_of(gan, "generator") if len(w) == 6)
    (other,) = (w for w in weights_of(fresh, "generator") if len(w) == 6)
    np.testing.assert_array_equal(one, other)


CONDITIONAL = ["ConditionalGAN", "ACGAN", "SAGAN", "BigGAN"]


@pytest.mark.parametrize("variant", CONDITIONAL)
@pytest.mark.parametrize("num_classes", [2, 5])
def test_other_numbers_of_classes(variant, num_classes, tmp_path):
    arguments = {"class_names": ["a", "b", "c"]}
    if variant == "ConditionalGAN":
        arguments["networks"] = "dcgan"
    old = contract.tiny(variant, **arguments)
    old.save_to_preset(tmp_path)
    gan = load_preset(
        type(old), tmp_path, fine_tune=True, num_classes=num_classes
    )
    labels = gan.takes["labels"]
    assert labels.num_classes == num_classes and labels.names is None
    assert gan.fine_tuning.kept and len(gan.fine_tuning.anew) <= 4
    names = [str(i) for i in range(num_classes)]
    named = load_preset(
        type(old),
        tmp_path,
        fine_tune=True,
        num_classes=num_classes,
        class_names=names,
    )
    assert named.takes["labels"].names == names
    assert gan.generate(3, labels=num_classes - 1).shape == (3, 16, 16, 1)


def test_classes_that_both_have_keep_their_rows(tmp_path):
    old = contract.tiny("BigGAN")
    old.save_to_preset(tmp_path)
    gan = load_preset(type(old), tmp_path, fine_tune=True, num_classes=5)
    rows = [
        next(
            keras.ops.convert_to_numpy(layer.embeddings)
            for layer in g.generator.layers
            if isinstance(layer, keras.layers.Embedding)
        )
        for g in (old, gan)
    ]
    assert [len(r) for r in rows] == [3, 5]
    np.testing.assert_array_equal(rows[1][:3], rows[0])


def test_classes_of_the_same_names_keep_their_rows(tmp_path):
    old = contract.tiny("BigGAN", class_names=["cats", "dogs", "eels"])
    old.save_to_preset(tmp_path)
    changes = {
        "num_classes": 4,
        "class_names": ["ants", "eels", "cats", "owls"],
    }
    gan = load_preset(type(old), tmp_path, fine_tune=True, **changes)
    one, two = (
        next(
            keras.ops.convert_to_numpy(layer.embeddings)
            for layer in g.generator.layers
            if isinstance(layer, keras.layers.Embedding)
        )
        for g in (old, gan)
    )
    np.testing.assert_array_equal(two[[2, 1]], one[[0, 2]])
    assert np.abs(two[0] - one[0]).max() > 0


def test_players_of_several_networks(tmp_path):
    old = contract.tiny("UnpairedImages", ema_decay=0.5)
    old.save_to_preset(tmp_path)
    gan = load_preset(type(old), tmp_path, fine_tune=True)
    assert not gan.fine_tuning.anew
    assert any(k.startswith("generators[1]: ") for k in gan.fine_tuning.kept)
    for one, other in zip(gan.critics, old.critics, strict=True):
        for a, b in zip(one.weights, other.weights, strict=True):
            np.testing.assert_array_equal(a, b)


def test_frozen_layers_train_again(trained, tmp_path):
    gan, _ = trained
    gan.discriminator.layers[1].trainable = False
    gan.save_to_preset(tmp_path / "frozen")
    cls = type(gan)
    assert load_preset(cls, tmp_path / "frozen").frozen_layers()
    tuned = load_preset(cls, tmp_path / "frozen", fine_tune=True, latent_dim=6)
    assert not tuned.frozen_layers()
