"""Requests that TensorFlow Serving answers to itself before all others."""

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from keras_gans.modalities import Modality, Text

NAME = "tf_serving_warmup_requests"
"""The file in `assets.extra` where TensorFlow Serving looks for them."""


def write_warm_up(
    path: Path, takes: Mapping[str, Modality], signatures: dict[str, Any]
) -> None:
    """Writes one request for each signature of a SavedModel.

    The first request of a signature is slow: TensorFlow then makes what it
    needs. Nothing is written where tensorflow-serving-api is not installed.

    Args:
        path: The SavedModel.
        takes: What its generator takes, by name.
        signatures: Its concrete functions, by name.
    """
    if importlib.util.find_spec("tensorflow_serving") is None:
        return
    from tensorflow_serving.apis import predict_pb2, prediction_log_pb2

    rng = np.random.default_rng(0)
    rows = {name: m.noise(1, rng) for name, m in takes.items()}
    folder = path / "assets.extra"
    folder.mkdir()
    with tf.io.TFRecordWriter(str(folder / NAME)) as file:
        for key, function in signatures.items():
            request = predict_pb2.PredictRequest()
            request.model_spec.name = "generator"
            request.model_spec.signature_name = key
            ((specs,), _) = function.structured_input_signature
            for name, spec in specs.items():
                value = _value(name, spec, takes.get(name), rows)
                request.inputs[name].CopyFrom(tf.make_tensor_proto(value))
            log = prediction_log_pb2.PredictionLog()
            log.predict_log.request.CopyFrom(request)
            file.write(log.SerializeToString())


def _value(name: str, spec: Any, modality: Any, rows: dict[str, Any]) -> Any:
    """Returns what a request of one row says under a name."""
    if name in rows and spec.dtype.as_numpy_dtype == rows[name].dtype:
        return rows[name] if spec.shape.rank else rows[name][0]
    if spec.dtype != tf.string:  # the seed or the count
        return np.array(1, spec.dtype.as_numpy_dtype)
    if isinstance(modality, Text):
        return np.array(modality.examples[:1])
    if modality.shape == ():  # a class
        return np.array(["0"])
    picture = tf.zeros(modality.shape, tf.uint8)
    return np.array([tf.io.encode_png(picture).numpy()])
