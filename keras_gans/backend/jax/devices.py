import atexit
import contextlib

import jax
import keras
import numpy as np
from jax._src.api import clean_up
from jax._src.distributed import global_state
from jax.experimental import multihost_utils

MS_TO_SIGN = 5000


def connect(mode, cluster, timeout, model_shards):
    """Connects the processes, and splits batches over all their devices."""
    timeout = int(timeout)
    if cluster is not None and not jax.distributed.is_initialized():
        jax.distributed.initialize(
            cluster.coordinator,
            cluster.count,
            cluster.index,
            initialization_timeout=timeout,
            heartbeat_timeout_seconds=min(timeout, 60),
        )
    if jax.device_count() == 1 or keras.distribution.distribution():
        return
    # Each process reads its own share of every batch.
    if model_shards == 1:
        chosen = keras.distribution.DataParallel(auto_shard_dataset=False)
    else:
        chosen = SplitKernels(model_shards)
    keras.distribution.set_distribution(chosen)


class SplitKernels(keras.distribution.ModelParallel):
    """Splits each kernel by its output channels, where they divide evenly.

    Optimizers' slots are split like their kernels. All other variables are
    whole on every device.
    """

    def __init__(self, model_shards):
        devices = keras.distribution.list_devices()
        mesh = keras.distribution.DeviceMesh(
            (len(devices) // model_shards, model_shards),
            ["batch", "model"],
            devices,
        )
        super().__init__(
            layout_map=keras.distribution.LayoutMap(mesh),
            batch_dim_name="batch",
            auto_shard_dataset=False,
        )
        self.model_shards = model_shards

    def get_variable_layout(self, variable):
        """Returns the layout of a weight or slot."""
        axes: list[str | None] = [None] * len(variable.shape)
        if len(axes) > 1 and variable.shape[-1] % self.model_shards == 0:
            axes[-1] = "model"
        return keras.distribution.TensorLayout(axes, self.device_mesh)


def scope():
    """Returns None: Keras uses the distribution that `connect` has set."""
    return None


def remember(model):
    """Does nothing: the distribution is the same for all models."""


def process():
    """Returns the number of this process, and of all processes."""
    return jax.process_index(), jax.process_count()


def num_replicas():
    """Returns the number of devices that share a batch."""
    distribution = keras.distribution.distribution()
    if distribution is None:
        return 1
    mesh = distribution.device_mesh
    return mesh.shape[mesh.axis_names.index(distribution.batch_dim_name)]


def gather(flat):
    """Returns the bytes of all processes, to every process."""
    return multihost_utils.process_allgather(flat)


def predict(network, inputs):
    """Calls a network on this process's first device.

    Keras's `predict_on_batch` donates the weights' buffers: an interrupt in
    the middle of it would lose them.
    """
    weights = (network.trainable_variables, network.non_trainable_variables)
    values = [[v.value for v in part] for part in weights]
    if num_replicas() > 1:
        # Copied to the host, since they are split over all devices of all
        # processes.
        values = [[np.asarray(v) for v in part] for part in values]
    return call_of(network)(*values, inputs)


def call_of(network):
    """Returns a network's call, compiled, as a function of its weights."""
    # Kept with the network, and so gone with it.
    if not hasattr(network, "_compiled_call"):
        network._compiled_call = jax.jit(
            lambda trained, other, inputs: network.stateless_call(
                trained, other, inputs, training=False
            )[0]
        )
    return network._compiled_call


def abandon():
    """Lets this process end without waiting for the others, after a failure.

    The others wait for it at their next step, and fail in turn.
    """
    if jax.process_count() > 1:
        atexit.unregister(clean_up)


def sign():
    """Signs at the coordinator, and returns the processes that have not."""
    client, index = global_state.client, jax.process_index()
    try:
        client.key_value_set(f"survivor/{index}", "1")
    except jax.errors.JaxRuntimeError:
        return [0]
    others = (i for i in range(jax.process_count()) if i != index)
    return [i for i in others if not _signed(client, i)]


@contextlib.contextmanager
def alone():
    """Takes the distribution away from Keras in this context."""
    distribution = keras.distribution.distribution()
    keras.distribution.set_distribution(None)
    try:
        yield
    finally:
        keras.distribution.set_distribution(distribution)


def lost(message):
    """Returns the processes that no longer answer."""
    absent = sign()
    # Process 0 is the coordinator: without it nobody can sign.
    return [0] if 0 in absent else absent


def _signed(client, index):
    try:
        client.blocking_key_value_get(f"survivor/{index}", MS_TO_SIGN)
    except jax.errors.JaxRuntimeError:
        return False
    return True


def feed(model, batches):
    """Returns what Keras's `fit` takes: this process's share of batches."""
    batches.share = process()
    return batches
