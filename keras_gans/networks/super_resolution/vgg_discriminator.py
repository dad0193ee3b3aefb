"""The discriminators of SRGAN and ESRGAN, which are laid out like VGG."""

import keras
from keras import layers

from keras_gans.networks.dcgan import batch_norm
from keras_gans.networks.super_resolution.ends import LEAK, conv


def build_vgg_discriminator(
    image_shape: tuple[int, int, int],
    width: int,
    halvings: int,
    strided_size: int,
    units: int,
    use_bias: bool = True,
) -> keras.Model:
    """Builds a discriminator from images to logits (N, 1).

    Two convolutions at each size, of which the second halves the maps, and
    two dense layers.

    Args:
        image_shape: (height, width, channels) of the images.
        width: Channels of the first convolution, 64 in the papers; they
            double with every halving, up to 8 times this number.
        halvings: How often maps are halved: 4 in SRGAN, 5 in ESRGAN.
        strided_size: Kernel size of the convolutions that halve: 3 in SRGAN,
            4 in ESRGAN's code.
        units: Width of the first dense layer: 1024 in SRGAN, 100 in ESRGAN's
            code.
        use_bias: Whether the last layer has a bias; a loss of the difference
            of logits gives it no gradient.
    """
    images = x = keras.Input(image_shape, name="images")
    for i in range(halvings):
        filters = width * min(2**i, 8)
        x = conv(filters, f"conv{i}_0", use_bias=i == 0)(x)
        x = layers.LeakyReLU(LEAK)(batch_norm(False)(x) if i else x)
        halving = conv(
            filters, f"conv{i}_1", strided_size, strides=2, use_bias=False
        )
        x = layers.LeakyReLU(LEAK)(batch_norm(False)(halving(x)))
    x = layers.LeakyReLU(LEAK)(layers.Dense(units)(layers.Flatten()(x)))
    logits = layers.Dense(1, use_bias=use_bias, dtype="float32")(x)
    return keras.Model(images, logits, name="discriminator")
