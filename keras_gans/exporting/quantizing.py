"""LiteRT files of int8: weights alone, or arithmetic too."""

import contextlib
import io
import re
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from keras import ops

from keras_gans.engine.declarations import Part

NUM_EXAMPLES = 100
"""Rows that show how far the values of each layer reach."""

TOGETHER = 10
"""Rows whose extremes count once: the range is a moving average of batches,
and with one row each it would cut half of the rows."""

SATURATED = 4.0
"""Where tanh ends: it is 0.9993 there, a tenth of a level from 1."""

MOVING = ("RESHAPE", "TRANSPOSE", "STRIDED_SLICE", "SLICE")
"""Operations that compute nothing."""


def draw_examples(
    part: Part, given: Mapping[str, Any] | None, batch_size: int | None
) -> list[dict[str, np.ndarray]]:
    """Returns batches of what a network takes, given or else drawn.

    Args:
        part: The network with what it takes and makes.
        given: Values (N, ...) by name, as `generate` takes them.
        batch_size: Rows at a time, where the network has a fixed number.

    Raises:
        ValueError: Where something is missing that cannot be drawn, and for
            values that its modality refuses.
    """
    given = dict(given or {})
    missing = [n for n, m in part.takes.items() if not m.is_drawn]
    missing = [name for name in missing if name not in given]
    unknown = [name for name in given if name not in part.takes]
    if missing or unknown:
        raise ValueError(
            "quantize='int8' measures what the layers make of rows that "
            f"represent the inputs {list(part.takes)}. They are drawn where "
            f"that can be, else `examples` names them, (N, ...) each: "
            f"{missing or unknown}. Received: examples of {list(given)}"
        )
    checked = {
        name: part.takes[name].check(np.asarray(values), name)
        for name, values in given.items()
    }
    num = min((len(v) for v in checked.values()), default=NUM_EXAMPLES)
    rng = np.random.default_rng(0)
    rows = {
        name: ops.convert_to_numpy(
            m.to_device(checked[name][:num])
            if name in checked
            else m.draw(num, rng)
        )
        for name, m in part.takes.items()
    }
    size = batch_size or min(num, TOGETHER)
    batches = np.resize(np.arange(num), (-(-num // size), size))
    return [{n: v[batch] for n, v in rows.items()} for batch in batches]


def quantize_file(
    path: Path, examples: list[dict[str, np.ndarray]] | None
) -> None:
    """Replaces a float32 .tflite file by one of int8.

    Inputs and outputs stay float32.

    Args:
        path: The file.
        examples: Batches of what the network takes: layers compute in int8,
            with the ranges that these give. None makes weights int8, and
            products of matrices and convolutions quantize their inputs as
            they come.
    """
    from ai_edge_quantizer import quantizer

    with _quiet():
        graph = _operations(path)
        recipe = _dynamic(graph) if examples is None else _static(graph)
        maker = quantizer.Quantizer(str(path), recipe)
        ranges = None
        if examples is not None:
            ranges = maker.calibrate({"serving_default": examples})
            _end_ranges_of_tanh(graph, ranges)
        made = maker.quantize(
            ranges, enable_progress_bar=False, enable_progress_report=False
        )
    path.write_bytes(made.quantized_model)


class Operation(NamedTuple):
    """An operation of a .tflite file, with the names of tensors."""

    kind: str
    inputs: list[str]
    outputs: list[str]


def _operations(path: Path) -> list[Operation]:
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    plain = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    graph = Interpreter(str(path), experimental_op_resolver_type=plain)
    names = {t["index"]: t["name"] for t in graph.get_tensor_details()}

    def named(tensors: Any) -> list[str]:
        return [names[i] for i in tensors if i in names]

    return [
        Operation(op["op_name"], named(op["inputs"]), named(op["outputs"]))
        for op in graph._get_ops_details()
    ]


def _dynamic(graph: list[Operation]) -> Any:
    from ai_edge_quantizer import qtyping
    from ai_edge_quantizer.recipe_manager import RecipeManager

    manager, every = RecipeManager(), qtyping.TFLOperationName.ALL_SUPPORTED
    manager.add_dynamic_config(".*", every, 8)
    made = {name for operation in graph for name in operation.outputs}
    # LiteRT multiplies by int8 weights from the right alone.
    left = [
        operation.outputs[0]
        for operation in graph
        if operation.kind == "BATCH_MATMUL" and operation.inputs[0] not in made
    ]
    return _without(manager, [(re.escape(name), every) for name in left])


def _without(manager: Any, floats: list[tuple[str, Any]]) -> Any:
    """Returns a recipe in which some operations stay as they are."""
    for names, kind in floats:
        manager.add_quantization_config(
            names, kind, algorithm_key="no_quantize"
        )
    return manager.get_quantization_recipe()


def _static(graph: list[Operation]) -> Any:
    from ai_edge_quantizer import qtyping
    from ai_edge_quantizer.recipe_manager import RecipeManager

    manager = RecipeManager()
    every = qtyping.TFLOperationName.ALL_SUPPORTED
    manager.add_static_config(".*", every, 8, 8)
    floats = [(".*", qtyping.TFLOperationName(n)) for n in ("INPUT", "OUTPUT")]
    # NaN of a label out of range has no int8.
    floats += [
        (re.escape(operation.outputs[0]), every)
        for operation in graph
        if "not_a_number" in "".join(operation.inputs + operation.outputs)
    ]
    return _without(manager, floats)


def _end_ranges_of_tanh(graph: list[Operation], ranges: dict[str, Any]) -> None:
    """Ends the ranges of what tanh takes where tanh is saturated.

    Before an image's tanh a black background is -60, and 256 steps from there
    to 2 leave few for its greys.
    """
    makers = {name: made for made in graph for name in made.outputs}
    for operation in graph:
        if operation.kind != "TANH":
            continue
        maker = operation
        while maker is operation or maker.kind in MOVING:
            tensor = maker.inputs[0]
            found = ranges[tensor]
            found["min"] = np.maximum(found["min"], -SATURATED)
            found["max"] = np.minimum(found["max"], SATURATED)
            maker = makers[tensor]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    # It shows its progress, and warns of the memory that it asks for.
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
