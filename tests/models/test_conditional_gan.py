import keras
import numpy as np
import pytest
from contract import tiny
from keras import layers, ops
from linear import REAL

import keras_gans


class Frozen(keras_gans.ConditionalGAN):
    def random_latents(self, num):
        return ops.ones((num, self.latent_dim))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_equation_2_by_hand():
    # G(z | y) = w z with w = -0.5 for the class 1; D(x | y) = v x with v = 2.
    z, x = keras.Input((1,)), keras.Input((1, 1, 1))
    label = keras.Input((), dtype="int32")
    w = layers.Embedding(2, 1, name="w")
    v = layers.Embedding(2, 1, name="v")
    fake = layers.Reshape((1, 1, 1))(w(label) * z)
    gan = Frozen(
        (1, 1, 1),
        num_classes=2,
        latent_dim=1,
        generator=keras.Model([z, label], fake),
        discriminator=keras.Model([x, label], v(label) * layers.Flatten()(x)),
    )
    w.set_weights([np.array([[7.0], [-0.5]])])
    v.set_weights([np.array([[7.0], [2.0]])])
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(0.1),
        discriminator_optimizer=keras.optimizers.SGD(0.1),
    )
    images, labels = np.full((1, 1, 1, 1), REAL), np.array([1])
    gan.fit(images, labels, batch_size=1, verbose=0)
    slope = -REAL * sigmoid(-2.0 * REAL) - 0.5 * sigmoid(2.0 * -0.5)
    d = 2.0 - 0.1 * slope
    g = -0.5 + 0.1 * d * sigmoid(-d * -0.5)
    # The other class is left alone.
    np.testing.assert_allclose(v.get_weights()[0], [[7.0], [d]], rtol=1e-5)
    np.testing.assert_allclose(w.get_weights()[0], [[7.0], [g]], rtol=1e-5)


def test_labels_choose_what_is_made():
    gan = tiny("ConditionalGAN")
    latents = np.ones((4, 4), "float32")
    by_turns = gan.generate(4, latents=latents)
    chosen = gan.generate(4, latents=latents, labels=[0, 1, 2, 0])
    np.testing.assert_array_equal(by_turns, chosen)
    np.testing.assert_allclose(chosen[0], chosen[3], atol=1e-6)
    assert np.abs(chosen[0] - chosen[1]).max() > 0


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (None, "Received: no 'labels'"),
        (np.full(48, 3), "Received: labels from 3 to 3"),
        (np.full(48, -1), "Received: labels from -1"),
        (np.zeros(48), "Received: float64"),
        (np.zeros((48, 3), int), r"of shape \(48, 3\)"),
        (np.zeros(47, int), "Received: shapes"),
    ],
)
def test_refuses_wrong_labels(labels, message, images):
    with pytest.raises(ValueError, match=message):
        tiny("ConditionalGAN").fit(images, labels, batch_size=16)


def test_refuses_to_generate_wrong_labels():
    gan = tiny("ConditionalGAN")
    with pytest.raises(ValueError, match="Received: labels from 3"):
        gan.generate(1, labels=[3])
    with pytest.raises(ValueError, match=r"Received: \(1,\)"):
        gan.generate(2, labels=[0])


@pytest.mark.parametrize("num_classes", [0, 2.5])
def test_refuses_no_classes(num_classes):
    with pytest.raises(ValueError, match="Received: num_classes="):
        keras_gans.ConditionalGAN((16, 16, 1), num_classes)


def test_dcgan_networks_are_told_the_class():
    gan = keras_gans.ConditionalGAN(
        (16, 16, 3), 4, latent_dim=3, networks="dcgan", width=2, seed=0
    )
    images = gan.generate(4, seed=0, labels=[0, 1, 2, 3])
    assert images.shape == (4, 16, 16, 3)
    same = np.repeat(images[:1], 4, axis=0)
    logits = gan.discriminator([same, np.arange(4)])
    assert np.ptp(ops.convert_to_numpy(logits)) > 0


def test_refuses_networks_that_there_are_not():
    with pytest.raises(ValueError, match="Received: 'resnet'"):
        keras_gans.ConditionalGAN(networks="resnet")


def test_refuses_images_without_labels_and_one_hot_labels(images):
    gan = tiny("ConditionalGAN")
    for without in (list(images), ops.convert_to_tensor(images)):
        with pytest.raises(ValueError, match="Received: no 'labels'"):
            gan.fit(without)
    with pytest.raises(ValueError, match=r"Received: batches of \['images'\]"):
        gan.unpack((images,))
    with pytest.raises(ValueError, match=r"one-hot.*shape \(48, 3\)"):
        gan.unpack((images, np.zeros((48, 3), "int32")))


def test_takes_the_classes_that_numpy_counts():
    labels = np.array([0, 4], "uint8")
    gan = keras_gans.ConditionalGAN((8, 8, 1), labels.max() + 1, units=24)
    assert type(gan.get_config()["num_classes"]) is int
    assert gan.num_classes == 5
