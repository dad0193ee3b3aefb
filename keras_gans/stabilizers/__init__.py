"""Stabilizers: parts against instability and collapse that fit any variant.

A variant chooses those of its paper by default. `stabilizers=[...]` adds
others; one of the same class takes the place of the paper's.
"""

from keras_gans.stabilizers.ada import ADA
from keras_gans.stabilizers.comparing.consistency import (
    ConsistencyRegularisation,
)
from keras_gans.stabilizers.comparing.feature_matching import FeatureMatching
from keras_gans.stabilizers.comparing.latent_consistency import (
    LatentConsistency,
)
from keras_gans.stabilizers.comparing.lecam import LeCam
from keras_gans.stabilizers.comparing.packing import Packing
from keras_gans.stabilizers.diff_augment import DiffAugment
from keras_gans.stabilizers.drift import Drift
from keras_gans.stabilizers.gradients.dragan import DRAGAN
from keras_gans.stabilizers.gradients.gradient_penalty import GradientPenalty
from keras_gans.stabilizers.gradients.matching_aware import (
    MatchingAwarePenalty,
)
from keras_gans.stabilizers.gradients.r1 import R1
from keras_gans.stabilizers.gradients.r2 import R2
from keras_gans.stabilizers.instance_noise import InstanceNoise
from keras_gans.stabilizers.label_flipping import LabelFlipping
from keras_gans.stabilizers.orthogonal_regularisation import (
    OrthogonalRegularisation,
)
from keras_gans.stabilizers.path_length import PathLength
from keras_gans.stabilizers.stabilizer import Stabilizer
from keras_gans.stabilizers.top_k import TopK
from keras_gans.stabilizers.weight_clipping import WeightClipping

STABILIZERS = {
    "ADA": ADA,
    "ConsistencyRegularisation": ConsistencyRegularisation,
    "DRAGAN": DRAGAN,
    "DiffAugment": DiffAugment,
    "Drift": Drift,
    "FeatureMatching": FeatureMatching,
    "GradientPenalty": GradientPenalty,
    "InstanceNoise": InstanceNoise,
    "LabelFlipping": LabelFlipping,
    "LatentConsistency": LatentConsistency,
    "LeCam": LeCam,
    "MatchingAwarePenalty": MatchingAwarePenalty,
    "OrthogonalRegularisation": OrthogonalRegularisation,
    "Packing": Packing,
    "PathLength": PathLength,
    "R1": R1,
    "R2": R2,
    "TopK": TopK,
    "WeightClipping": WeightClipping,
}
"""Every stabilizer by its name."""

__all__ = [
    "ADA",
    "DRAGAN",
    "R1",
    "R2",
    "STABILIZERS",
    "ConsistencyRegularisation",
    "DiffAugment",
    "Drift",
    "FeatureMatching",
    "GradientPenalty",
    "InstanceNoise",
    "LabelFlipping",
    "LatentConsistency",
    "LeCam",
    "MatchingAwarePenalty",
    "OrthogonalRegularisation",
    "Packing",
    "PathLength",
    "Stabilizer",
    "TopK",
    "WeightClipping",
]
