"""The three functions that differ by backend; nothing else does.

`minimize(loss_fn, optimizer, variables)` takes one optimizer step,
`input_gradient(fn, x)` differentiates with respect to an input, and
`adapt_train_step(train_step)` gives a plain train step the form in which the
backend's `fit` wants it.
"""

import keras

if keras.backend.backend() == "tensorflow":
    from keras_gans.backend import tensorflow as _backend
elif keras.backend.backend() == "jax":
    from keras_gans.backend import jax as _backend
elif keras.backend.backend() == "torch":
    from keras_gans.backend import torch as _backend
else:
    raise ImportError(
        "keras_gans trains on the backends tensorflow, jax and torch. "
        f"Received: KERAS_BACKEND={keras.backend.backend()}"
    )

minimize = _backend.minimize
input_gradient = _backend.input_gradient
adapt_train_step = _backend.adapt_train_step
