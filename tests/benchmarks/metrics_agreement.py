"""Holds the metrics beside pytorch-fid, clean-fid, torch-fidelity and prdc.

python tests/benchmarks/metrics_agreement.py

Needs `pip install -e ".[oracles]"` and the folder `../shared` with real images
and the Inception weights up to mixed_8. All libraries get the same image files
and the same weights, and end in the 768 features of the network's third block,
the widest that these weights reach. Some images of each set stand for the real
ones; as many others, every second one blurred, for the generated ones.

Prints one line for each set and mode. Writes every number with its count, seed
and versions to `results/metrics_agreement.json`, after each set and mode. Ends
with an error where one of them differs by more than is allowed.
"""

import argparse
import json
import os
import sys
import tempfile
import time
import warnings
from importlib import metadata
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

import oracle_scores
import real_images

RESULTS = Path(__file__).parent / "results" / "metrics_agreement.json"
os.environ.setdefault("KERAS_GANS_INCEPTION", str(real_images.WEIGHTS))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

SEED = 0
ALLOWED = {"fid": 1e-3, "kid": 1e-6, **dict.fromkeys(oracle_scores.K, 1e-3)}
"""Largest differences: of FID relative to it, of the others absolute."""


def ours(folder, resize, subset_size):
    """Our numbers, and how many seconds the features took."""
    from keras_gans import metrics
    from keras_gans.data import load

    network = "inception_768" + ("" if resize == "clean" else f"/{resize}")
    start = time.time()
    real, fake = (
        metrics.compute_features(load(folder / side), network, batch_size=50)
        for side in ("real", "fake")
    )
    seconds = time.time() - start
    records = [
        metrics.fid(real, fake),
        metrics.kid(real, fake, seed=SEED, subset_size=subset_size),
        *metrics.METRICS["prdc"](real, fake),
    ]
    assert all(r.feature_network == network for r in records)
    return {r.metric: r.value for r in records}, seconds


LIBRARIES = {
    "clean": ("clean-fid", oracle_scores.clean_fid),
    "legacy_pytorch": ("pytorch-fid", oracle_scores.pytorch_fid),
    "legacy_tensorflow": ("torch-fidelity", oracle_scores.torch_fidelity),
}
"""Whose resize each mode is, and how to get that library's numbers."""


def compare(data, num, resize, folder, weights):
    """Yields one row for each number of a data set in a resize mode."""
    subset_size = num // 2
    mine, seconds = ours(folder, resize, subset_size)
    library, numbers = LIBRARIES[resize]
    start = time.time()
    theirs, of_prdc = numbers(folder, weights, subset_size, SEED)
    both = ((library, theirs), (f"prdc on {library}", of_prdc))
    for name, values in both:
        for metric, value in values.items():
            difference = abs(mine[metric] - value)
            if metric == "fid":
                difference /= value
            yield {
                "data": data,
                "num_real": num,
                "num_fake": num,
                "resize": resize,
                "metric": metric,
                "keras_gans": mine[metric],
                "library": name,
                "theirs": value,
                "difference": difference,
                "allowed": ALLOWED[metric],
                "agrees": bool(difference <= ALLOWED[metric]),
            }
    print(
        f"<!-- {data} {resize}: features in {seconds:.0f} s, "
        f"{library} all in {time.time() - start:.0f} s -->",
        file=sys.stderr,
        flush=True,
    )


def run(data=real_images.DATA, resizes=tuple(LIBRARIES), scale=1.0):
    """Compares everything.

    Args:
        data: Which of `real_images.DATA`.
        resizes: Which modes.
        scale: Takes fewer images where it is below 1.

    Yields:
        The rows of one data set in one mode, as `compare` makes them.
    """
    with (
        np.load(real_images.WEIGHTS) as weights,
        tempfile.TemporaryDirectory() as temporary,
    ):
        for name in data:
            read, num = real_images.DATA[name]
            num = int(num * scale)
            folder = Path(temporary) / name
            real_images.write_sides(read, num, folder)
            for resize in resizes:
                yield list(compare(name, num, resize, folder, weights))


def save(rows):
    """Writes rows in place of older ones of the same data sets and modes."""
    packages = ("pytorch-fid", "clean-fid", "torch-fidelity", "prdc", "keras")
    about = {
        "seed": SEED,
        "feature_network": "inception_768",
        "versions": {name: metadata.version(name) for name in packages},
    }
    saved = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if about.items() <= saved.items():
        new = {_group(row) for row in rows}
        rows = rows + [r for r in saved["rows"] if _group(r) not in new]
    data, resizes = list(real_images.DATA), list(LIBRARIES)
    rows.sort(key=lambda r: (data.index(r["data"]), resizes.index(r["resize"])))
    text = json.dumps({**about, "rows": rows}, indent=1)
    RESULTS.write_text(text + "\n")


def _group(row):
    return row["data"], row["resize"]


def print_table(rows):
    """Prints one line for each data set and mode, with both libraries'."""
    print(
        "| images a side | resize, library | FID ours | theirs | relative "
        "| KID ours | theirs | absolute | precision, recall, density, "
        "coverage | absolute |\n" + "|---" * 10 + "|"
    )
    for group in dict.fromkeys(map(_group, rows)):
        own = [row for row in rows if _group(row) == group]
        cells = [f"{own[0]['data']}, {own[0]['num_real']:,}"]
        cells += [f"{own[0]['resize']}, {own[0]['library']}"]
        for metric in ("fid", "kid"):
            row = next((r for r in own if r["metric"] == metric), None)
            numbers = ("keras_gans", "theirs")
            cells += [f"{row[n]:.6f}" if row else "" for n in numbers]
            cells += [f"{row['difference']:.0e}" if row else ""]
        manifolds = [r for r in own if r["metric"] in oracle_scores.K]
        ours = {r["metric"]: f"{r['keras_gans']:.3f}" for r in manifolds}
        cells += [", ".join(ours.values())]
        cells += [f"{max(r['difference'] for r in manifolds):.0e}"]
        print(f"| {' | '.join(cells)} |")
    for row in rows:
        if not row["agrees"]:
            print(f"TOO FAR: {row}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data",
        nargs="+",
        choices=real_images.DATA,
        default=list(real_images.DATA),
    )
    parser.add_argument(
        "--resize", nargs="+", choices=LIBRARIES, default=list(LIBRARIES)
    )
    parser.add_argument("--scale", type=float, default=1.0)
    args = parser.parse_args()
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    rows = []
    for group in run(args.data, args.resize, args.scale):
        rows += group
        if args.scale == 1.0:
            save(group)
    print_table(rows)
    return 0 if all(row["agrees"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
