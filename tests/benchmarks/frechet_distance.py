"""Times the Fréchet distance against SciPy's `sqrtm`, as pytorch-fid has it.

    python tests/benchmarks/frechet_distance.py [--dimensions 2048]

Both get the same covariances, of samples whose deviations fall over three
decades as those of features do: once from more samples than dimensions, and
once from fewer, which makes both covariances singular. They take turns. It
prints the fewest seconds of either, their ratio, and how far the values are
from the one that the singular values of the samples themselves give.
"""

import argparse
import time

import numpy as np
from scipy import linalg

from keras_gans.metrics import frechet_distance


def pytorch_fid(mu1, sigma1, mu2, sigma2):
    """The distance as pytorch-fid 0.3.0 computes it, without its checks."""
    # Without `disp`, which SciPy takes away in 1.18.
    root = linalg.sqrtm(sigma1.dot(sigma2))
    if not np.isfinite(root).all():
        offset = np.eye(sigma1.shape[0]) * 1e-6
        root = linalg.sqrtm((sigma1 + offset).dot(sigma2 + offset))
    difference = mu1 - mu2
    return (
        difference.dot(difference)
        + np.trace(sigma1)
        + np.trace(sigma2)
        - 2 * np.trace(root.real)
    )


def from_samples(first, second):
    """The distance without any root of a matrix."""
    factors = []
    for sample in (first, second):
        centred = (sample - sample.mean(0)) / np.sqrt(len(sample) - 1)
        if len(centred) > centred.shape[1]:
            centred = np.linalg.qr(centred, mode="r")
        factors.append(centred)
    root = np.linalg.svd(factors[0] @ factors[1].T, compute_uv=False).sum()
    difference = first.mean(0) - second.mean(0)
    return (
        difference @ difference + sum((f**2).sum() for f in factors) - 2 * root
    )


def timed(functions, arguments, repeats):
    """Runs functions in turn; returns the best seconds and value of each."""
    seconds, values = [np.inf] * len(functions), [np.nan] * len(functions)
    for _ in range(repeats):
        for i, function in enumerate(functions):
            start = time.perf_counter()
            values[i] = function(*arguments)
            seconds[i] = min(seconds[i], time.perf_counter() - start)
    return seconds, values


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dimensions", type=int, default=2048)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    d = options.dimensions
    rng = np.random.default_rng(0)
    deviations = np.logspace(0.5, -2.5, d)
    for title, counts in (
        ("more samples than dimensions", (3 * d, 2 * d)),
        ("fewer samples, singular", (d // 2, d // 3)),
    ):
        samples = [rng.normal(size=(n, d)) * deviations for n in counts]
        samples[1] += 0.1 * deviations
        arguments = []
        for sample in samples:
            arguments += [sample.mean(0), np.cov(sample.T)]
        exact = from_samples(*samples)
        functions = [frechet_distance, pytorch_fid]
        (ours, theirs), (value, other) = timed(
            functions, arguments, options.repeats
        )
        print(
            f"{title} ({counts[0]} and {counts[1]}, {d} dimensions):\n"
            f"  keras_gans   {ours:8.2f} s  {value:.9f}, "
            f"off by {abs(value - exact):.1e}\n"
            f"  scipy sqrtm  {theirs:8.2f} s  {other:.9f}, "
            f"off by {abs(other - exact):.1e}\n"
            f"  {theirs / ours:.1f} times as fast",
            flush=True,
        )


if __name__ == "__main__":
    main()
