"""Bytes that processes send to train together, and `keras-gans plan`'s formula.

python tests/benchmarks/plan_bytes.py              # as root, in minutes
python tests/benchmarks/plan_bytes.py --processes 2 --only torch

A DCGAN at 32x32, width 64, trains in two and in four processes of this
machine, on each backend, through `keras_gans.distribution`; "all-reduce" is
torch.distributed alone on arrays of the same sizes. Each run has a network
namespace of its own, in which the kernel counts the bytes that go over
loopback, headers of TCP and IP included. The chief reads the counter after a
few steps and again after twenty more, while no process sends; the difference,
divided by steps and processes, is what each process sent in a step.

PyTorch and TensorFlow send what the formula says. On JAX the compiler decides:
on a CPU it averages the discriminator's gradients of real images and of fakes
separately, and sends the means of batch norm too, which sees one batch there.
"""

import argparse
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

WARMUP, STEPS, SIZE, PORT = 3, 20, 32, 29_500


def bytes_over_loopback():
    for line in pathlib.Path("/proc/net/dev").read_text().splitlines():
        name, _, numbers = line.partition(":")
        if name.strip() == "lo":
            return int(numbers.split()[8])
    raise RuntimeError("there is no loopback here")


def report(before):
    sent = bytes_over_loopback() - before
    print(json.dumps(sent / STEPS / int(os.environ["COUNT"])), flush=True)


def dcgan():
    import keras_gans

    gan = keras_gans.DCGAN((SIZE, SIZE, 3), seed=0)
    gan.compile()
    return gan


def work_all_reduce():
    import torch
    import torch.distributed as dist

    dist.init_process_group("gloo")
    gradients = [torch.ones(n) for n in json.loads(os.environ["SIZES"])]

    def take(steps):
        for _ in range(steps):
            for gradient in gradients:
                dist.all_reduce(gradient)
        dist.barrier()
        time.sleep(0.5)

    take(WARMUP)
    before = bytes_over_loopback()
    dist.barrier()
    take(STEPS)
    if dist.get_rank() == 0:
        report(before)


def work_engine():
    import keras
    import numpy as np

    from keras_gans import distribution

    class Meter(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch + 1 in (WARMUP, WARMUP + STEPS):
                time.sleep(1)  # until the others wait for this process
                if batch + 1 == WARMUP:
                    self.before = bytes_over_loopback()
                else:
                    report(self.before)

    with distribution.start():
        gan = dcgan()
    count = int(os.environ["COUNT"])
    batch = 2 * count
    rng = np.random.default_rng(0)
    shape = ((WARMUP + STEPS + 1) * batch, SIZE, SIZE, 3)
    meter = [Meter()] if distribution.is_chief() else []
    gan.fit(
        rng.integers(0, 256, shape, "uint8"),
        batch_size=batch,
        verbose=0,
        callbacks=meter,
    )


def measure(kind, count, numbers):
    """Runs the processes in this network namespace; returns the bytes sent."""
    addresses = [f"127.0.0.1:{PORT + i}" for i in range(count)]
    running = []
    for i in range(count):
        variables = {
            "KERAS_BACKEND": "torch" if kind == "all-reduce" else kind,
            "OMP_NUM_THREADS": "1",
            "COUNT": str(count),
            "SIZES": json.dumps(numbers),
            "GLOO_SOCKET_IFNAME": "lo",
        }
        if kind == "tensorflow":
            task = {"type": "worker", "index": i}
            cluster = {"cluster": {"worker": addresses}, "task": task}
            variables["TF_CONFIG"] = json.dumps(cluster)
        else:
            variables |= {"RANK": str(i), "WORLD_SIZE": str(count)}
            variables |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(PORT)}
        running.append(
            subprocess.Popen(
                [sys.executable, __file__, "--worker", kind],
                env={**os.environ, **variables},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    try:
        answers = [process.communicate(timeout=900) for process in running]
    finally:
        for process in running:
            process.kill()
    lines = [out.splitlines() for out, _ in answers]
    if not lines[0]:
        raise RuntimeError(answers[0][1][-3000:])
    return json.loads(lines[0][-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, nargs="+", default=[2, 4])
    parser.add_argument("--only", help="all-reduce or a backend")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.worker:
        all_reduce = args.worker == "all-reduce"
        return work_all_reduce() if all_reduce else work_engine()
    if args.inside:
        # A network namespace is made with its loopback down.
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        socket.create_server(("127.0.0.1", PORT)).close()
        print(json.dumps(measure(*json.loads(args.inside))))
        return None
    from keras_gans.planning import plan

    planned = plan(dcgan(), args.processes, batch_size=2, step_seconds=1.0)
    numbers = [p.parameters for p in planned.players for _ in range(p.steps)]
    print(f"numbers averaged in a step: {numbers}")
    for kind in ["all-reduce", "torch", "tensorflow", "jax"]:
        for count, scale in zip(args.processes, planned.scales, strict=True):
            if args.only not in (None, kind):
                continue
            run = json.dumps([kind, count, numbers])
            command = [sys.executable, __file__, "--inside", run]
            result = subprocess.run(
                ["unshare", "--net", *command], capture_output=True, text=True
            )
            if result.returncode:
                print(f"{kind}, {count} processes: {result.stderr[-2000:]}")
                continue
            sent = json.loads(result.stdout.splitlines()[-1])
            print(
                f"{kind}, {count} processes: formula {scale.bytes_sent:,.0f} "
                f"bytes, measured {sent:,.0f}, ratio "
                f"{sent / scale.bytes_sent:.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
