import functools
import math

import tensorflow as tf

from keras_gans.backend.tensorflow.training import adapt_train_step


def scope(name):
    """Returns a scope whose name the paths of its products hold."""
    return tf.name_scope(name)


def step_of(gan):
    """Returns a GAN's train step, as a function of a batch by name."""
    step = adapt_train_step(gan, functools.partial(type(gan).train_step, gan))
    return lambda batch: step((batch,))


def products(fn, *arrays):
    """Yields the path and the FLOPs of each product that `fn` computes."""
    specs = tf.nest.map_structure(
        lambda a: tf.TensorSpec(a.shape, a.dtype), arrays
    )
    traced = tf.function(fn, autograph=False).get_concrete_function(*specs)
    yield from _in(traced.graph)


def _in(graph):
    for op in _needed(graph):
        if op.type in FLOPS:
            yield op.name, float(FLOPS[op.type](op))
        inner = [
            list(_in(graph._get_function(attribute.func.name).graph))
            for attribute in op.node_def.attr.values()
            if attribute.HasField("func")
        ]
        if op.type in ("If", "StatelessIf", "Case", "StatelessCase"):
            inner = [max(inner, key=lambda found: sum(f for _, f in found))]
        for found in inner:
            yield from found


def _needed(graph):
    """Returns the operations that outputs or state depend on.

    The gradients of a convolution come with both of its inputs'; the one that
    nobody asked for is not computed.
    """
    found, waiting = set(), [x.op for x in graph.outputs]
    waiting += [
        op for op in graph.get_operations() if op.type.startswith("Assign")
    ]
    while waiting:
        op = waiting.pop()
        if op not in found:
            found.add(op)
            waiting += [x.op for x in op.inputs] + list(op.control_inputs)
    return found


def _size(x):
    return math.prod(x.shape)


def _conv(small, kernel):
    """Each pixel of the smaller maps meets the kernel of its channel."""
    return 2 * _size(small) * _size(kernel) // kernel.shape[-1]


def _depthwise(small, kernel):
    return 2 * _size(small) * math.prod(kernel.shape[:2])


def _matmul(op, transposed):
    left = op.inputs[0].shape
    inner = left[-2] if op.get_attr(transposed) else left[-1]
    return 2 * _size(op.outputs[0]) * inner


def _einsum(op):
    subscripts = op.get_attr("equation").decode().split("->")[0].split(",")
    sides = {
        letter: side
        for letters, x in zip(subscripts, op.inputs, strict=True)
        for letter, side in zip(letters, x.shape, strict=True)
    }
    return 2 * math.prod(sides.values())


FLOPS = {
    "MatMul": lambda op: _matmul(op, "transpose_a"),
    "BatchMatMulV2": lambda op: _matmul(op, "adj_x"),
    "Einsum": _einsum,
    "Conv2D": lambda op: _conv(op.outputs[0], op.inputs[1]),
    "Conv2DBackpropInput": lambda op: _conv(op.inputs[2], op.inputs[1]),
    "Conv2DBackpropFilter": lambda op: _conv(op.inputs[2], op.outputs[0]),
    "DepthwiseConv2dNative": lambda op: _depthwise(op.outputs[0], op.inputs[1]),
    "DepthwiseConv2dNativeBackpropInput": lambda op: _depthwise(
        op.inputs[2], op.inputs[1]
    ),
    "DepthwiseConv2dNativeBackpropFilter": lambda op: _depthwise(
        op.inputs[2], op.outputs[0]
    ),
}
