"""Planning: the costs of training a GAN, on one device and on many."""

from keras_gans.planning.costs import Plan, plan
from keras_gans.planning.measuring import measure_step
from keras_gans.planning.scaling import Link, Scale, bytes_sent, scale
from keras_gans.planning.tracing import StepCosts, trace_step

__all__ = [
    "Link",
    "Plan",
    "Scale",
    "StepCosts",
    "bytes_sent",
    "measure_step",
    "plan",
    "scale",
    "trace_step",
]
