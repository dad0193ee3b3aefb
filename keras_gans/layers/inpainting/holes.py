"""Images with holes: what a network sees, and what it gives back."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class CutHoles(keras.layers.Layer):
    """Shows images with their holes in grey, and where these are.

    It takes images (N, H, W, C) and masks (N, H, W, 1) of 0 (keep) and 1
    (fill in), and returns (N, H, W, C + 2): the images with 0, mid-grey, in
    the holes, a channel of ones, which tells the image from what a
    convolution pads it with, and the masks. What the images hold in their
    holes does not matter.
    """

    def call(self, inputs: Any) -> Any:
        """Returns the images without their holes, ones, and the masks."""
        images, masks = inputs
        kept = ops.where(masks > 0.5, ops.zeros_like(images), images)
        return ops.concatenate([kept, ops.ones_like(masks), masks], axis=-1)

    def compute_output_shape(self, shapes: Any) -> tuple[Any, ...]:
        """Returns the shape of the images with two more channels."""
        *shape, channels = shapes[0]
        return (*shape, channels + 2)


@keras.saving.register_keras_serializable("keras_gans")
class FillHoles(keras.layers.Layer):
    """Puts what a network made into the holes of images.

    It takes made images and photographs (N, H, W, C), and masks (N, H, W, 1)
    of 0 (keep) and 1 (fill in). Outside of the holes each pixel is the
    photograph's, bit for bit: it is chosen, not computed.

    Args:
        **kwargs: As in `keras.layers.Layer`. The dtype is float32 whatever
            the policy, so that no photograph is rounded.
    """

    def __init__(self, **kwargs: Any):
        super().__init__(**{**kwargs, "dtype": "float32"})

    def call(self, inputs: Any) -> Any:
        """Returns the photographs with their holes filled in."""
        made, photographs, masks = inputs
        return ops.where(masks > 0.5, made, photographs)

    def compute_output_shape(self, shapes: Any) -> tuple[Any, ...]:
        """Returns the shape of the photographs."""
        return tuple(shapes[1])
