"""Corrections of the ONNX files that tf2onnx writes."""

from pathlib import Path
from typing import Any

import numpy as np


def finish_onnx(path: Path, inputs: list[str], outputs: list[str]) -> None:
    """Names the outputs and the batch, and replaces operations ONNX lacks.

    Args:
        path: The file.
        inputs: The names of the inputs, in the order that they shall have.
        outputs: The names of the outputs, likewise.
    """
    import onnx

    model = onnx.load(path)
    # TensorFlow orders a dictionary by its names.
    _name_tensors(model.graph, sorted(outputs))
    _order(model.graph.input, inputs)
    _order(model.graph.output, outputs)
    _replace_erfc(model.graph)
    onnx.save(model, path)


def _name_tensors(graph: Any, outputs: list[str]) -> None:
    # tf2onnx calls outputs "Identity:0" and so on, and the batch "unk__" and
    # a number.
    for value in (*graph.input, *graph.output):
        batch = value.type.tensor_type.shape.dim[0]
        if batch.dim_param:
            batch.dim_param = "batch"
    old = [value.name for value in graph.output]
    new = dict(zip(old, outputs, strict=True))
    for value in graph.output:
        value.name = new[value.name]
    for node in graph.node:
        node.input[:] = [new.get(name, name) for name in node.input]
        node.output[:] = [new.get(name, name) for name in node.output]


def _order(values: Any, names: list[str]) -> None:
    ordered = sorted(values, key=lambda value: names.index(value.name))
    del values[:]
    values.extend(ordered)


def _replace_erfc(graph: Any) -> None:
    # TensorFlow's GELU calls erfc, which ONNX lacks: it is 1 - erf.
    from onnx import helper, numpy_helper

    nodes = []
    for node in graph.node:
        nodes.append(node)
        if node.op_type == "Erfc":
            (erfc,) = node.output
            node.op_type, node.output[0] = "Erf", f"{erfc}/erf"
            one = numpy_helper.from_array(
                np.asarray(1.0, "float32"), f"{erfc}/one"
            )
            graph.initializer.append(one)
            difference = [one.name, node.output[0]]
            nodes.append(helper.make_node("Sub", difference, [erfc]))
    # In order: a node must come after all that it takes.
    del graph.node[:]
    graph.node.extend(nodes)
