"""The processes that train together, read from launchers' variables."""

import dataclasses
import json
import os
import re
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True)
class Cluster:
    """The processes that train together, and the number of this one.

    Attributes:
        index: The number of this process. Process 0 is the chief.
        count: The number of processes.
        coordinator: "host:port" of the chief, to which all connect.
        local_index: The number of this process among those of its host.
        addresses: "host:port" of every process; empty where not known.
    """

    index: int
    count: int
    coordinator: str
    local_index: int = 0
    addresses: tuple[str, ...] = ()


def find_cluster(environment: Mapping[str, str] = os.environ) -> Cluster | None:
    """Finds the cluster in `TF_CONFIG`, torchrun's or Slurm's variables.

    The first of them that is set counts.

    Args:
        environment: The environment variables.

    Returns:
        The cluster, or None where there is one process only.

    Raises:
        ValueError: For variables that contradict themselves or lack a part.
    """
    readers = {
        "TF_CONFIG": _from_tf_config,
        "WORLD_SIZE": _from_torchrun,
        "SLURM_NTASKS": _from_slurm,
    }
    for variable, read in readers.items():
        if environment.get(variable):
            cluster = read(environment)
            break
    else:
        return None
    if not 0 <= cluster.index < cluster.count:
        raise ValueError(
            "A process's number must be below the number of processes. "
            f"Received: process {cluster.index} of {cluster.count} "
            f"(by {variable})"
        )
    return cluster if cluster.count > 1 else None


def _from_tf_config(environment: Mapping[str, str]) -> Cluster:
    text = environment["TF_CONFIG"]
    try:
        config = json.loads(text)
        jobs = config["cluster"]
        job, index = config["task"]["type"], int(config["task"]["index"])
        addresses = [*jobs.get("chief", []), *jobs.get("worker", [])]
        own = jobs[job][index]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise ValueError(
            'TF_CONFIG must be JSON such as {"cluster": {"worker": ["a:1234", '
            '"b:1234"]}, "task": {"type": "worker", "index": 0}}, with a task '
            f"that is in the cluster. Received: {text!r}"
        ) from error
    bad = [a for a in addresses if not re.fullmatch(r"\S+:\d+", str(a))]
    if bad or own not in addresses or len(set(addresses)) < len(addresses):
        raise ValueError(
            "TF_CONFIG must name each worker once, as host:port; parameter "
            f"servers are not used. Received: {text!r}"
        )
    return Cluster(
        addresses.index(own),
        len(addresses),
        addresses[0],
        addresses=tuple(addresses),
    )


def _from_torchrun(environment: Mapping[str, str]) -> Cluster:
    host = environment.get("MASTER_ADDR", "127.0.0.1")
    port = environment.get("MASTER_PORT", "29500")
    return Cluster(
        _number(environment, "RANK"),
        _number(environment, "WORLD_SIZE"),
        f"{host}:{port}",
        _number(environment, "LOCAL_RANK", "0"),
    )


def _from_slurm(environment: Mapping[str, str]) -> Cluster:
    """Slurm gives the number of tasks on each node, in the nodes' order."""
    count = _number(environment, "SLURM_NTASKS")
    nodes = expand_nodes(environment.get("SLURM_JOB_NODELIST", "127.0.0.1"))
    # A port that follows from the job's number, so that two jobs on one node
    # do not take the same.
    port = 20_000 + _number(environment, "SLURM_JOB_ID", "0") % 20_000
    tasks = expand_tasks(
        environment.get("SLURM_TASKS_PER_NODE", str(count)), len(nodes)
    )
    addresses = [
        f"{node}:{port + local}"
        for node, number in zip(nodes, tasks, strict=True)
        for local in range(number)
    ]
    return Cluster(
        _number(environment, "SLURM_PROCID"),
        count,
        addresses[0],
        _number(environment, "SLURM_LOCALID", "0"),
        tuple(addresses) if len(addresses) == count else (),
    )


def _number(
    environment: Mapping[str, str], name: str, default: str | None = None
) -> int:
    text: Any = environment.get(name, default)
    if text is None or not text.isdecimal():
        raise ValueError(f"{name} must be a whole number. Received: {text!r}")
    return int(text)


def expand_nodes(text: str) -> list[str]:
    """Expands Slurm's list of nodes, "a[1-2,07],b" to a1, a2, a07, b."""
    nodes = []
    for prefix, ranges, suffix in re.findall(
        r"([^,\[]+)(?:\[([^\]]*)\])?([^,\[]*)(?:,|$)", text
    ):
        for part in ranges.split(",") if ranges else [""]:
            first, _, last = part.partition("-")
            if not last:
                nodes.append(f"{prefix}{first}{suffix}")
                continue
            nodes += [
                f"{prefix}{n:0{len(first)}d}{suffix}"
                for n in range(int(first), int(last) + 1)
            ]
    return nodes


def expand_tasks(text: str, nodes: int) -> list[int]:
    """Expands Slurm's numbers of tasks, "2(x3),1" to 2, 2, 2, 1."""
    tasks: list[int] = []
    for number, times in re.findall(r"(\d+)(?:\(x(\d+)\))?", text):
        tasks += [int(number)] * int(times or 1)
    if len(tasks) != nodes:
        raise ValueError(
            "SLURM_TASKS_PER_NODE must hold a number for each node of "
            f"SLURM_JOB_NODELIST. Received: {text!r} for {nodes} nodes"
        )
    return tasks
