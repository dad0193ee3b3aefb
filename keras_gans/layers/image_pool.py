"""A pool of images that were generated before."""

from typing import Any

import keras
from keras import ops

from keras_gans import backend


@keras.saving.register_keras_serializable("keras_gans")
class ImagePool(keras.layers.Layer):
    """Shows a discriminator generated images of earlier steps too.

    The first images fill the pool, and are shown as they are. After that half
    of the images are shown as they are, and leave the pool alone. Each of the
    other half takes the place of an image of the pool, chosen at random, and
    that image is shown.

    The pool is part of the layer's weights, so a resumed run shows what it
    would have shown. Replicas have one pool, of the images of them all.

    Args:
        shape: The shape of an image, (height, width, channels).
        size: Images in the pool.
        **kwargs: As in `keras.layers.Layer`.

    Reference:
        Shrivastava et al., "Learning from Simulated and Unsupervised Images
        through Adversarial Training", arXiv:1612.07828, section 2.3; the
        numbers are those of Zhu et al., arXiv:1703.10593, and of their code.
    """

    def __init__(
        self, shape: tuple[int, ...], size: int = 50, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.shape = tuple(shape)
        self.size = size
        state: dict[str, Any] = {
            "initializer": "zeros",
            "trainable": False,
            "aggregation": "only_first_replica",
        }
        self.images = self.add_weight((size, *self.shape), **state)
        self.count = self.add_weight((), dtype="int32", **state)
        self.built = True

    def call(self, images: Any, draws: Any) -> Any:
        """Returns what to show in place of images, and changes the pool.

        Images are taken one after another: one may be shown in place of a
        later one of the same batch.

        Args:
            images: Generated images (N, *shape).
            draws: Two random numbers in [0, 1) for each, (N, 2): whether to
                show an image of the pool, which is so below 1/2, and which.

        Returns:
            Images (N, *shape).
        """
        images, draws = backend.gather(images), backend.gather(draws)
        order = ops.arange(ops.shape(images)[0], dtype="int32")
        places = ops.arange(self.size, dtype="int32")
        free = self.count + order
        fills = free < self.size
        swaps = ops.logical_and(ops.logical_not(fills), draws[:, 0] < 0.5)
        chosen = ops.cast(ops.floor(draws[:, 1] * self.size), "int32")
        # The place that an image takes, -1 for none.
        place = ops.where(fills, free, ops.where(swaps, chosen, -1))
        # Row i and column j: j goes to the place of i, and comes before it.
        same = ops.logical_and(
            place[None, :] == place[:, None], order[None, :] < order[:, None]
        )
        before = ops.max(ops.where(same, order[None, :], -1), axis=1)
        taken = place[None, :] == places[:, None]
        last = ops.max(ops.where(taken, order[None, :], -1), axis=1)
        # Indices of the pool, and behind it of the images.
        everything = ops.concatenate([self.images.value, images])
        new = self.size + order
        old = ops.where(before < 0, chosen, self.size + before)
        shown = ops.take(everything, ops.where(swaps, old, new), axis=0)
        kept = ops.where(last < 0, places, self.size + last)
        self.images.assign(ops.take(everything, kept, axis=0))
        self.count.assign(ops.minimum(free[-1] + 1, self.size))
        return backend.share(shown)

    def load_own_variables(self, store: Any) -> None:
        """Loads the pool; from a file without it, such as a preset, none."""
        if store.keys():
            super().load_own_variables(store)

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        own = {"shape": self.shape, "size": self.size}
        return {**super().get_config(), **own}
