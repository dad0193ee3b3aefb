"""Measures of what a GAN generates; each result says how it was made."""

from keras_gans.metrics.feature_set import (
    FeatureSet,
    FeatureStatistics,
    Origin,
    compute_features,
    feature_statistics,
)
from keras_gans.metrics.features import (
    FeatureExtractor,
    get_feature_extractor,
    load_fashion_mnist_classifier,
)
from keras_gans.metrics.frechet import frechet_distance
from keras_gans.metrics.frechet_inception_distance import FID, fid
from keras_gans.metrics.record import MetricRecord
from keras_gans.metrics.statistics import GaussianStatistics
from keras_gans.metrics.statistics_file import load_statistics, save_statistics

__all__ = [
    "FID",
    "FeatureExtractor",
    "FeatureSet",
    "FeatureStatistics",
    "GaussianStatistics",
    "MetricRecord",
    "Origin",
    "compute_features",
    "feature_statistics",
    "fid",
    "frechet_distance",
    "get_feature_extractor",
    "load_fashion_mnist_classifier",
    "load_statistics",
    "save_statistics",
]
