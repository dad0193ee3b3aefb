"""Text encoders, painters and discriminators joined, and what they show."""

import keras

from keras_gans.modalities import Text
from keras_gans.networks.text.conditioning import STATISTICS
from keras_gans.networks.text.encoders import outputs_of


def joined(
    encoder: keras.Model, painter: keras.Model, prompts: Text, latent_dim: int
) -> keras.Model:
    """Joins a text encoder and a painter to a generator.

    Returns:
        A model from latents and ids to images.
    """
    latents = keras.Input((latent_dim,), name="latents")
    ids = keras.Input(prompts.shape, dtype=prompts.dtype, name="prompts")
    sentence = outputs_of(encoder, encoder(ids))["sentence"]
    images = painter([latents, sentence])
    return keras.Model([latents, ids], images, name="generator")


def with_statistics(painter: keras.Model) -> keras.Model:
    """Returns a painter that also returns what its augmentation draws from."""
    names = [layer.name for layer in painter.layers]
    if STATISTICS not in names:
        return painter
    statistics = painter.get_layer(STATISTICS).output
    return keras.Model(painter.inputs, [painter.outputs[0], statistics])


def with_features(discriminator: keras.Model) -> keras.Model | None:
    """Returns a discriminator that also returns its features of the images.

    Returns:
        A model of the same layers; None for a discriminator without networks
        named "features" and "verdict".
    """
    names = [layer.name for layer in discriminator.layers]
    if not {"features", "verdict"} <= set(names):
        return None
    images, sentences = discriminator.inputs
    features = discriminator.get_layer("features")(images)
    logits = discriminator.get_layer("verdict")([features, sentences])
    return keras.Model([images, sentences], [logits, features])
