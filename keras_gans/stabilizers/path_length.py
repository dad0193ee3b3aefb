"""Path length regularisation: Karras et al. 2020, arXiv:1912.04958."""

import math
from typing import Any

import keras
from keras import ops

from keras_gans import backend
from keras_gans.stabilizers.weighted import WeightedStabilizer


@keras.saving.register_keras_serializable("keras_gans")
class PathLength(WeightedStabilizer):
    """Adds weight * E[(|J^T y| - a)^2] to the loss of a style-based generator.

    Karras et al. 2020, equation 4: a step of a fixed length in W is to change
    the image by a fixed amount. J is the derivative of the image with respect
    to the styles, y an image of N(0, 1 / (height * width)), and the length is
    the root of the mean, over the layers that take a style, of |J^T y|^2. The
    number a is the running mean of the lengths, which is saved.

    The variant calls `term_of` in its generator's loss.

    Args:
        weight: The weight, at least 0, or a Keras schedule; 2 in Karras et
            al. 2020.
        every: Steps from one term to the next.
        decay: Share by which the running mean moves to each batch's, in
            (0, 1].
        shrink: One of so many rows of a batch is looked at.
        **kwargs: As in `keras.layers.Layer`.

    Raises:
        ValueError: For numbers out of range, and for a GAN whose generator
            has no styles.
    """

    logged = ("path_penalty", "path_length")

    def __init__(
        self,
        weight: Any = 2.0,
        every: int = 4,
        decay: float = 0.01,
        shrink: int = 2,
        **kwargs: Any,
    ):
        super().__init__(weight, every, **kwargs)
        if not 0 < decay <= 1:
            raise ValueError(
                f"`decay` must be in (0, 1]. Received: decay={decay}"
            )
        self.decay = decay
        self.shrink = shrink
        self.mean = self.add_weight(
            name="mean",
            shape=(),
            initializer="zeros",
            trainable=False,
            aggregation="only_first_replica",
        )

    def check(self, gan: Any) -> None:
        """Raises a ValueError where the generator has no styles."""
        if not hasattr(gan, "synthesize"):
            raise ValueError(
                "PathLength is for generators with styles, as StyleGAN2's. "
                f"Received: {type(gan).__name__}"
            )

    def term_of(self, gan: Any, styles: Any) -> Any:
        """Returns the term of the generator's loss.

        Args:
            gan: The GAN, whose `synthesize` makes images of styles.
            styles: A w for each layer, (N, layers, style_dim).
        """

        def penalty() -> Any:
            num = (ops.shape(styles)[0] + self.shrink - 1) // self.shrink
            lengths = self.lengths(gan, styles[:num])
            now = backend.mean_over_replicas(ops.mean(lengths))
            mean = self.mean + self.decay * (now - self.mean)
            self.mean.assign(ops.stop_gradient(mean))
            return ops.mean(ops.square(lengths - mean))

        term = self.term(gan, penalty)
        gan.log("path_length", self.mean)
        return term

    def lengths(self, gan: Any, styles: Any) -> Any:
        """Returns the length |J^T y| of each row, (N,).

        Args:
            gan: The GAN.
            styles: A w for each layer, (N, layers, style_dim).
        """
        shape = gan.image_shape
        num = ops.shape(styles)[0]
        y = gan.draw(keras.random.normal, num, *shape)
        y = y / math.sqrt(shape[0] * shape[1])

        def product(styles: Any) -> Any:
            images = gan.synthesize(styles)
            return ops.sum(images * ops.cast(y, images.dtype), (1, 2, 3))

        slope = backend.input_gradient(product, styles)
        squares = ops.sum(ops.square(slope), axis=2)
        return ops.sqrt(ops.mean(squares, axis=1) + 1e-12)

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration."""
        own = {"decay": self.decay, "shrink": self.shrink}
        return {**super().get_config(), **own}
