import contextlib
import faulthandler
import functools
import re
import sys

import numpy as np
import tensorflow as tf
from keras.src.trainers.data_adapters.py_dataset_adapter import (
    PyDatasetAdapter,
)

_strategy = None


def connect(mode, cluster, timeout, model_shards):
    """Creates the strategy for several hosts or devices, where there are."""
    global _strategy
    if _strategy is not None:
        return
    if mode == "tpu":
        resolver = tf.distribute.cluster_resolver.TPUClusterResolver("")
        tf.config.experimental_connect_to_cluster(resolver)
        tf.tpu.experimental.initialize_tpu_system(resolver)
        _strategy = tf.distribute.TPUStrategy(resolver)
    elif cluster is not None:
        with _bounded(cluster, timeout):
            _strategy = tf.distribute.MultiWorkerMirroredStrategy(
                tf.distribute.cluster_resolver.SimpleClusterResolver(
                    tf.train.ClusterSpec({"worker": list(cluster.addresses)}),
                    task_type="worker",
                    task_id=cluster.index,
                ),
                tf.distribute.experimental.CommunicationOptions(
                    timeout_seconds=timeout
                ),
            )
    else:
        # In this branch only: listing devices initialises TensorFlow, and
        # several hosts must be connected before that.
        devices = tf.config.list_logical_devices("GPU")
        devices = devices or tf.config.list_logical_devices("CPU")
        if mode == "mirrored" or len(devices) > 1:
            _strategy = tf.distribute.MirroredStrategy(
                [d.name for d in devices]
            )


@contextlib.contextmanager
def _bounded(cluster, timeout):
    """Ends the process where the others do not connect in time.

    TensorFlow would wait for an hour, and holds Python's lock meanwhile: no
    thread, signal or exception can end that, only faulthandler.
    """
    print(
        f"keras_gans: process {cluster.index} of {cluster.count} waits at most "
        f"{timeout:g} seconds for the others of {', '.join(cluster.addresses)}",
        file=sys.stderr,
        flush=True,
    )
    faulthandler.dump_traceback_later(timeout, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def scope():
    """Returns the scope in which models must be built."""
    return _strategy.scope() if _strategy else contextlib.nullcontext()


def remember(model):
    """Takes over the strategy of a model that a user's own scope has built."""
    global _strategy
    if model.distribute_strategy.num_replicas_in_sync > 1:
        _strategy = model.distribute_strategy


def _current():
    if tf.distribute.has_strategy():
        return tf.distribute.get_strategy()
    return _strategy or tf.distribute.get_strategy()


def process():
    """Returns the number of this process, and of all processes."""
    resolver = _current().cluster_resolver
    spec = resolver.cluster_spec().as_dict() if resolver else {}
    if "worker" not in spec or resolver.task_id is None:
        return 0, 1
    chiefs = len(spec.get("chief", []))
    index = resolver.task_id + (resolver.task_type == "worker") * chiefs
    return index, chiefs + len(spec["worker"])


def num_replicas():
    """Returns the number of devices, of all hosts, that share a batch."""
    return _current().num_replicas_in_sync


def gather(flat):
    """Returns the bytes of all processes, to every process."""
    strategy = _current()

    @tf.function
    def gather_rows():
        # As int32: TensorFlow has no gather of bytes.
        row = strategy.run(lambda: tf.constant(flat[None], "int32"))
        return strategy.gather(row, axis=0)

    rows = gather_rows().numpy()
    return rows[:: len(rows) // process()[1]]


def predict(network, inputs):
    """Calls a network on this process's first device."""
    return call_of(network)(inputs)


def call_of(network):
    """Returns a network's call as a graph."""
    # Kept with the network, and so gone with it.
    if not hasattr(network, "_compiled_call"):
        network._compiled_call = tf.function(
            functools.partial(network, training=False)
        )
    return network._compiled_call


def alone():
    """Returns a context that changes nothing."""
    return contextlib.nullcontext()


def abandon():
    """Does nothing: a process that fails ends without waiting for others."""


def lost(message):
    """Returns the processes that TensorFlow's coordinator names."""
    return sorted({int(task) for task in re.findall(r"task:(\d+)", message)})


def feed(model, batches):
    """Returns what Keras's `fit` takes: this process's share of batches."""
    strategy = model.distribute_strategy
    if strategy.num_replicas_in_sync == 1:
        return OwnBatches(batches)
    batches.share = process()
    return SharedBatches(batches, strategy)


def untuned(dataset):
    """Returns a data set without tf.data's tuner.

    The tuner sleeps for times that double, and `fit` waits for the last of
    them: it can take up to twice as long as its batches do.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


class OwnBatches(PyDatasetAdapter):
    """Gives batches to the only device."""

    def get_tf_dataset(self):
        """Returns the data set."""
        return untuned(super().get_tf_dataset())


class SharedBatches(PyDatasetAdapter):
    """Gives each device of this host an equal part of the host's share."""

    def __init__(self, batches, strategy):
        super().__init__(batches)
        self.strategy = strategy

    def get_tf_dataset(self):
        """Returns the data set of all devices."""
        local = self.strategy.num_replicas_in_sync // process()[1]
        batches = self.py_dataset

        def parts():
            for batch in self._get_iterator():
                (rows,) = batch
                shares = {n: np.split(v, local) for n, v in rows.items()}
                for i in range(local):
                    yield ({name: share[i] for name, share in shares.items()},)

        (first,) = batches[0]
        signature = (
            {
                name: tf.TensorSpec((len(v) // local, *v.shape[1:]), v.dtype)
                for name, v in first.items()
            },
        )
        return self.strategy.distribute_datasets_from_function(
            lambda _: untuned(
                tf.data.Dataset.from_generator(
                    parts, output_signature=signature
                ).prefetch(tf.data.AUTOTUNE)
            )
        )
