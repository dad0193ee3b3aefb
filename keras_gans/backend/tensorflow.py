import tensorflow as tf


def minimize(loss_fn, optimizer, variables):
    """Takes one step of `optimizer` down the gradient of `loss_fn()`."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch([v.value for v in variables])
        loss = loss_fn()
        scaled = optimizer.scale_loss(loss)
    gradients = tape.gradient(
        scaled,
        [v.value for v in variables],
        unconnected_gradients=tf.UnconnectedGradients.ZERO,
    )
    optimizer.apply(gradients, variables)
    return loss


def input_gradient(fn, x):
    """Returns d sum(fn(x)) / d x, itself differentiable."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        y = fn(x)
    return tape.gradient(y, x)


def adapt_train_step(model, train_step):
    """Returns `train_step(data) -> logs`, which is what `fit` calls."""

    def train_step_on(data):
        # TensorFlow runs what does not wait for the data (a counter, random
        # state) even where the data turn out to have ended.
        with tf.control_dependencies(tf.nest.flatten(data)):
            return train_step(data)

    return train_step_on
