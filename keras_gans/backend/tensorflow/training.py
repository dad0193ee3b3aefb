import keras
import tensorflow as tf

from keras_gans.backend.eager import untaken as untaken
from keras_gans.backend.eager import whole_steps as whole_steps
from keras_gans.backend.randomness import differ_by_replica


def minimize(loss_fn, optimizer, variables):
    """Takes one step of `optimizer` down the gradient of `loss_fn()`."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch([v.value for v in variables])
        loss = loss_fn()
        # Keras sums the gradients of all replicas.
        scaled = optimizer.scale_loss(loss) / replica()[1]
    gradients = tape.gradient(
        scaled,
        [v.value for v in variables],
        unconnected_gradients=tf.UnconnectedGradients.ZERO,
    )
    optimizer.apply(gradients, variables)
    return loss


def output_and_input_gradient(fn, x):
    """Returns fn(x) and d sum(first output) / d x, itself differentiable."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        outputs = fn(x)
        first = tf.nest.flatten(outputs)[0]
    return outputs, tape.gradient(first, x)


def input_gradient(fn, x):
    """Returns d sum(fn(x)) / d x, itself differentiable."""
    return output_and_input_gradient(fn, x)[1]


def adapt_train_step(model, train_step):
    """Returns `train_step(data) -> logs`, which is what `fit` calls."""
    strategy = model.distribute_strategy
    several_hosts = isinstance(
        strategy, tf.distribute.MultiWorkerMirroredStrategy
    )
    if strategy.num_replicas_in_sync > 1:
        differ_by_replica(model, replica)

    def train_step_on(data):
        # Without this TensorFlow runs what does not depend on the data, such as
        # counters and random state, even where the data have ended.
        with tf.control_dependencies(
            [x for x in tf.nest.flatten(data) if x is not None]
        ):
            logs = train_step(data)
        if several_hosts:
            # Keras averages the logs of hosts over their first axis, which
            # scalars do not have (tensorflow issue 72388).
            logs = keras.tree.map_structure(lambda v: tf.reshape(v, [1]), logs)
        return logs

    return train_step_on


def assert_divided(x, divisor, words):
    """Returns x, of a graph that runs only where `divisor` divides its rows."""
    num = tf.shape(x)[0]
    whole = tf.debugging.Assert(
        num % divisor == 0, [f"{words}. Received: a batch of rows:", num]
    )
    with tf.control_dependencies([whole]):
        return tf.identity(x)


def replica():
    """Returns the number of this replica, and of all replicas."""
    context = tf.distribute.get_replica_context()
    return context.replica_id_in_sync_group, context.num_replicas_in_sync


def share(rows):
    """Returns this replica's share of rows that all replicas have."""
    index, replicas = replica()
    if replicas == 1:
        return rows
    num = tf.shape(rows)[0] // replicas
    return rows[index * num : (index + 1) * num]


def gather(rows):
    """Returns the rows of all replicas, in their order."""
    if replica()[1] == 1:
        return rows
    return tf.distribute.get_replica_context().all_gather(rows, axis=0)


def mean_over_replicas(x):
    """Returns the mean of the replicas' `x`, differentiable."""
    context = tf.distribute.get_replica_context()
    if context.num_replicas_in_sync == 1:
        return x
    return context.all_reduce(tf.distribute.ReduceOp.MEAN, x)


def mean_in_logs(values):
    """Returns `values`: Keras's metrics sum over replicas."""
    return values


def replicas_in_batch():
    """Returns 1: each replica computes its own share of a batch."""
    return 1
