"""Layers that the papers need and Keras lacks, one in each file."""

from keras_gans.layers.batch_normalization import BatchNormalization
from keras_gans.layers.downsampling_conv import DownsamplingConv2D
from keras_gans.layers.maxout import Maxout
from keras_gans.layers.upsampling_conv import UpsamplingConv2D

__all__ = [
    "BatchNormalization",
    "DownsamplingConv2D",
    "Maxout",
    "UpsamplingConv2D",
]
