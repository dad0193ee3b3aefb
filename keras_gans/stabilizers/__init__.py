"""Stabilizers: parts against instability and collapse that fit any variant.

A variant chooses those of its paper by default. `stabilizers=[...]` adds
others; one of the same class takes the place of the paper's.
"""

from keras_gans.stabilizers.ada import ADA
from keras_gans.stabilizers.diff_augment import DiffAugment
from keras_gans.stabilizers.drift import Drift
from keras_gans.stabilizers.gradient_penalty import GradientPenalty
from keras_gans.stabilizers.orthogonal_regularisation import (
    OrthogonalRegularisation,
)
from keras_gans.stabilizers.path_length import PathLength
from keras_gans.stabilizers.r1 import R1
from keras_gans.stabilizers.r2 import R2
from keras_gans.stabilizers.stabilizer import Stabilizer
from keras_gans.stabilizers.weight_clipping import WeightClipping

STABILIZERS = {
    "ADA": ADA,
    "DiffAugment": DiffAugment,
    "Drift": Drift,
    "GradientPenalty": GradientPenalty,
    "OrthogonalRegularisation": OrthogonalRegularisation,
    "PathLength": PathLength,
    "R1": R1,
    "R2": R2,
    "WeightClipping": WeightClipping,
}
"""Every stabilizer by its name."""

__all__ = [
    "ADA",
    "R1",
    "R2",
    "STABILIZERS",
    "DiffAugment",
    "Drift",
    "GradientPenalty",
    "OrthogonalRegularisation",
    "PathLength",
    "Stabilizer",
    "WeightClipping",
]
