import functools
import math

import jax

from keras_gans.backend.jax.training import adapt_train_step


def scope(name):
    """Returns a scope whose name the paths of its products hold."""
    return jax.named_scope(name)


def step_of(gan):
    """Returns a GAN's train step, as a function of a batch by name."""
    step = adapt_train_step(gan, functools.partial(type(gan).train_step, gan))
    state = tuple(
        [v.value for v in variables]
        for variables in (
            gan.trainable_variables,
            gan.non_trainable_variables,
            gan.optimizer.variables,
            gan.metrics_variables,
        )
    )
    return lambda batch: step(state, (batch,))


def products(fn, *arrays):
    """Yields the path and the FLOPs of each product that `fn` computes."""
    yield from _in(jax.make_jaxpr(fn)(*arrays).jaxpr, "")


def _in(jaxpr, path):
    for equation in jaxpr.eqns:
        name, parameters = equation.primitive.name, equation.params
        here = f"{path}/{equation.source_info.name_stack}"
        if name in FLOPS:
            yield here, float(FLOPS[name](equation))
        inner = [
            list(_in(j, here)) for j in jax.core.jaxprs_in_params(parameters)
        ]
        if name == "cond":
            inner = [max(inner, key=lambda found: sum(f for _, f in found))]
        times = parameters["length"] if name == "scan" else 1
        for found in inner:
            yield from ((where, times * flops) for where, flops in found)


def _size(x):
    return math.prod(x.aval.shape)


def _dot_general(equation):
    left = equation.invars[0].aval.shape
    contracted = equation.params["dimension_numbers"][0][0]
    sides = [left[axis] for axis in contracted]
    return 2 * _size(equation.outvars[0]) * math.prod(sides)


def _conv(equation):
    kernel = equation.invars[1]
    features = kernel.aval.shape[
        equation.params["dimension_numbers"].rhs_spec[0]
    ]
    # A dilated input is zero but for one pixel in so many.
    zeros = math.prod(equation.params["lhs_dilation"])
    return 2 * _size(equation.outvars[0]) * _size(kernel) // features // zeros


FLOPS = {"dot_general": _dot_general, "conv_general_dilated": _conv}
