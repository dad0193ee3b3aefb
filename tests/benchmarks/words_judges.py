"""Two classifiers of hair and eye colours, and what matches sentences.

The classifiers learn from images that no GAN sees, and none is used in
training a GAN.
"""

import keras
import numpy as np
from keras import layers

import keras_gans

KINDS = ("plain", "residual")


def plain(size):
    """Pairs of convolutions with batch norm, pooled, and a dense layer.

    More dropout, before and after one more dense layer, left it with 26 % of
    the eyes of real images where this has 60 %.
    """
    images = x = keras.Input((size, size, 3))
    for filters in (24, 48, 96):
        for _ in range(2):
            x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
            x = layers.ReLU()(layers.BatchNormalization()(x))
        x = layers.MaxPooling2D(2)(x)
    return images, layers.Dropout(0.3)(layers.Flatten()(x))


def residual(size):
    """Residual blocks with layer norm and swish, and a mean over places."""
    images = keras.Input((size, size, 3))
    x = layers.Conv2D(32, 3, padding="same")(images)
    for filters in (32, 64, 96, 128):
        y = layers.Activation("swish")(layers.LayerNormalization()(x))
        y = layers.Conv2D(filters, 3, 2, "same")(y)
        y = layers.Activation("swish")(layers.LayerNormalization()(y))
        y = layers.Conv2D(filters, 3, padding="same")(y)
        x = y + layers.Conv2D(filters, 1)(layers.AveragePooling2D(2)(x))
    x = layers.Activation("swish")(layers.LayerNormalization()(x))
    return images, layers.Dropout(0.3)(layers.GlobalAveragePooling2D()(x))


def judge(kind, anime, size, folder, epochs):
    """Returns a trained classifier; it is trained once, and kept in a file.

    Args:
        kind: One of `KINDS`.
        anime: The data.
        size: Side of the images.
        folder: Where its file is.
        epochs: Passes over its images, each flipped and shifted at random.
    """
    keras.utils.set_random_seed(KINDS.index(kind))
    images, x = {"plain": plain, "residual": residual}[kind](size)
    classes = {"hair": len(anime.hair), "eyes": len(anime.eyes)}
    outputs = {n: layers.Dense(k, name=n)(x) for n, k in classes.items()}
    model = keras.Model(images, outputs, name=f"judge_{kind}")
    path = folder / f"judge_{kind}_{size}.weights.h5"
    if path.exists():
        model.load_weights(path)
        return model
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(
        keras.optimizers.AdamW(2e-3, weight_decay=1e-3),
        {name: loss for name in classes},
        jit_compile=keras.backend.backend() == "jax",
    )
    rng = np.random.default_rng(KINDS.index(kind))
    values = anime.judge.images / np.float32(127.5) - 1.0
    targets = {"hair": anime.judge.hair, "eyes": anime.judge.eyes}
    for epoch in range(epochs):
        rate = 2e-3 * (1 + np.cos(np.pi * epoch / epochs)) / 2
        model.optimizer.learning_rate = rate
        model.fit(changed(values, rng), targets, batch_size=64, verbose=0)
    model.save_weights(path)
    return model


def matching(images, ids, text, path, epochs):
    """Returns a matching model; it is trained once, and kept in a file.

    Args:
        images: uint8 images (N, H, W, C).
        ids: The ids of their sentences.
        text: The modality of the sentences.
        path: The file.
        epochs: Passes over the images.
    """
    model = keras_gans.MatchingModel(
        images.shape[1:], text, text_dim=64, width=32, seed=0
    )
    if path.exists():
        model.load_weights(path)
        return model
    model.compile(keras.optimizers.Adam(1e-3, 0.5))
    model.fit(images, ids, batch_size=48, epochs=epochs, verbose=0)
    model.save_weights(path)
    return model


def changed(images, rng):
    """Flips half of the images and shifts all, by up to an eighth."""
    reach = images.shape[1] // 8
    flipped = rng.uniform(size=len(images)) < 0.5
    images = np.where(flipped[:, None, None, None], images[:, :, ::-1], images)
    padded = np.pad(
        images, ((0, 0), (reach,) * 2, (reach,) * 2, (0, 0)), "edge"
    )
    top, left = rng.integers(0, 2 * reach + 1, (2, len(images)))
    size = images.shape[1]
    return np.stack(
        [
            row[t : t + size, k : k + size]
            for row, t, k in zip(padded, top, left, strict=True)
        ]
    ).astype("float32")
