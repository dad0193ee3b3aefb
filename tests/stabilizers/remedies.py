"""The remedies that the tests try on one cheap variant."""

REMEDIES = (
    "ConsistencyRegularisation",
    "DRAGAN",
    "FeatureMatching",
    "InstanceNoise",
    "LabelFlipping",
    "LatentConsistency",
    "LeCam",
    "MatchingAwarePenalty",
    "Packing",
    "TopK",
)
