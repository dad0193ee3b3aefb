"""PNG and JPEG files as a generator sees them, and its images as PNG files."""

from typing import Any

import tensorflow as tf

from keras_gans.exporting.limits import MOST_PIXELS, MOST_PIXELS_WHOLE
from keras_gans.exporting.saved_model.refusing import refuse_unless
from keras_gans.modalities import Image, Mask, Modality

CHANNELS = (1, 3, 4)
"""Channels that a picture file has: grey, RGB and RGBA."""

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
"""How files of these formats begin."""


def decode(encoded: Any, modality: Modality) -> Any:
    """Reads a file as a generator takes it.

    A generator of one size gets what `keras_gans.data.load` makes of the
    file: it covers that size, its edges are cut off evenly, and transparent
    pixels lie on white. EXIF's orientation is not looked at.

    Args:
        encoded: The bytes of a PNG or JPEG file, a scalar.
        modality: An `Image` or a `Mask`.

    Returns:
        Device values (height, width, channels).
    """
    whole = getattr(modality, "any_size", False)
    height, width, channels = modality.shape
    image = _decode(encoded, MOST_PIXELS_WHOLE if whole else MOST_PIXELS)
    if channels < 4:
        opaque = image[..., 3:] / 255.0
        image = tf.round(image[..., :3] * opaque + 255.0 * (1.0 - opaque))
    if channels == 1:
        luma = tf.constant([[0.299], [0.587], [0.114]])
        image = tf.round(tf.tensordot(image, luma, 1))
    if not whole:
        image = _fit(image, height, width)
    if isinstance(modality, Mask):
        return tf.cast(image > 127.5, "float32")
    return image / 127.5 - 1.0


def _decode(encoded: Any, most: int) -> Any:
    """Returns levels (height, width, RGBA), if the header allows as many."""
    is_png = tf.strings.substr(encoded, 0, 8) == PNG
    is_png &= tf.strings.length(encoded) >= 24
    is_jpeg = tf.strings.substr(encoded, 0, 3) == JPEG
    encoded = refuse_unless(
        is_png | is_jpeg,
        "Pictures must be bytes of PNG or JPEG files.",
        # In base64: TensorFlow's errors in Python must be UTF-8.
        tf.io.encode_base64(tf.strings.substr(encoded, 0, 9)),
        encoded,
    )

    def sides_of_png() -> Any:
        header = tf.strings.substr(encoded, 16, 8)
        return tf.io.decode_raw(header, tf.int32, little_endian=False)

    def sides_of_jpeg() -> Any:
        return tf.io.extract_jpeg_shape(encoded)[:2]

    sides = tf.cast(tf.cond(is_png, sides_of_png, sides_of_jpeg), tf.int64)
    fits = (sides > 0) & (sides < 2**20) & (sides[0] * sides[1] <= most)
    encoded = refuse_unless(
        fits, f"Pictures may have {most:,} pixels.", sides, encoded
    )

    def of_png() -> Any:
        return tf.io.decode_png(encoded, channels=4)

    def of_jpeg() -> Any:
        rgb = tf.io.decode_jpeg(encoded, channels=3)
        return tf.pad(rgb, ((0, 0), (0, 0), (0, 1)), constant_values=255)

    return tf.cast(tf.cond(is_png, of_png, of_jpeg), "float32")


def _fit(image: Any, height: int, width: int) -> Any:
    """Cuts off what does not fit, evenly, and resizes without aliasing."""
    sides = tf.cast(tf.shape(image)[:2], "float32")
    scale = tf.reduce_min(sides / [height, width])
    box = tf.cast(tf.round(scale * [height, width]), tf.int32)
    box = tf.clip_by_value(box, 1, tf.shape(image)[:2])
    top, left = tf.unstack((tf.shape(image)[:2] - box) // 2)
    cut = tf.image.crop_to_bounding_box(image, top, left, box[0], box[1])
    sized = tf.image.resize(cut, (height, width), "lanczos3", antialias=True)
    return tf.clip_by_value(tf.round(sized), 0.0, 255.0)


def decode_all(files: Any, modality: Modality) -> Any:
    """Reads files (N,); where any size is taken, they must be of one."""
    whole = getattr(modality, "any_size", False)
    sides = (None, None) if whole else modality.shape[:2]
    return tf.map_fn(
        lambda file: decode(file, modality),
        files,
        fn_output_signature=tf.TensorSpec((*sides, modality.shape[-1])),
    )


def to_levels(images: Any) -> Any:
    """Returns images (N, H, W, C) in [-1, 1] as uint8, as files hold them."""
    levels = tf.round((images + 1.0) * 127.5)
    return tf.cast(tf.clip_by_value(levels, 0.0, 255.0), tf.uint8)


def encode(images: Any) -> Any:
    """Returns uint8 images (N, H, W, C) as PNG files (N,)."""
    return tf.map_fn(tf.io.encode_png, images, fn_output_signature=tf.string)


def is_picture(modality: Modality) -> bool:
    """Returns whether values can be read from and written to picture files."""
    return isinstance(modality, Image | Mask) and modality.shape[-1] in CHANNELS
