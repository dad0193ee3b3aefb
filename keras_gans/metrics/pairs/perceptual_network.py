"""Networks that measure perceptual distances between images."""

import dataclasses
import functools
import os
from typing import Any

import keras
from keras import ops

from keras_gans.files import sha256_of, sha256_of_weights
from keras_gans.metrics.features.extractor import GREY_REPEATED
from keras_gans.metrics.pairs.image_pairs import check_pair
from keras_gans.modalities.image import to_float
from keras_gans.pretrained import lpips_files, lpips_weights
from keras_gans.pretrained.lpips_networks import (
    BACKBONES,
    SMALLEST,
    build_lpips,
)
from keras_gans.pretrained.perceptual import CONVOLUTIONS, SQUEEZE_CAFFE


@dataclasses.dataclass(frozen=True)
class PerceptualNetwork:
    """A network that measures perceptual distances between images.

    Attributes:
        model: A Keras model from two batches, float32 (n, H, W, 3) in
            [-1, 1], to distances (n,).
        name: Name in results. Numbers of different names cannot be compared.
        smallest: Smallest number of pixels on each side of an image.
    """

    model: keras.Model
    name: str
    smallest: int = 1

    @functools.cached_property
    def checksum(self) -> str:
        """SHA-256 of the weights, in hexadecimal."""
        return sha256_of_weights(self.model.get_weights())

    def channels_of(self, image_shape: tuple[int, ...]) -> str | None:
        """Returns "grey repeated" for the shape of grey images, else None."""
        return GREY_REPEATED if image_shape[-1] == 1 else None

    def __call__(self, real: Any, fake: Any) -> Any:
        """Measures distances, with Keras operations that have a gradient.

        Args:
            real: Images (n, H, W, 1 or 3), uint8 or float in [-1, 1]. Floats
                are not rounded; grey images are repeated.
            fake: As many images of the same size.

        Returns:
            float32 tensor (n,), 0 for equal images.

        Raises:
            ValueError: For shapes that differ, images that are too small,
                and NumPy arrays in a wrong range.
        """
        check_pair(real, fake)
        height, width, channels = real.shape[1:]
        if channels not in (1, 3):
            raise ValueError(
                "Perceptual distances need images of 1 or 3 channels. "
                f"Received: {channels}"
            )
        if None not in (height, width) and min(height, width) < self.smallest:
            raise ValueError(
                f"{self.name!r} needs images of {self.smallest} pixels or "
                f"more on each side. Received: {height}x{width}"
            )
        pair = [ops.convert_to_tensor(to_float(x)) for x in (real, fake)]
        if channels == 1:
            pair = [ops.repeat(images, 3, axis=-1) for images in pair]
        return self.model(pair, training=False)


@functools.cache
def load_lpips(
    backbone: str = "alex",
    weights: str | os.PathLike | None = None,
    heads: str | os.PathLike | None = None,
    linear: bool = True,
) -> PerceptualNetwork:
    """Loads the network of LPIPS, version 0.1.

    The heads were fitted to the channels of torchvision's backbones, so only
    those give the LPIPS of papers, under the plain name, such as `"alex"`.
    With the Caffe weights of SqueezeNet, whose channels are different, the
    name is `"squeeze_caffe"`. It is a perceptual distance too, but not LPIPS;
    `linear=False`, which weights all channels equally, suits it better. The
    VGG16 of `keras.applications` has Caffe weights too, and is not accepted.

    Args:
        backbone: "alex" (AlexNet), "vgg" (VGG16) or "squeeze"
            (SqueezeNet 1.1).
        weights: Path of the `.pth` file of torchvision's backbone, or of its
            folder. None takes the folder that the environment variable
            KERAS_GANS_LPIPS names; without it the file is downloaded
            (squeeze 5, alex 244, vgg 553 MB). "squeeze" also takes the Keras
            `.h5` file of rcmalli/keras-squeezenet.
        heads: Path of the heads, likewise; their file has the name of the
            backbone: `alex.pth`.
        linear: Whether to weight channels by the heads. False is the
            distance of the paper before fitting.

    Returns:
        The network, the same object for the same arguments.

    Raises:
        ValueError: For an unknown backbone, and for a bad file.
        FileNotFoundError: Where a file is missing.
        ConnectionError: Where a file cannot be downloaded.
    """
    if backbone not in BACKBONES:
        raise ValueError(
            f"`backbone` must be one of {sorted(BACKBONES)}. "
            f"Received: {backbone!r}"
        )
    published = lpips_files.BACKBONE_FILES[backbone]
    path = lpips_files.find(published, weights)
    model = build_lpips(backbone)
    model.trainable = False
    lpips_weights.load_backbone(model, path)
    name = backbone
    features = model.get_layer("features").get_weights()
    if not lpips_files.is_published(published, path) and (
        sha256_of_weights(features) != CONVOLUTIONS.get(backbone)
    ):
        is_caffe = sha256_of(path) == SQUEEZE_CAFFE
        name += "_caffe" if is_caffe else "_custom"
    if linear:
        head_file = lpips_files.HEAD_FILES[backbone]
        path = lpips_files.find(head_file, heads)
        lpips_weights.load_heads(model, path)
        if not lpips_files.is_published(head_file, path):
            name += "_custom_heads"
    else:
        lpips_weights.set_equal_heads(model)
        name += "_unweighted"
    return PerceptualNetwork(model, name, SMALLEST[backbone])
