"""Memory of DCGAN training at 64x64 beside plain PyTorch: where it goes.

    python tests/benchmarks/training_memory.py [--steps 20]

Each row is a process of its own, batch 64, float32: what is resident before
the first step (the libraries, the networks, the optimizers), the peak of
training, and the difference, which training itself takes.
"""

import argparse
import os
import resource
import subprocess
import sys
from pathlib import Path

ROWS = ("tensorflow", "pytorch")


def resident():
    """Returns the megabytes that are resident now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def pytorch(batches):
    """Trains the plain PyTorch reference."""
    import pytorch_dcgan
    import torch

    trainer = pytorch_dcgan.Trainer(64, 3, 100, 64)
    before = resident()
    for batch in batches:
        trainer.step(torch.from_numpy(batch).permute(0, 3, 1, 2))
    return before


def tensorflow(batches):
    """Trains keras_gans.DCGAN on TensorFlow."""
    import numpy as np

    import keras_gans

    gan = keras_gans.DCGAN((64, 64, 3))
    gan.compile()
    images = np.concatenate(batches)
    before = resident()
    gan.fit(images, batch_size=64, verbose=0)
    return before


def measure(row, steps):
    """Trains in this process and prints what it kept."""
    import numpy as np

    rng = np.random.default_rng(0)
    shape = (64, 64, 64, 3)
    batches = [rng.integers(0, 256, shape, dtype="uint8") for _ in range(steps)]
    before = {"pytorch": pytorch, "tensorflow": tensorflow}[row](batches)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(f"| {row} | {before:.0f} | {peak:.0f} | {peak - before:.0f} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--row", choices=ROWS)
    arguments = parser.parse_args()
    if arguments.row:
        measure(arguments.row, arguments.steps)
        sys.exit()
    print("| MB resident | before the first step | peak | training itself |")
    print("|---|---|---|---|")
    for row in ROWS:
        command = [sys.executable, __file__, "--steps", str(arguments.steps)]
        environment = {
            **os.environ,
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "KERAS_BACKEND": "tensorflow",
        }
        subprocess.run([*command, "--row", row], check=True, env=environment)
