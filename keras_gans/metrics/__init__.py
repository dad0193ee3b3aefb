"""Metrics of what a GAN generates; every result says how it was computed."""

from keras_gans.metrics.distances.closeness import closeness
from keras_gans.metrics.distances.extrapolation import extrapolate
from keras_gans.metrics.distances.frechet import frechet_distance
from keras_gans.metrics.distances.frechet_bias import expected_frechet_distance
from keras_gans.metrics.distances.kernel import (
    kernel_distance,
    kernel_distances,
)
from keras_gans.metrics.distances.manifolds import (
    density_and_coverage,
    improved_precision_and_recall,
)
from keras_gans.metrics.distances.sliced_wasserstein import sliced_wasserstein
from keras_gans.metrics.distances.statistics import GaussianStatistics
from keras_gans.metrics.evaluation import evaluate
from keras_gans.metrics.features.choice import (
    default_feature_network,
    shipped_feature_network,
)
from keras_gans.metrics.features.feature_set import (
    FeatureSet,
    FeatureStatistics,
    Origin,
    compute_features,
    feature_statistics,
)
from keras_gans.metrics.features.networks import (
    FeatureExtractor,
    get_feature_extractor,
    load_inception,
    load_shipped_classifier,
)
from keras_gans.metrics.features.statistics_file import (
    load_statistics,
    save_statistics,
)
from keras_gans.metrics.labels import labels_for, labels_like
from keras_gans.metrics.pairs.lpips import LPIPS, lpips
from keras_gans.metrics.pairs.perceptual_network import (
    PerceptualNetwork,
    load_lpips,
)
from keras_gans.metrics.pairs.psnr import PSNR, peak_signal_noise_ratio, psnr
from keras_gans.metrics.pairs.ssim import MSSSIM, SSIM, ms_ssim, ssim
from keras_gans.metrics.pairs.structural_similarity import (
    multiscale_structural_similarity,
    structural_similarity,
)
from keras_gans.metrics.paths.path_length import PPL, path_length
from keras_gans.metrics.paths.perceptual_path_length import ppl
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.registry import METRICS, find_metrics
from keras_gans.metrics.sets.conditional_accuracy import (
    ConditionalAccuracy,
    conditional_accuracy,
)
from keras_gans.metrics.sets.density_coverage import (
    DensityCoverage,
    density_coverage,
)
from keras_gans.metrics.sets.feature_metric import FeatureMetric
from keras_gans.metrics.sets.fid_infinity import FIDInfinity, fid_infinity
from keras_gans.metrics.sets.frechet_inception_distance import FID, fid
from keras_gans.metrics.sets.inception_score import (
    InceptionScore,
    inception_score,
    scores_of_splits,
)
from keras_gans.metrics.sets.kernel_inception_distance import KID, kid
from keras_gans.metrics.sets.memorisation import Memorisation, memorisation
from keras_gans.metrics.sets.nearest_pairs import nearest_pairs
from keras_gans.metrics.sets.precision_recall import (
    PrecisionRecall,
    precision_recall,
)
from keras_gans.metrics.sets.sliced_wasserstein import SWD, swd
from keras_gans.metrics.words.attribute_accuracy import attribute_accuracy
from keras_gans.metrics.words.prompt_diversity import prompt_diversity
from keras_gans.metrics.words.r_precision import r_precision
from keras_gans.pretrained.inception import build_inception

__all__ = [
    "FID",
    "KID",
    "LPIPS",
    "METRICS",
    "MSSSIM",
    "PPL",
    "PSNR",
    "SSIM",
    "SWD",
    "ConditionalAccuracy",
    "DensityCoverage",
    "FIDInfinity",
    "FeatureExtractor",
    "FeatureMetric",
    "FeatureSet",
    "FeatureStatistics",
    "GaussianStatistics",
    "InceptionScore",
    "Memorisation",
    "MetricRecord",
    "Origin",
    "PerceptualNetwork",
    "PrecisionRecall",
    "attribute_accuracy",
    "build_inception",
    "closeness",
    "compute_features",
    "conditional_accuracy",
    "default_feature_network",
    "density_and_coverage",
    "density_coverage",
    "evaluate",
    "expected_frechet_distance",
    "extrapolate",
    "feature_statistics",
    "fid",
    "fid_infinity",
    "find_metrics",
    "frechet_distance",
    "get_feature_extractor",
    "improved_precision_and_recall",
    "inception_score",
    "kernel_distance",
    "kernel_distances",
    "kid",
    "labels_for",
    "labels_like",
    "load_inception",
    "load_lpips",
    "load_shipped_classifier",
    "load_statistics",
    "lpips",
    "memorisation",
    "ms_ssim",
    "multiscale_structural_similarity",
    "nearest_pairs",
    "path_length",
    "peak_signal_noise_ratio",
    "ppl",
    "precision_recall",
    "prompt_diversity",
    "psnr",
    "r_precision",
    "save_statistics",
    "scores_of_splits",
    "shipped_feature_network",
    "sliced_wasserstein",
    "ssim",
    "structural_similarity",
    "swd",
]
