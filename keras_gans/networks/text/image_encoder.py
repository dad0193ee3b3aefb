"""An image encoder: features of regions, and of the whole image."""

import keras
from keras import layers

from keras_gans.layers import DownsamplingConv2D
from keras_gans.networks.dcgan import widths


def build_image_encoder(
    image_shape: tuple[int, int, int], dim: int, width: int
) -> keras.Model:
    """Builds a small convolutional encoder, to be matched with sentences.

    Blocks of two convolutions halve the maps. Regions are the places of the
    last maps but one, of 6 to 16 pixels a side; the whole image is the mean
    of the last.

    Args:
        image_shape: (height, width, channels): height and width are 3 to 8
            times the same power of two.
        dim: Dimensions of the features.
        width: Channels of the first block; they double with every further
            one, up to 8 times this number.

    Returns:
        A model from images to a dictionary of `regions` (N, R, dim) and
        `image` (N, dim).
    """
    images = x = keras.Input(image_shape, name="images")
    maps = []
    for filters in widths(image_shape, width):
        x = DownsamplingConv2D(filters, use_bias=False)(x)
        x = layers.LeakyReLU(0.2)(layers.BatchNormalization(momentum=0.9)(x))
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.LeakyReLU(0.2)(layers.BatchNormalization(momentum=0.9)(x))
        maps.append(x)
    regions = layers.Conv2D(dim, 1, dtype="float32")(maps[-2:][0])
    regions = layers.Reshape((-1, dim))(regions)
    image = layers.GlobalAveragePooling2D()(x)
    image = layers.Dense(dim, dtype="float32")(image)
    outputs = {"regions": regions, "image": image}
    return keras.Model(images, outputs, name="image_encoder")
