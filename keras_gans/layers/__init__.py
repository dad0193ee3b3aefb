"""Layers that the papers use and Keras does not have, one in each file."""

from keras_gans.layers.batch_normalization import BatchNormalization
from keras_gans.layers.conditional_batch_normalization import (
    ConditionalBatchNormalization,
)
from keras_gans.layers.downsampling_conv import DownsamplingConv2D
from keras_gans.layers.grid_attention import GridAttention
from keras_gans.layers.grouped_conv import GroupedConv2D
from keras_gans.layers.learned_basis import LearnedBasis
from keras_gans.layers.learned_tokens import LearnedTokens
from keras_gans.layers.maxout import Maxout
from keras_gans.layers.reflection_padding import ReflectionPadding2D
from keras_gans.layers.resampling import Resampling
from keras_gans.layers.self_attention import SelfAttention
from keras_gans.layers.spectral_normalization import (
    SpectralConv2D,
    SpectralDense,
    SpectralEmbedding,
)
from keras_gans.layers.upsampling_conv import UpsamplingConv2D

__all__ = [
    "BatchNormalization",
    "ConditionalBatchNormalization",
    "DownsamplingConv2D",
    "GridAttention",
    "GroupedConv2D",
    "LearnedBasis",
    "LearnedTokens",
    "Maxout",
    "ReflectionPadding2D",
    "Resampling",
    "SelfAttention",
    "SpectralConv2D",
    "SpectralDense",
    "SpectralEmbedding",
    "UpsamplingConv2D",
]
