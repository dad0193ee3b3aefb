"""Planning: which GAN to train, and what that costs."""

from keras_gans.planning.advice import Advice, advise
from keras_gans.planning.costs import Plan, plan
from keras_gans.planning.measuring import measure_step
from keras_gans.planning.scaling import Link, Scale, bytes_sent, scale
from keras_gans.planning.tracing import StepCosts, trace_step

__all__ = [
    "Advice",
    "Link",
    "Plan",
    "Scale",
    "StepCosts",
    "advise",
    "bytes_sent",
    "measure_step",
    "plan",
    "scale",
    "trace_step",
]
