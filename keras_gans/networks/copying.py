"""Copies of generators, made for inference."""

from typing import Any

import keras

from keras_gans.layers import UpsamplingConv2D


def float32_copy(
    generator: keras.Model, subpixel: bool | None = None
) -> keras.Model:
    """Copies a Functional model into float32.

    Neither LiteRT nor ONNX Runtime has kernels for bfloat16.

    Args:
        generator: The model, of any dtype policy.
        subpixel: How its `UpsamplingConv2D` layers compute; None leaves them.

    Returns:
        A model of the same weights.
    """

    def copy(layer: keras.layers.Layer) -> keras.layers.Layer:
        config = _in_float32(layer.get_config())
        if subpixel is not None and isinstance(layer, UpsamplingConv2D):
            config["subpixel"] = subpixel
        return type(layer).from_config(config)

    model = keras.models.clone_model(
        generator, clone_function=copy, recursive=True
    )
    model.set_weights(generator.get_weights())
    return model


def _in_float32(config: Any) -> Any:
    # Wrappers such as TimeDistributed hold the configuration of another layer.
    if isinstance(config, (list, tuple)):
        return type(config)(_in_float32(c) for c in config)
    if not isinstance(config, dict):
        return config
    if config.get("class_name") == "DTypePolicy":
        return {**config, "config": {"name": "float32"}}
    return {key: _in_float32(value) for key, value in config.items()}
