"""What launchers say of who trains together."""

import json

import pytest

from keras_gans.distribution import find_cluster
from keras_gans.distribution.cluster import expand_nodes, expand_tasks


def tf_config(workers, index, job="worker", **jobs):
    cluster = {"worker": workers, **jobs}
    task = {"type": job, "index": index}
    return {"TF_CONFIG": json.dumps({"cluster": cluster, "task": task})}


def test_nothing_said_is_one_process():
    assert find_cluster({}) is None
    assert find_cluster({"WORLD_SIZE": "1", "RANK": "0"}) is None
    assert find_cluster({"SLURM_NTASKS": "1", "SLURM_PROCID": "0"}) is None
    assert find_cluster(tf_config(["a:1"], 0)) is None


def test_tf_config():
    cluster = find_cluster(tf_config(["a:1", "b:1"], 1))
    assert (cluster.index, cluster.count) == (1, 2)
    assert cluster.coordinator == "a:1"
    cluster = find_cluster(tf_config(["b:1"], 0, chief=["a:1"]))
    assert (cluster.index, cluster.addresses) == (1, ("a:1", "b:1"))


def test_torchrun():
    cluster = find_cluster(
        {
            "WORLD_SIZE": "4",
            "RANK": "3",
            "LOCAL_RANK": "1",
            "MASTER_ADDR": "head",
            "MASTER_PORT": "1234",
        }
    )
    assert (cluster.index, cluster.count, cluster.local_index) == (3, 4, 1)
    assert cluster.coordinator == "head:1234"


def test_slurm():
    cluster = find_cluster(
        {
            "SLURM_NTASKS": "3",
            "SLURM_PROCID": "2",
            "SLURM_LOCALID": "0",
            "SLURM_JOB_ID": "40007",
            "SLURM_JOB_NODELIST": "gpu[03,11]",
            "SLURM_TASKS_PER_NODE": "2,1",
        }
    )
    assert (cluster.index, cluster.count, cluster.local_index) == (2, 3, 0)
    assert cluster.addresses == ("gpu03:20007", "gpu03:20008", "gpu11:20007")


def test_slurm_lists():
    assert expand_nodes("a[1-2,07],b") == ["a1", "a2", "a07", "b"]
    assert expand_nodes("n[008-010]-x") == ["n008-x", "n009-x", "n010-x"]
    assert expand_tasks("2(x3),1", 4) == [2, 2, 2, 1]


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"TF_CONFIG": "{"}, "must be JSON such as"),
        (tf_config(["a:1", "b:1"], 2), "a task that is in the cluster"),
        (tf_config(["a:1", "b:1"], 0, job="ps"), "a task that is in"),
        (tf_config(["a:1", "a:1"], 1), "name each worker once"),
        (tf_config(["a", "b:1"], 1), "as host:port"),
        ({"WORLD_SIZE": "2", "RANK": "2"}, "process 2 of 2"),
        ({"WORLD_SIZE": "2"}, "RANK must be a whole number"),
        ({"WORLD_SIZE": "two", "RANK": "0"}, "WORLD_SIZE must be"),
        (
            {
                "SLURM_NTASKS": "2",
                "SLURM_PROCID": "0",
                "SLURM_JOB_NODELIST": "a,b",
                "SLURM_TASKS_PER_NODE": "2",
            },
            "a number for each node",
        ),
    ],
)
def test_a_wrong_description(environment, message):
    with pytest.raises(ValueError, match=message) as caught:
        find_cluster(environment)
    assert "Received: " in str(caught.value)
