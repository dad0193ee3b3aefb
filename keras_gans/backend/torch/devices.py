import contextlib
import datetime

import numpy as np
import torch
import torch.distributed as dist

SECONDS_TO_SIGN = 5


def connect(mode, cluster, timeout, model_shards):
    """Connects the processes that torchrun or Slurm has started."""
    if cluster is None or dist.is_initialized():
        return
    cuda = torch.cuda.is_available()
    if cuda:
        torch.cuda.set_device(cluster.local_index)
    dist.init_process_group(
        "cpu:gloo,cuda:nccl" if cuda else "gloo",
        init_method=f"tcp://{cluster.coordinator}",
        rank=cluster.index,
        world_size=cluster.count,
        timeout=datetime.timedelta(seconds=timeout),
    )


def scope():
    """Returns None: models are built without a scope."""
    return None


def remember(model):
    """Does nothing: the processes are the same for all models."""


def process():
    """Returns the number of this process, and of all processes."""
    if not dist.is_initialized():
        return 0, 1
    return dist.get_rank(), dist.get_world_size()


def num_replicas():
    """Returns the number of devices, one in each process."""
    return process()[1]


def gather(flat):
    """Returns the bytes of all processes, to every process."""
    rows = [
        torch.empty(flat.size, dtype=torch.uint8) for _ in range(process()[1])
    ]
    dist.all_gather(rows, torch.from_numpy(np.array(flat)))
    return np.stack([row.numpy() for row in rows])


def predict(network, inputs):
    """Calls a network in this process."""
    return network.predict_on_batch(inputs)


def feed(model, batches):
    """Returns what Keras's `fit` takes: this process's share of batches."""
    batches.share = process()
    return batches


def sign():
    """Signs the common store, and returns the processes that have not."""
    index, count = process()
    store = dist.distributed_c10d._get_default_store()
    store.set_timeout(datetime.timedelta(seconds=SECONDS_TO_SIGN))
    try:
        store.set(f"survivor/{index}", b"1")
    except (RuntimeError, dist.DistError):
        return [0]
    return [i for i in range(count) if i != index and not _signed(store, i)]


def alone():
    """Returns a context that changes nothing."""
    return contextlib.nullcontext()


def abandon():
    """Does nothing: a process that fails ends without waiting for others."""


def lost(message):
    """Returns the processes that no longer answer."""
    absent = sign()
    # Process 0 holds the store: without it nobody can sign.
    return [0] if 0 in absent else absent


def _signed(store, index):
    try:
        store.wait([f"survivor/{index}"])
    except (RuntimeError, dist.DistError):
        return False
    return True
