import jax
import keras
from keras.src.backend.common.stateless_scope import get_stateless_scope

from keras_gans.backend.jax.interrupts import whole_steps as whole_steps


def minimize(loss_fn, optimizer, variables):
    """Takes one step of `optimizer` down the gradient of `loss_fn()`."""
    step = get_stateless_scope()

    def pure(values):
        with _inside(step, zip(variables, values, strict=True)) as scope:
            loss = loss_fn()
            scaled = optimizer.scale_loss(loss)
        return scaled, (loss, scope.state_mapping)

    values = [v.value for v in variables]
    gradients, (loss, state) = jax.grad(pure, has_aux=True)(values)
    # Keep what the loss function wrote: moving averages, random state,
    # metrics.
    step.state_mapping.update(state)
    slots = optimizer.variables
    values, slot_values = optimizer.stateless_apply(
        [v.value for v in slots], gradients, values
    )
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)
    for slot, value in zip(slots, slot_values, strict=True):
        slot.assign(value)
    return loss


def output_and_input_gradient(fn, x):
    """Returns fn(x) and d sum(first output) / d x, itself differentiable."""
    outside = get_stateless_scope()

    def pure(x):
        with _inside(outside) as scope:
            outputs = fn(x)
            total = keras.ops.sum(keras.tree.flatten(outputs)[0])
        return total, (outputs, scope.state_mapping)

    gradient, (outputs, state) = jax.grad(pure, has_aux=True)(x)
    if outside is not None:
        # The pass is part of a step: its moving averages are kept.
        outside.state_mapping.update(state)
    return outputs, gradient


def input_gradient(fn, x):
    """Returns d sum(fn(x)) / d x, itself differentiable."""
    outside = get_stateless_scope()

    def pure(x):
        # What `fn` writes, such as a moving average, is a tracer of this
        # gradient and must not be used outside: the scope is thrown away.
        with _inside(outside):
            return keras.ops.sum(keras.tree.flatten(fn(x))[0])

    return jax.grad(pure)(x)


def adapt_train_step(model, train_step):
    """Returns `train_step(state, data) -> logs, state`, which `fit` calls."""

    def stateless_train_step(state, data):
        lists = _state_of(model)
        with keras.StatelessScope() as scope:
            for variables, values in zip(lists, state, strict=True):
                for variable, value in zip(variables, values, strict=True):
                    variable.assign(value)
            logs = train_step(data)
        return logs, tuple(
            [scope.get_current_value(v) for v in variables]
            for variables in lists
        )

    return stateless_train_step


def untaken(model, step):
    """Returns `step`, compiled, which leaves all state as it was."""
    variables = [v for part in _state_of(model) for v in part]

    @jax.jit
    def pure(values, data):
        with _inside(None, zip(variables, values, strict=True)):
            return step(data)

    return lambda data: pure([v.value for v in variables], data)


def _state_of(model):
    return (
        model.trainable_variables,
        model.non_trainable_variables,
        model.optimizer.variables,
        model.metrics_variables,
    )


def replica():
    """Returns replica 0 of 1: one program computes the whole batch."""
    return 0, 1


def share(rows):
    """Returns the rows, split over the devices."""
    distribution = keras.distribution.distribution()
    if distribution is None:
        return rows
    # Without this every device would compute the whole batch.
    layout = distribution.get_data_layout(rows.shape).backend_layout
    return jax.lax.with_sharding_constraint(rows, layout)


def gather(rows):
    """Returns `rows`, which are those of the whole batch already."""
    return rows


def mean_over_replicas(x):
    """Returns `x`, which is of the whole batch already."""
    return x


def mean_in_logs(values):
    """Returns `values`, which are of the whole batch already."""
    return values


def replicas_in_batch():
    """Returns the number of shares into which the batch is split."""
    distribution = keras.distribution.distribution()
    if distribution is None:
        return 1
    mesh = distribution.device_mesh
    return mesh.shape[mesh.axis_names.index(distribution.batch_dim_name)]


def _inside(outside, assignments=()):
    """Returns a scope that reads what `outside` holds, and writes by itself."""
    scope = keras.StatelessScope(list(assignments))
    if outside is not None:
        scope.state_mapping = {**outside.state_mapping, **scope.state_mapping}
    return scope
