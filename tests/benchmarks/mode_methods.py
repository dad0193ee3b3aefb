"""What `modes.py` compares: every loss, and the remedies against collapse.

A method has a loss, and may have stabilizers (a function of the set and of the
number of steps), a layer of the discriminator and several steps of it for one
of the generator. Remedies start from the non-saturating loss where their
papers have no loss of their own. Numbers are the defaults of the library, and
of the papers, where nothing else is said.
"""

from keras_gans import losses
from keras_gans.stabilizers import (
    DRAGAN,
    R1,
    R2,
    ConsistencyRegularisation,
    FeatureMatching,
    GradientPenalty,
    InstanceNoise,
    LatentConsistency,
    LeCam,
    Packing,
    TopK,
    WeightClipping,
)

PLAIN = "non_saturating"


def always(*kinds):
    """Returns the function that makes the same stabilizers for all sets."""
    return lambda where, steps: [kind() for kind in kinds]


def consistency(where, steps):
    """Returns bCR, of shifts, for digits; points cannot be shifted so."""
    if where != "stacked":
        return None
    return [ConsistencyRegularisation(balanced=True, mirror=False)]


METHODS = {name: {"loss": name} for name in losses.LOSSES}
METHODS["wasserstein"] |= {  # WGAN: without it nothing bounds the critic
    "stabilizers": always(WeightClipping),
    "critic_steps": 5,
    "penalty": True,
}
METHODS |= {
    "minibatch discrimination": {"loss": PLAIN, "layer": "discrimination"},
    "minibatch deviation": {"loss": PLAIN, "layer": "deviation"},
    **{
        f"packing {pack}": {
            "loss": PLAIN,
            "stabilizers": lambda where, steps, pack=pack: [Packing(pack)],
            "batch": {3: 66}.get(pack, 64),
        }
        for pack in (2, 3, 4)
    },
    "R1": {
        "loss": PLAIN,
        "stabilizers": lambda where, steps: [R1(1.0)],
        "penalty": True,
    },
    "relativistic, R1 and R2": {
        "loss": "relativistic",
        "stabilizers": lambda where, steps: [R1(1.0), R2(1.0)],
        "penalty": True,
    },
    "gradient penalty": {  # WGAN-GP
        "loss": "wasserstein",
        "stabilizers": always(GradientPenalty),
        "critic_steps": 5,
        "penalty": True,
    },
    "DRAGAN": {
        "loss": PLAIN,
        "stabilizers": always(DRAGAN),
        "penalty": True,
    },
    "spectral norm": {"loss": "hinge", "layer": "spectral"},
    "instance noise": {
        "loss": PLAIN,
        "stabilizers": lambda where, steps: [InstanceNoise(0.1, steps)],
    },
    "LeCam": {"loss": PLAIN, "stabilizers": always(LeCam)},
    "feature matching": {
        "loss": PLAIN,
        "stabilizers": always(FeatureMatching),
    },
    "top-k": {
        "loss": PLAIN,
        "stabilizers": lambda where, steps: [TopK(0.5, max(1, steps // 2))],
    },
    "consistency": {"loss": PLAIN, "stabilizers": consistency},
    "latent consistency": {
        "loss": PLAIN,
        "stabilizers": always(LatentConsistency),
    },
}


def stabilizers_of(method, where, steps):
    """Returns new stabilizers; None where a method does not fit a set."""
    make = METHODS[method].get("stabilizers")
    return make(where, steps) if make else []
