"""What R1 costs a DCGAN: every 16th step, and every step.

python tests/benchmarks/lazy_terms.py
KERAS_BACKEND=jax python tests/benchmarks/lazy_terms.py

Images of 32x32x3, batch 64, width 64, float32, through `fit`. In a round each
setting trains for some steps, in an order that is reversed every time, so that
whatever else the machine does hits all alike. The steps of a round are a
multiple of 16, so every round holds the lazy term equally often. Ratios are
taken within a round, over the DCGAN without the penalty; the median counts.
The warm-up holds steps with the lazy term and steps without it.
"""

import argparse
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

import keras
import numpy as np
from packed_feed import BATCH, step_speed
from train_step import middle, processor, versions

import keras_gans
from keras_gans.stabilizers import R1

SHAPE, WIDTH, EVERY = (32, 32, 3), 64, 16
SETTINGS = {
    "no penalty": [],
    f"R1(every={EVERY})": [R1(every=EVERY)],
    "R1(every=1)": [R1(every=1)],
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--steps", type=int, default=48, help="in each round")
    args = parser.parse_args()
    if args.rounds < 1 or args.steps < 1 or args.steps % EVERY:
        parser.error(f"--steps must be a multiple of {EVERY}, --rounds above 0")
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (8 * BATCH, *SHAPE), "uint8")
    load, gans = os.getloadavg()[0], {}
    for name, stabilizers in SETTINGS.items():
        gan = keras_gans.DCGAN(
            SHAPE, width=WIDTH, stabilizers=stabilizers, seed=0
        )
        gan.compile()
        # Step 0 takes the lazy term, steps 1 to 15 do not.
        step_speed(gan, images, EVERY)
        gans[name] = gan
    speeds = {name: [] for name in gans}
    for i in range(args.rounds):
        for name in list(gans)[:: 1 if i % 2 else -1]:
            speed = step_speed(gans[name], images, args.steps) / BATCH
            speeds[name].append(speed)
        latest = ", ".join(f"{values[-1]:.1f}" for values in speeds.values())
        print(f"round {i + 1} of {args.rounds}: {latest}", file=sys.stderr)
    plain = speeds["no penalty"]
    print(
        f"{args.rounds} rounds of {args.steps} steps of {BATCH} images; load "
        f"of other work at the start {load:.1f}; {versions()}\n\n"
        "| backend, setting | steps/s | over no penalty | processor |\n"
        "|---|---|---|---|"
    )
    for name, values in speeds.items():
        ratios = [a / b for a, b in zip(values, plain, strict=True)]
        print(
            f"| {keras.backend.backend()}, {name} | {middle(values, 1)} "
            f"| {middle(ratios, 2)} | {processor()} |"
        )


if __name__ == "__main__":
    main()
