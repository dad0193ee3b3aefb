"""The functions that differ by backend; nothing else of the engine does.

`minimize(loss_fn, optimizer, variables)` takes one step of an optimizer,
`input_gradient(fn, x)` differentiates with respect to inputs in a pass of its
own, `output_and_input_gradient(fn, x)` in the pass that gives the output,
`without_writes(fn)` makes a function safe for a branch of `ops.cond`, and
`adapt_train_step(model, train_step)` gives a plain train step the form in
which the backend's `fit` wants it.

Where several replicas train on shares of a batch, `minimize` averages over
them. On TensorFlow and PyTorch each replica runs the step on its own share:
`replica()` says which one it is and of how many, `share(rows)` takes its part
of rows that all have drawn, `mean_over_replicas(x)` averages, and
`mean_in_logs(values)` does so where Keras's metrics do not. On JAX one program
sees the whole batch, whoever computes it: there is one replica, and
`replicas_in_batch()` says how many shares it holds.
"""

import importlib

import keras

if keras.backend.backend() not in ("tensorflow", "jax", "torch"):
    raise ImportError(
        "keras_gans trains on the backends tensorflow, jax and torch. "
        f"Received: KERAS_BACKEND={keras.backend.backend()}"
    )

_backend = importlib.import_module(
    f"keras_gans.backend.{keras.backend.backend()}.training"
)
minimize = _backend.minimize
input_gradient = _backend.input_gradient
output_and_input_gradient = _backend.output_and_input_gradient
without_writes = _backend.without_writes
adapt_train_step = _backend.adapt_train_step
replica = _backend.replica
share = _backend.share
mean_over_replicas = _backend.mean_over_replicas
mean_in_logs = _backend.mean_in_logs
replicas_in_batch = _backend.replicas_in_batch
