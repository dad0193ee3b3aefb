"""Bodies of V1 requests and answers, which have TensorFlow Serving's shape."""

import base64
from typing import Any

import numpy as np

from keras_gans.serving.generator import Generator

WAYS = {"inputs": "outputs", "instances": "predictions"}
"""What a request holds, columns or rows, and what its answer holds."""


async def predict(generator: Generator, body: Any) -> dict[str, Any]:
    """Answers the body of a V1 request.

    Args:
        generator: What answers.
        body: `signature_name`; and either `inputs`, an object of columns, or
            `instances`, an array of objects, each a row. Bytes are
            `{"b64": ...}`.

    Returns:
        `outputs`, columns by name, or `predictions`, an array of rows; where
        one thing is made, without its name.

    Raises:
        ValueError: For another body.
    """
    asked = dict(body) if isinstance(body, dict) else {}
    signature = asked.pop("signature_name", "serving_default")
    way = next(iter(asked), "")
    wanted = {"inputs": dict, "instances": list}.get(way)
    if len(asked) != 1 or not wanted or not isinstance(asked[way], wanted):
        raise ValueError(
            'A request is {"signature_name": ..., "inputs": {name: column}} or '
            f'{{..., "instances": [{{name: value}}]}}. Received: {_keys(body)}'
        )
    each = asked[way] if way == "instances" else [asked[way]]
    if not all(isinstance(values, dict) for values in each):
        raise ValueError(
            "Instances are objects of values by name. Received: other values"
        )
    given = [{name: _read(v) for name, v in values.items()} for values in each]
    if way == "instances":
        given = [{name: _row(v) for name, v in row.items()} for row in given]
        given = [{"count": 1, **row} for row in given]
    made = await generator.answer(signature, given)
    columns = {name: _write(column) for name, column in made.items()}
    return {
        WAYS[way]: _by_row(columns) if way == "instances" else _one(columns)
    }


def _keys(body: Any) -> Any:
    return list(body)[:5] if isinstance(body, dict) else type(body).__name__


def _read(value: Any) -> Any:
    """Reads the bytes in a value of JSON."""
    if isinstance(value, list):
        return [_read(v) for v in value]
    if isinstance(value, dict):
        if list(value) != ["b64"] or not isinstance(value["b64"], str):
            raise ValueError(
                'Bytes are {"b64": "..."}. Received: an object with '
                f"{list(value)[:5]}"
            )
        return base64.b64decode(value["b64"], validate=True)
    return value


def _row(value: Any) -> Any:
    """Returns the value of one row as a column, where it has an axis."""
    return [value] if isinstance(value, list | bytes) else value


def _write(column: np.ndarray) -> list[Any]:
    if column.dtype == object:
        return [{"b64": base64.b64encode(file).decode()} for file in column]
    return column.tolist()


def _one(columns: dict[str, Any]) -> Any:
    return columns if len(columns) > 1 else next(iter(columns.values()))


def _by_row(columns: dict[str, list[Any]]) -> list[Any]:
    rows = zip(*columns.values(), strict=True)
    return [_one(dict(zip(columns, row, strict=True))) for row in rows]
