"""SavedModels with a signature for each way to ask."""

import functools
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from keras_gans.exporting.saved_model.pictures import (
    encode,
    is_picture,
    to_levels,
)
from keras_gans.exporting.saved_model.refusing import refuse_unless
from keras_gans.exporting.saved_model.requests import (
    Takes,
    request_for,
    rows_for,
    rows_in,
)
from keras_gans.exporting.saved_model.warm_up import write_warm_up
from keras_gans.exporting.saved_model.words import tokenizers_of
from keras_gans.modalities import Image, Text


def write_saved_model(
    generator: keras.Model,
    takes: Takes,
    makes: Takes,
    path: Path,
    batch_size: int | None,
) -> None:
    """Writes a SavedModel of a generator.

    Its signatures are `serving_default`, from device values to device values
    by the names that are declared; `generate`, from what `request_for`
    describes to uint8 images; and `generate_png`, from the same to PNG files,
    under names that end in `_bytes`, which TensorFlow Serving's REST
    interface sends in base64.
    What is told in words is a string, or several, and the loaded object then
    has a method `generate(prompt, seed, count=1)` too.
    `generate` is left out where nothing that is made is an image, or where a
    request cannot say what is taken; `generate_png` where images have other
    channels than 1, 3 or 4.

    Args:
        generator: What `named_copy` returned.
        takes: What it takes, by name.
        makes: What it makes, by name.
        path: The folder to write.
        batch_size: Rows at a time of `serving_default`, or None for any.
    """
    shapes = {x.name: tuple(x.shape[1:]) for x in generator.inputs}

    def specs(rows: int | None) -> dict[str, Any]:
        return {
            name: tf.TensorSpec((rows, *shapes[name]), m.dtype, name)
            for name, m in takes.items()
        }

    def traced(function: Any, taken: dict[str, Any]) -> Any:
        made = tf.function(function, [taken], autograph=False)
        return made.get_concrete_function()

    # Traced once for all signatures.
    run = traced(lambda values: generator(values, training=False), specs(None))

    def serve(values: dict[str, Any]) -> dict[str, Any]:
        return run({n: _checked(n, takes[n], v) for n, v in values.items()})

    tokenizers = tokenizers_of(takes)

    def generate(request: dict[str, Any]) -> dict[str, Any]:
        made = run(rows_for(takes, request, tokenizers))
        return {
            name: to_levels(made[name]) if isinstance(m, Image) else made[name]
            for name, m in makes.items()
        }

    signatures = {"serving_default": traced(serve, specs(batch_size))}
    request = request_for(takes)
    if request and any(isinstance(m, Image) for m in makes.values()):
        signatures["generate"] = traced(generate, request)
        if all(is_picture(m) for m in makes.values()):
            alone = all(getattr(m, "any_size", False) for m in takes.values())
            answer = _of_each if alone else _png
            signatures["generate_png"] = traced(
                functools.partial(answer, takes, signatures["generate"]),
                request,
            )
    module = tf.Module()
    module.weights = run.variables
    module.tokenizers = tokenizers
    if "generate" in signatures and tokenizers:
        module.generate = _method(signatures["generate"], takes, makes)
    tf.saved_model.save(module, str(path), signatures)
    write_warm_up(path, takes, signatures)


def _method(generate: Any, takes: Takes, makes: Takes) -> Any:
    """Returns `generate(prompt, seed, count=1)` of what was loaded."""
    told = next(name for name, m in takes.items() if isinstance(m, Text))
    made = next(iter(makes))
    specs = [
        tf.TensorSpec(None, tf.string, "prompt"),
        tf.TensorSpec((), tf.int32, "seed"),
        tf.TensorSpec((), tf.int32, "count"),
    ]

    def method(prompt: Any, seed: Any, count: Any = 1) -> Any:
        prompts = tf.reshape(prompt, (-1,))
        return generate(**{told: prompts, "seed": seed, "count": count})[made]

    return tf.function(method, specs, autograph=False)


def _png(takes: Takes, generate: Any, request: dict[str, Any]) -> Any:
    made = generate(request)
    return {f"{name}_bytes": encode(x) for name, x in made.items()}


def _of_each(takes: Takes, generate: Any, request: dict[str, Any]) -> Any:
    """Returns PNG files, of files that may differ in size."""
    with tf.control_dependencies([rows_in(takes, request)]):
        made = tf.map_fn(
            lambda one: _png(
                takes, generate, {n: x[None] for n, x in one.items()}
            ),
            request,
            fn_output_signature={
                f"{name}_bytes": tf.TensorSpec((1,), tf.string)
                for name in generate.structured_outputs
            },
        )
    return {name: files[:, 0] for name, files in made.items()}


def _checked(name: str, modality: Any, values: Any) -> Any:
    """Returns device values, once labels and ids are known to be in range."""
    if modality.num_values is None:
        return values
    return refuse_unless(
        (values >= 0) & (values < modality.num_values),
        f"`{name}` must be in [0, {modality.num_values}).",
        values,
        values,
    )
