"""Images a second from files to Inception's 2048 features, beside pytorch-fid.

python tests/benchmarks/inception_speed.py [--backend tensorflow]

Needs `pip install -e ".[oracles]"`. Both sides read the same PNG files with
the same batch size into the same network with the same (random) weights, each
in its own process with two threads. They take turns, round after round, so
that whatever else the machine does meets both alike; the ratio is the median
of the rounds' ratios.

pytorch-fid runs its own `get_activations` with its network as it is, and with
what makes PyTorch fastest on a CPU and it does not do: the weights' memory in
the order of channels-last. It loads files in its own process (`num_workers=0`),
which on two cores is faster for it than with workers.

Prints the ratios, checks that the features agree, and writes all to
`results/inception_speed_<backend>.json`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

THREADS = 2
LIBRARIES = ("keras_gans", "pytorch-fid", "pytorch-fid, channels last")


def write_files(folder, num_images, size):
    """Random weights, and images as smooth as photographs."""
    import inception_files
    from PIL import Image

    inception_files.write_pth(
        folder / "weights.pth", inception_files.random_arrays()
    )
    (folder / "images").mkdir()
    rng = np.random.default_rng(0)
    for i in range(num_images):
        noise = rng.integers(0, 256, (8, 8, 3), dtype="uint8")
        image = Image.fromarray(noise).resize((size, size), Image.BICUBIC)
        image.save(folder / "images" / f"{i:04}.png")


def make_ours(folder, batch_size):
    from keras_gans import data, metrics

    extractor = metrics.load_inception(
        2048, "legacy_pytorch", folder / "weights.pth"
    )
    images = data.load(folder / "images")
    return lambda: (
        metrics.compute_features(images, extractor, batch_size).features
    )


def make_theirs(folder, batch_size, channels_last):
    import torch
    from oracles import bare, import_oracle

    torch.set_num_threads(THREADS)
    module = import_oracle("pytorch_fid.inception")
    fid_score = import_oracle("pytorch_fid.fid_score")
    inner = bare("pytorch_fid.inception", module.fid_inception_v3)
    inner.load_state_dict(torch.load(folder / "weights.pth"))
    module.fid_inception_v3 = lambda: inner
    network = module.InceptionV3([3]).eval()
    if channels_last:
        network = network.to(memory_format=torch.channels_last)
    paths = sorted((folder / "images").iterdir())
    return lambda: fid_score.get_activations(
        paths, network, batch_size, 2048, device="cpu", num_workers=0
    )


def work(library, folder, batch_size):
    """Computes all features each time that a line comes in."""
    if library == "keras_gans":
        compute = make_ours(folder, batch_size)
    else:
        compute = make_theirs(folder, batch_size, "channels" in library)
    features = compute()
    np.save(folder / f"{library}.npy", features)
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        compute()
        print(time.perf_counter() - start, flush=True)


def start_worker(library, folder, options):
    command = [sys.executable, __file__, "--worker", library]
    command += ["--folder", str(folder), "--batch", str(options.batch)]
    environment = {
        **os.environ,
        "KERAS_BACKEND": options.backend,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "OMP_NUM_THREADS": str(THREADS),
        # PyTorch's threads must not spin while the other side has its turn.
        "OMP_WAIT_POLICY": "PASSIVE",
        "PYTHONWARNINGS": "ignore",
        "TQDM_DISABLE": "1",
    }
    worker = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert worker.stdout.readline() == "ready\n"
    return worker


def ask(worker):
    worker.stdin.write("go\n")
    worker.stdin.flush()
    return float(worker.stdout.readline())


def measure(options):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        write_files(folder, options.images, options.size)
        workers = {x: start_worker(x, folder, options) for x in LIBRARIES}
        seconds = {library: [] for library in LIBRARIES}
        for round_ in range(options.rounds):
            for library, worker in workers.items():
                seconds[library].append(ask(worker))
            rates = ", ".join(
                f"{library} {options.images / times[-1]:.1f}"
                for library, times in seconds.items()
            )
            print(f"round {round_ + 1}, images a second: {rates}", flush=True)
        for worker in workers.values():
            worker.stdin.close()
            worker.wait()
        ours, *theirs = (np.load(folder / f"{x}.npy") for x in LIBRARIES)
    errors = [np.linalg.norm(ours - t) / np.linalg.norm(t) for t in theirs]
    return seconds, float(max(errors))


def main(options):
    seconds, error = measure(options)
    ours = seconds["keras_gans"]
    result = {
        "backend": options.backend,
        "images": options.images,
        "size": options.size,
        "batch": options.batch,
        "threads": THREADS,
        "relative_error_of_features": error,
        "images_per_second": {
            library: round(options.images / statistics.median(times), 2)
            for library, times in seconds.items()
        },
        "ratios": {
            library: round(
                statistics.median(
                    t / o for t, o in zip(times, ours, strict=True)
                ),
                2,
            )
            for library, times in seconds.items()
        },
        "seconds": seconds,
    }
    for library, ratio in result["ratios"].items():
        rate = result["images_per_second"][library]
        print(f"{library}: {rate} images a second; keras_gans does {ratio}x")
    print(f"features differ by {error:.1e} (relative)")
    name = f"inception_speed_{options.backend}.json"
    path = Path(__file__).parent / "results" / name
    path.write_text(json.dumps(result, indent=2) + "\n")
    if error > 1e-4:
        raise SystemExit("The features differ.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", default="tensorflow")
    parser.add_argument("--images", type=int, default=100)
    parser.add_argument("--size", type=int, default=32)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--worker", choices=LIBRARIES, help="internal")
    parser.add_argument("--folder", type=Path, help="internal")
    arguments = parser.parse_args()
    if arguments.worker:
        work(arguments.worker, arguments.folder, arguments.batch)
    else:
        main(arguments)
