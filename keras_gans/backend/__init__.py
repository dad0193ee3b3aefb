"""The functions of the engine that differ by backend.

- `minimize(loss_fn, optimizer, variables)` takes one step of an optimizer.
- `input_gradient(fn, x)` returns the gradient with respect to inputs.
- `output_and_input_gradient(fn, x)` returns the output and that gradient, of
  one pass.
- `adapt_train_step(model, train_step)` gives a plain train step the form that
  the backend's `fit` calls.
- `untaken(model, step)` returns a step that leaves all state as it was.
- `whole_steps(model, train_function)` returns what `fit` calls in a form that
  Ctrl-C cannot break off between a step and the state that it returns.
- `assert_divided(x, divisor, words)` returns x, of a graph that runs only where
  `divisor` divides its rows; only TensorFlow has graphs for any number of them.

Several replicas may train on shares of a batch; `minimize` then averages their
gradients. On TensorFlow and PyTorch each replica runs the step on its share:

- `replica()` returns the number of this replica, and of all.
- `share(rows)` returns this replica's part of rows that all have drawn.
- `gather(rows)` returns the rows of all replicas, in their order.
- `mean_over_replicas(x)` returns a mean, which can be differentiated.
- `mean_in_logs(values)` returns a mean where Keras's metrics do not make one.

On JAX one program computes the whole batch on all devices: there is one
replica, and `replicas_in_batch()` returns the number of shares.
"""

import importlib
from typing import Any

import keras

if keras.backend.backend() not in ("tensorflow", "jax", "torch"):
    raise ImportError(
        "The backend must be tensorflow, jax or torch. "
        f"Received: KERAS_BACKEND={keras.backend.backend()}"
    )

_backend = importlib.import_module(
    f"keras_gans.backend.{keras.backend.backend()}.training"
)
minimize = _backend.minimize
input_gradient = _backend.input_gradient
output_and_input_gradient = _backend.output_and_input_gradient
adapt_train_step = _backend.adapt_train_step
untaken = _backend.untaken
whole_steps = _backend.whole_steps
assert_divided: Any = getattr(_backend, "assert_divided", None)
replica = _backend.replica
share = _backend.share
gather = _backend.gather
mean_over_replicas = _backend.mean_over_replicas
mean_in_logs = _backend.mean_in_logs
replicas_in_batch = _backend.replicas_in_batch
