"""Text encoders: from the ids of words to features of words and sentences."""

from collections.abc import Callable
from typing import Any

import keras
from keras import layers, ops

from keras_gans.engine.building import building
from keras_gans.layers import LearnedTokens, UnrolledGRU
from keras_gans.networks.sizes import builders_named

OUTPUTS = ("words", "sentence", "mask")
"""What a text encoder returns, in this order or by these names."""


def build_gru_encoder(
    vocabulary_size: int, length: int, dim: int, embedding_dim: int = 300
) -> keras.Model:
    """Builds a bidirectional GRU, unrolled over the words.

    As AttnGAN's LSTM (Xu et al. 2018, section 3.2) each direction has half of
    the dimensions. A word's features are the states at the word; a sentence's
    are the last states.

    Args:
        vocabulary_size: Every id is in [0, vocabulary_size); 0 is padding.
        length: Ids of a sentence.
        dim: Dimensions of the features, an even number.
        embedding_dim: Dimensions of the words' embeddings.

    Returns:
        A model from ids (N, length) to a dictionary of `words` (N, length,
        dim), `sentence` (N, dim) and `mask` (N, length), 1 for words and 0
        for padding.

    Raises:
        ValueError: For an odd `dim`.
    """
    if dim % 2:
        raise ValueError(
            "A GRU of two directions has an even number of features. "
            f"Received: text_dim={dim}"
        )
    ids = keras.Input((length,), dtype="int32", name="prompts")
    x = layers.Embedding(vocabulary_size, embedding_dim)(ids)
    is_word = ops.not_equal(ids, 0)
    half = dim // 2
    states = [
        UnrolledGRU(half, backwards)([x, is_word])
        for backwards in (False, True)
    ]
    # Each direction keeps its state where there is padding.
    sentence = layers.Concatenate()([states[0][:, -1], states[1][:, 0]])
    words = layers.Concatenate()(states)
    return _encoder(ids, words, sentence, is_word)


def build_transformer_encoder(
    vocabulary_size: int,
    length: int,
    dim: int,
    blocks: int = 2,
    heads: int = 4,
) -> keras.Model:
    """Builds a transformer of a few blocks, with learned positions.

    Each block is layer norm and attention over the words, then layer norm and
    two dense layers, both added to their inputs. A sentence's features are
    the mean of its words'.

    Args:
        vocabulary_size: As in `build_gru_encoder`.
        length: As in `build_gru_encoder`.
        dim: Dimensions of the features, a multiple of `heads`.
        blocks: Number of blocks.
        heads: Number of heads of attention.

    Returns:
        As `build_gru_encoder`.

    Raises:
        ValueError: For dimensions that heads cannot share.
    """
    if dim % heads:
        raise ValueError(
            f"A transformer of {heads} heads has a multiple of as many "
            f"features. Received: text_dim={dim}"
        )
    ids = keras.Input((length,), dtype="int32", name="prompts")
    is_word = ops.not_equal(ids, 0)
    x = LearnedTokens()(layers.Embedding(vocabulary_size, dim)(ids))
    seen = ops.expand_dims(is_word, 1)  # (N, 1, L): by every word
    for _ in range(blocks):
        y = layers.LayerNormalization(epsilon=1e-5)(x)
        x = x + layers.MultiHeadAttention(heads, dim // heads)(
            y, y, attention_mask=seen
        )
        y = layers.LayerNormalization(epsilon=1e-5)(x)
        y = layers.Dense(4 * dim, activation="gelu")(y)
        x = x + layers.Dense(dim)(y)
    words = layers.LayerNormalization(epsilon=1e-5)(x)
    share = ops.expand_dims(ops.cast(is_word, words.dtype), -1)
    count = ops.maximum(ops.sum(share, axis=1), 1.0)
    sentence = ops.sum(words * share, axis=1) / count
    return _encoder(ids, words, sentence, is_word)


def _encoder(ids: Any, words: Any, sentence: Any, mask: Any) -> keras.Model:
    def output(x: Any) -> Any:
        return layers.Activation("linear", dtype="float32")(x)

    mask = ops.cast(mask, "float32")
    outputs = {"words": output(words), "sentence": output(sentence)}
    return keras.Model(ids, {**outputs, "mask": mask}, name="text_encoder")


ENCODERS: dict[str, Callable[..., keras.Model]] = {
    "gru": build_gru_encoder,
    "transformer": build_transformer_encoder,
}
"""The text encoders by name."""


def text_encoder_for(
    encoder: str | keras.Model, prompts: Any, dim: int
) -> keras.Model:
    """Returns a text encoder: a new one by its name, or a copy of a given one.

    Args:
        encoder: A key of `ENCODERS`, or a Keras model from ids to words,
            sentence and mask.
        prompts: The modality of the sentences, a `Text`.
        dim: Dimensions of a new one's features.

    Raises:
        ValueError: For an unknown name, and for a model that takes or returns
            something else.
    """
    if not isinstance(encoder, keras.Model):
        build = builders_named(encoder, ENCODERS)
        return build(prompts.vocabulary_size, prompts.length, dim)
    check_encoder(encoder, prompts.shape)
    with building(seed=0):
        copy = keras.models.clone_model(encoder)
    copy.set_weights(encoder.get_weights())
    return copy


def check_encoder(encoder: keras.Model, shape: tuple[int, ...]) -> None:
    """Refuses a model that is no text encoder for ids of a shape.

    Raises:
        ValueError: For one.
    """
    takes = [tuple(x.shape[1:]) for x in encoder.inputs]
    makes = {n: tuple(x.shape[1:]) for n, x in outputs_of(encoder).items()}
    dim = makes.get("sentence", (None,))[-1]
    wanted = dict(zip(OUTPUTS, ((*shape, dim), (dim,), shape), strict=True))
    if takes != [shape] or makes != wanted:
        raise ValueError(
            f"A text encoder must take ids (N, {shape[0]}) and return words "
            f"(N, {shape[0]}, D), sentence (N, D) and mask (N, {shape[0]}). "
            f"Received: {encoder.name!r}, from {takes} to {makes}"
        )


def outputs_of(encoder: keras.Model, made: Any = None) -> dict[str, Any]:
    """Returns what a text encoder returns, by the names of `OUTPUTS`.

    Args:
        encoder: The encoder.
        made: What it returned; None for its symbolic outputs.
    """
    if made is None:
        made = getattr(encoder, "_outputs_struct", encoder.outputs)
    if isinstance(made, dict):
        return {name: made[name] for name in OUTPUTS if name in made}
    return dict(zip(OUTPUTS, keras.tree.flatten(made), strict=False))
