"""Layers that the papers use and Keras does not have, one in each file."""

from keras_gans.layers.batch_normalization import BatchNormalization
from keras_gans.layers.batches.minibatch_discrimination import (
    MinibatchDiscrimination,
)
from keras_gans.layers.conditional_batch_normalization import (
    ConditionalBatchNormalization,
)
from keras_gans.layers.downsampling_conv import DownsamplingConv2D
from keras_gans.layers.grid_attention import GridAttention
from keras_gans.layers.grouped_conv import GroupedConv2D
from keras_gans.layers.image_pool import ImagePool
from keras_gans.layers.inpainting.contextual_attention import (
    ContextualAttention,
)
from keras_gans.layers.inpainting.gated_conv import GatedConv2D
from keras_gans.layers.inpainting.holes import CutHoles, FillHoles
from keras_gans.layers.learned_basis import LearnedBasis
from keras_gans.layers.learned_tokens import LearnedTokens
from keras_gans.layers.maxout import Maxout
from keras_gans.layers.pixels.clipping import ClipAtInference
from keras_gans.layers.pixels.depth_to_space import DepthToSpace
from keras_gans.layers.pixels.space_to_depth import SpaceToDepth
from keras_gans.layers.reflection_padding import ReflectionPadding2D
from keras_gans.layers.resampling import Resampling
from keras_gans.layers.self_attention import SelfAttention
from keras_gans.layers.spectral_normalization import (
    SpectralConv2D,
    SpectralDense,
    SpectralEmbedding,
)
from keras_gans.layers.styles.ada_in import AdaIN
from keras_gans.layers.styles.bias import Bias
from keras_gans.layers.styles.equalized_conv import EqualizedConv2D
from keras_gans.layers.styles.equalized_dense import EqualizedDense
from keras_gans.layers.styles.fade_in import FadeIn
from keras_gans.layers.styles.fir import FIR
from keras_gans.layers.styles.fir_conv import DownsamplingFIRConv2D
from keras_gans.layers.styles.learned_constant import LearnedConstant
from keras_gans.layers.styles.mean_style import MeanStyle
from keras_gans.layers.styles.minibatch_standard_deviation import (
    MinibatchStandardDeviation,
)
from keras_gans.layers.styles.modulated_conv import ModulatedConv2D
from keras_gans.layers.styles.noise_input import NoiseInput
from keras_gans.layers.styles.pixel_normalization import PixelNormalization
from keras_gans.layers.upsampling_conv import UpsamplingConv2D
from keras_gans.layers.words.learned_gain import LearnedGain
from keras_gans.layers.words.unrolled_gru import UnrolledGRU

__all__ = [
    "FIR",
    "AdaIN",
    "BatchNormalization",
    "Bias",
    "ClipAtInference",
    "ConditionalBatchNormalization",
    "ContextualAttention",
    "CutHoles",
    "DepthToSpace",
    "DownsamplingConv2D",
    "DownsamplingFIRConv2D",
    "EqualizedConv2D",
    "EqualizedDense",
    "FadeIn",
    "FillHoles",
    "GatedConv2D",
    "GridAttention",
    "GroupedConv2D",
    "ImagePool",
    "LearnedBasis",
    "LearnedConstant",
    "LearnedGain",
    "LearnedTokens",
    "Maxout",
    "MeanStyle",
    "MinibatchDiscrimination",
    "MinibatchStandardDeviation",
    "ModulatedConv2D",
    "NoiseInput",
    "PixelNormalization",
    "ReflectionPadding2D",
    "Resampling",
    "SelfAttention",
    "SpaceToDepth",
    "SpectralConv2D",
    "SpectralDense",
    "SpectralEmbedding",
    "UnrolledGRU",
    "UpsamplingConv2D",
]
