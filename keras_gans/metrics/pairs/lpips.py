"""LPIPS, a perceptual distance of learned features, of sets of images."""

import os
from typing import Any

from keras_gans.metrics.pairs.image_pairs import (
    ImagePairMetric,
    compare_sets,
)
from keras_gans.metrics.pairs.perceptual_network import load_lpips
from keras_gans.metrics.record import MetricRecord


def lpips(
    real: Any,
    fake: Any,
    backbone: str = "alex",
    weights: str | os.PathLike | None = None,
    heads: str | os.PathLike | None = None,
    linear: bool = True,
    batch_size: int = 16,
) -> MetricRecord:
    """Computes the mean LPIPS of two sets, compared image by image.

    Args:
        real: Array (N, H, W, C), uint8 or float in [-1, 1]; an image source
            from `keras_gans.data.load`; or a list of images (H, W, C), which
            may differ in size. Floats are rounded to uint8.
        fake: As many images, in the same order.
        backbone: "alex", "vgg" or "squeeze". Most papers report "alex" and
            use "vgg" as a loss.
        weights: See `load_lpips`.
        heads: See `load_lpips`.
        linear: See `load_lpips`.
        batch_size: Images at a time.

    Returns:
        A record of the mean.

    Raises:
        ValueError: For bad images, for sets that do not match, and as
            `load_lpips`.
    """
    metric = LPIPS(backbone, weights, heads, linear)
    return compare_sets(metric, real, fake, batch_size)


class LPIPS(ImagePairMetric):
    """The mean LPIPS as a streaming Keras metric; lower is more similar.

    The metric works outside compiled steps; as a loss use the network itself:
    `load_lpips("vgg")(real, fake)`.

    Args:
        backbone: "alex", "vgg" or "squeeze".
        weights: See `load_lpips`.
        heads: See `load_lpips`.
        linear: See `load_lpips`.
        name: Name of the metric; None gives `lpips[<network>]`.
    """

    metric = "lpips"

    def __init__(
        self,
        backbone: str = "alex",
        weights: str | os.PathLike | None = None,
        heads: str | os.PathLike | None = None,
        linear: bool = True,
        name: str | None = None,
    ):
        paths = [p if p is None else os.fspath(p) for p in (weights, heads)]
        self.network = load_lpips(backbone, *paths, linear)
        super().__init__(self.network.name, self.network.checksum, name)
        self._config = {
            "backbone": backbone,
            "weights": paths[0],
            "heads": paths[1],
            "linear": linear,
        }

    def compare(self, real: Any, fake: Any) -> Any:
        """Compares uint8 images; returns distances (n,)."""
        self.channels = self.network.channels_of(real.shape[1:])
        return self.network(real, fake)

    def get_config(self) -> dict[str, Any]:
        """Returns the configuration, with the paths of the weights."""
        return {**self._config, "name": self.name}
