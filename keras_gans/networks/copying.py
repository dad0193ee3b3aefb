"""Copies of generators, made for inference."""

from typing import Any

import keras
from keras import ops

from keras_gans.engine.building import building
from keras_gans.layers import UpsamplingConv2D

HALVES = ("bfloat16", "float16")
SHAPE_LOSING = (
    keras.layers.Reshape,
    keras.layers.UpSampling1D,
    keras.layers.UpSampling2D,
    keras.layers.UpSampling3D,
)


class WithShape(keras.layers.Wrapper):
    """States the shape of what a layer returns.

    TensorFlow loses the shape of what it repeats, and after two such layers
    LiteRT's converter does not know a convolution's channels. A reshape that
    asks for the batch's size is four operations, which split a graph.
    """

    def call(self, inputs: Any) -> Any:
        """Calls the layer."""
        shape = self.layer.compute_output_shape(inputs.shape)
        return ops.reshape(self.layer(inputs), (-1, *shape[1:]))


def float32_copy(
    generator: keras.Model, subpixel: bool | None = None
) -> keras.Model:
    """Copies a Functional or Sequential model into float32.

    Neither LiteRT nor ONNX Runtime has kernels for bfloat16.

    Args:
        generator: The model, of any dtype policy.
        subpixel: How its `UpsamplingConv2D` layers compute; None leaves them.
            True also states the shapes that Keras's `UpSampling` and `Reshape`
            layers return, which LiteRT needs.

    Returns:
        A model of the same weights.

    Raises:
        ValueError: For a layer that its `get_config` does not describe.
    """
    copies: dict[int, keras.layers.Layer] = {}

    def copy(layer: keras.layers.Layer) -> keras.layers.Layer:
        if id(layer) not in copies:
            # A subclassed model has no inputs, and is copied as a layer is.
            copies[id(layer)] = (
                functional_copy(layer, copy)
                if isinstance(layer, keras.Model) and hasattr(layer, "inputs")
                else _layer(layer, subpixel)
            )
        return copies[id(layer)]

    # Layers that a user's layer makes in its constructor have no
    # configuration here: they follow the global policy.
    with building(dtype="float32"):
        model = functional_copy(generator, copy)
    model.set_weights(generator.get_weights())
    return model


def functional_copy(model: keras.Model, copy: Any) -> keras.Model:
    """Copies a Functional or Sequential model, layer by layer.

    Args:
        model: The model.
        copy: Function from a layer to the one in its place.

    Returns:
        A model whose weights are those that the layers have.
    """
    inputs = [
        keras.Input(
            batch_shape=x.shape,
            dtype="float32" if x.dtype in HALVES else x.dtype,
            name=x.name,
        )
        for x in model.inputs
    ]
    return keras.models.clone_model(
        model,
        input_tensors=keras.tree.pack_sequence_as(
            getattr(model, "_inputs_struct", model.inputs[0]), inputs
        ),
        clone_function=copy,
    )


def _layer(
    layer: keras.layers.Layer, subpixel: bool | None
) -> keras.layers.Layer:
    if subpixel and isinstance(layer, SHAPE_LOSING):
        return WithShape(_layer(layer, subpixel=None))
    try:
        config = _in_float32(layer.get_config())
        if subpixel is not None and isinstance(layer, UpsamplingConv2D):
            config["subpixel"] = subpixel
        return type(layer).from_config(config)
    except (NotImplementedError, TypeError, ValueError) as error:
        reason, *_ = str(error).strip().splitlines()
        raise ValueError(
            f"The layer {layer.name!r} cannot be copied, which an export needs."
            f" `{type(layer).__name__}.__init__` must take `**kwargs` and hand "
            "them to `super().__init__`, and its `get_config` must return "
            f"every other argument. Received: {reason[:300]}"
        ) from error


def _in_float32(config: Any) -> Any:
    # Wrappers such as TimeDistributed hold the configuration of another layer.
    if isinstance(config, (list, tuple)):
        return type(config)(_in_float32(c) for c in config)
    if not isinstance(config, dict):
        return config
    if config.get("class_name") == "DTypePolicy":
        return {**config, "config": {"name": "float32"}}
    return {key: _in_float32(value) for key, value in config.items()}
