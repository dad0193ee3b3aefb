"""The three functions that differ by backend; nothing else does.

`minimize(loss_fn, optimizer, variables)` takes one step of an optimizer,
`input_gradient(fn, x)` differentiates with respect to an input, and
`adapt_train_step(model, train_step)` gives a plain train step the form in
which the backend's `fit` wants it.
"""

import importlib

import keras

if keras.backend.backend() not in ("tensorflow", "jax", "torch"):
    raise ImportError(
        "keras_gans trains on the backends tensorflow, jax and torch. "
        f"Received: KERAS_BACKEND={keras.backend.backend()}"
    )

_backend = importlib.import_module(
    f"keras_gans.backend.{keras.backend.backend()}"
)
minimize = _backend.minimize
input_gradient = _backend.input_gradient
adapt_train_step = _backend.adapt_train_step
