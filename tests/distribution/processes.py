"""Starts the processes of a training, and waits for them."""

import json
import os
import socket
from pathlib import Path

import keras
import numpy as np
from warm import Running

HERE = Path(__file__).parent


def start(task, index=0, count=1, port=0, command=None):
    """Starts one process of a training.

    Args:
        task: What task.py is told.
        index: Which process it is.
        count: How many there are.
        port: The first of `count` ports at which they meet.
        command: What to run with Python instead of task.py.
    """
    variables = {
        k: v for k, v in os.environ.items() if not k.startswith("SLURM")
    }
    variables |= {
        "KERAS_BACKEND": keras.backend.backend(),
        "OMP_NUM_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    addresses = [f"127.0.0.1:{port + i}" for i in range(count)]
    if count > 1 and keras.backend.backend() == "tensorflow":
        variables["TF_CONFIG"] = json.dumps(
            {
                "cluster": {"worker": addresses},
                "task": {"type": "worker", "index": index},
            }
        )
    elif count > 1:
        variables |= {
            "RANK": str(index),
            "LOCAL_RANK": str(index),
            "WORLD_SIZE": str(count),
            "MASTER_ADDR": "127.0.0.1",
            "MASTER_PORT": str(port),
        }
    return Running(command or [HERE / "task.py", json.dumps(task)], variables)


def free_port():
    """Returns the first of some ports that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def train(tasks, timeout=400):
    """Runs a training of one process or more.

    Args:
        tasks: What each process is told.
        timeout: Seconds after which it counts as hung.

    Returns:
        Exit codes and outputs of the processes.
    """
    port = free_port()
    running = [start(task, i, len(tasks), port) for i, task in enumerate(tasks)]
    try:
        outputs = [p.communicate(timeout=timeout)[0] for p in running]
    finally:
        for p in running:
            p.kill()
    return [p.returncode for p in running], outputs


def trained(folder, trainings, processes=1, late=0, **layout):
    """Runs trainings that go well.

    Args:
        folder: Where the processes write what they hold.
        trainings: For each name what task.py is told of a training.
        processes: How many there are.
        late: Seconds for which the last one sleeps before it trains.
        **layout: What else task.py is told.

    Returns:
        For each training what each of its processes holds in the end.
    """
    task = {"trainings": trainings, "out": str(folder / "out"), **layout}
    tasks = [task] * (processes - 1) + [{**task, "sleep": late}]
    codes, outputs = train(tasks)
    assert codes == [0] * processes, "\n".join(o[-3000:] for o in outputs)
    return {
        name: [
            dict(np.load(f"{task['out']}_{name}.{i}.npz"))
            for i in range(processes)
        ]
        for name in trainings
    }


def assert_close(one, other, keys, tolerance=1e-5):
    """Compares arrays relative to the largest entry of each."""
    assert keys
    for key in keys:
        a, b = (np.asarray(x[key], "float64") for x in (one, other))
        largest = np.abs(a).max(initial=1e-12)
        assert np.abs(a - b).max(initial=0) <= tolerance * largest, key
