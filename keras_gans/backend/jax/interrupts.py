"""Ctrl-C, which must not come between a step and the state that it returns."""

import contextlib
import functools
import signal
import threading

STATE = (
    "trainable_variables",
    "non_trainable_variables",
    "optimizer_variables",
    "metrics_variables",
)


@contextlib.contextmanager
def held_interrupts():
    """Puts Ctrl-C off until the end; the second one breaks off at once."""
    old = signal.getsignal(signal.SIGINT)
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or not callable(old):  # SIG_IGN, or a handler of C
        yield
        return
    pressed = threading.Event()

    def hold(number, frame):
        if pressed.is_set():
            old(number, frame)
        pressed.set()

    signal.signal(signal.SIGINT, hold)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, old)
    if pressed.is_set():
        signal.raise_signal(signal.SIGINT)


def whole_steps(model, train_function):
    """Returns a train function that leaves its state with the model.

    Keras empties the variables before an epoch's first step, which uses up the
    state that it takes. Without this, what Ctrl-C breaks off after the step
    and before Keras notes the new state costs the weights, and so does an
    error in that first step, such as an image that cannot be read.
    """

    @functools.wraps(train_function)
    def whole_step(state, iterator):
        with held_interrupts():
            try:
                logs, state = train_function(state, iterator)
            finally:
                model._jax_state = dict(zip(STATE, state, strict=True))
        return logs, state

    return whole_step
