"""How a sentence enters generators and discriminators."""

from typing import Any

from keras import layers, ops

STATISTICS = "statistics"
"""The name of the layer that makes means and log variances."""


def augmented(latents: Any, sentences: Any, dim: int | None) -> tuple[Any, Any]:
    """Returns a generator's latents, and the condition that it draws by.

    With `dim` that is StackGAN's conditioning augmentation (Zhang et al. 2017,
    section 3.2): a dense layer makes a mean and a log variance of the
    sentence, and the condition is mean + deviation * noise. The noise of
    N(0, 1) is the last `dim` numbers of the latents, so that latents and
    sentence decide the image.

    Args:
        latents: (N, latent_dim + dim).
        sentences: (N, D).
        dim: Dimensions of the condition; None for the sentence itself.
    """
    if dim is None:
        return latents, sentences
    z, noise = latents[:, :-dim], latents[:, -dim:]
    statistics = layers.Dense(2 * dim, dtype="float32", name=STATISTICS)
    mean, log_variance = ops.split(statistics(sentences), 2, axis=-1)
    return z, mean + ops.exp(log_variance / 2.0) * noise


def spread(vectors: Any, shape: tuple[int, int, int]) -> Any:
    """Repeats vectors (N, D) at every place of maps: (N, H, W, D)."""
    height, width, _ = shape
    y = layers.RepeatVector(height * width)(vectors)
    return layers.Reshape((height, width, vectors.shape[-1]))(y)
