"""V2 requests and answers (Open Inference Protocol), by REST and by gRPC."""

import base64
import json
import uuid
from typing import Any

import numpy as np
from kserve import InferInput, InferOutput, InferRequest, InferResponse
from kserve.protocol.infer_type import RequestedOutput, to_http_parameters
from kserve.utils.numpy_codec import from_np_dtype

from keras_gans.modalities import ClassLabel, Text
from keras_gans.serving.generator import Generator
from keras_gans.serving.pictures import is_picture

TEXT = "BYTES"


async def infer(generator: Generator, request: InferRequest) -> InferResponse:
    """Answers a V2 request.

    Args:
        generator: What answers.
        request: Tensors by the names that `read_request` takes, and the
            parameter `signature_name`.

    Returns:
        Tensors by name. PNG files are bytes, and in JSON base64.

    Raises:
        ValueError: For what a request does wrong.
    """
    parameters = to_http_parameters(request.parameters or {})
    signature = parameters.get("signature_name", "serving_default")
    given = {tensor.name: _values(tensor) for tensor in request.inputs}
    for name, value in given.items():
        kind = generator.gan.takes.get(name)
        if name == "inputs" or (kind is not None and is_picture(kind)):
            given[name] = _files(value)
    made = await generator.answer(signature, [given])
    return InferResponse(
        response_id=request.id or str(uuid.uuid4()),
        model_name=request.model_name,
        infer_outputs=[
            _output(name, values, _is_binary(request, name))
            for name, values in made.items()
        ],
        use_binary_outputs=request.use_binary_outputs,
        requested_outputs=request.request_outputs,
    )


def _values(tensor: InferInput) -> np.ndarray:
    try:
        return tensor.as_numpy()
    except Exception as error:  # each kind of damage has its own
        raise ValueError(
            f"The tensor `{tensor.name}` does not hold what its type and shape "
            f"say. Received: {tensor.datatype} of shape {tensor.shape}, {error}"
        ) from error


def _files(values: np.ndarray) -> Any:
    """Returns files as bytes, where there are some: JSON has base64."""
    if values.dtype != object:
        return values
    return [
        base64.b64decode(v, validate=True) if isinstance(v, str) else v
        for v in values.ravel()
    ]


def _is_binary(request: InferRequest, name: str) -> bool:
    """Returns whether an output goes as bytes, not as JSON."""
    for output in request.request_outputs or ():
        if output.name == name and not request.from_grpc:
            return bool(output.binary_data)
    return request.from_grpc or request.use_binary_outputs


def _output(name: str, values: np.ndarray, binary: bool) -> InferOutput:
    if values.dtype == object and not binary:
        values = np.array(
            [base64.b64encode(v).decode() for v in values], object
        )
    output = InferOutput(name, list(values.shape), from_np_dtype(values.dtype))
    output.set_data_from_numpy(values, binary)
    return output


def read_binary(body: bytes, length: Any, model_name: str) -> InferRequest:
    """Reads a request of JSON that tensors follow as bytes.

    kserve's own reader makes lists of numbers of the tensors, and refuses
    bytes that are no text.

    Args:
        body: The body.
        length: Bytes of JSON, as the header says.
        model_name: The model's name.

    Raises:
        ValueError: For a body that is not so.
    """
    try:
        start = int(length)
        asked = json.loads(body[:start])
        tensors = []
        for said in asked["inputs"]:
            parameters = said.get("parameters") or {}
            tensor = InferInput(
                said["name"],
                [int(side) for side in said["shape"]],
                said["datatype"],
                said.get("data"),
                parameters,
            )
            if (size := parameters.get("binary_data_size")) is not None:
                tensor._raw_data = body[start : start + size]
                start += size
            tensors.append(tensor)
        outputs = [
            RequestedOutput(said["name"], said.get("parameters"))
            for said in asked.get("outputs") or ()
        ]
        return InferRequest(
            model_name,
            tensors,
            asked.get("id"),
            parameters=asked.get("parameters"),
            request_outputs=outputs or None,
        )
    except (AttributeError, KeyError, RecursionError, TypeError) as error:
        raise ValueError(
            "A request holds `inputs`, each with name, shape, datatype and "
            f"data. Received: {error!r}"
        ) from error


def describe_inputs(gan: Any) -> list[dict[str, Any]]:
    """Returns what a request may hold, as V2's metadata say it."""
    pictures = any(not m.is_drawn for m in gan.takes.values())
    tensors = [] if pictures else [("count", "INT32", [1])]
    tensors += [("seed", "INT64", [1])]
    for name, kind in gan.takes.items():
        tensors += [(option, "FP32", [1]) for option in kind.options]
        as_text = isinstance(kind, ClassLabel | Text) or is_picture(kind)
        shape = [-1] if as_text else [-1, *kind.shape]
        tensors += [(name, TEXT if as_text else "FP32", shape)]
    return [dict(zip(KEYS, tensor, strict=True)) for tensor in tensors]


def describe_outputs(gan: Any) -> list[dict[str, Any]]:
    """Returns what `serving_default` makes, as V2's metadata say it."""
    return [
        {"name": name, "datatype": "FP32", "shape": [-1, *_sides(kind)]}
        for name, kind in gan.makes.items()
    ]


KEYS = ("name", "datatype", "shape")


def _sides(kind: Any) -> list[int]:
    height_and_width = getattr(kind, "any_size", False)
    return [-1, -1, kind.shape[-1]] if height_and_width else list(kind.shape)
