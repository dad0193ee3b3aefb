r"""What LiteRT's precisions cost: size, latency, memory, difference and FID.

    python tests/benchmarks/litert_precisions.py --data fashion_mnist \
        zoo/dcgan_fashion_mnist zoo/gan_fashion_mnist
    python tests/benchmarks/litert_precisions.py --table

Each preset is exported in each precision. One image is timed on one and on
two threads, the median of 50 calls, in a process that has nothing but LiteRT;
its peak memory counts from before the file is opened. The difference from
Keras and the FID are of the same inputs: drawn, or the rows of the data for
what takes images, of which the first hundred are the examples of int8. The FID
is taken on the feature network that the preset's metadata name first, with the
same real images and the same number of samples for Keras and LiteRT. Lines go
to results/litert_precisions.jsonl, and a run goes on from there.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from results_files import read, run_missing

import keras_gans
from keras_gans import data, metrics
from keras_gans.cli.building import read_settings
from keras_gans.cli.reading.data import needed, open_data
from keras_gans.data.generated import image_name
from keras_gans.modalities.image import to_uint8

RESULTS = Path(__file__).with_name("results") / "litert_precisions.jsonl"
PRECISIONS = {
    "float32": None,
    "float16": "float16",
    "dynamic int8": "dynamic_int8",
    "int8": "int8",
}
DEAREST = 5.0
"""The percentage of the FID that a precision may cost without a word."""

ALONE = """
import sys, time
from pathlib import Path
import numpy as np
from ai_edge_litert.interpreter import Interpreter
path, threads, inputs = sys.argv[1], int(sys.argv[2]), sys.argv[3]
row = dict(np.load(inputs))
def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(x.split()[1]) / 1024 for x in lines if "VmHWM" in x)
before = peak()
run = Interpreter(path, num_threads=threads).get_signature_runner()
times = []
for _ in range(60):
    start = time.perf_counter()
    run(**row)
    times.append(time.perf_counter() - start)
print(1e3 * np.median(times[10:]), peak() - before)
"""


def alone(path, row, threads):
    """Returns milliseconds of one image, and mebibytes at the most."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "row.npz"
        np.savez(file, **row)
        command = [sys.executable, "-c", ALONE, path, str(threads), file]
        made = subprocess.run(command, capture_output=True, check=True)
    return tuple(map(float, made.stdout.split()))


def network_of(preset):
    """Returns the feature network of a preset's own FID."""
    about = json.loads((Path(preset) / "metadata.json").read_text("utf-8"))
    records = about["metadata"]["metrics"]
    names = [r["name"] for r in records if r["metric"] == "fid"]
    (name, *_) = names or ["colour_classifier"]
    return name.removeprefix("fid[").removesuffix("]")


@cache
def real_statistics(where, size, network):
    return metrics.feature_statistics(data.load(where, size), network)


def rows_of(gan, options):
    """Returns rows that a generator takes, and what it is to make."""
    how = {"image_size": options.image_size, **read_settings(options.reading)}
    source = open_data(gan, options.data, how)
    every = np.arange(min(len(source), options.samples))
    columns = gan.columns_of(needed(gan))
    given = {n: source.rows(every, [c])[c] for n, c in columns.items()}
    name = image_name(gan)
    name = name if name in source.modalities else next(iter(columns.values()))
    return given, source.rows(every, [name])[name]


class Options(argparse.Namespace):
    """What is asked; a key of what was made for it."""

    __hash__ = object.__hash__


@cache
def of_keras(preset, options):
    """Returns the GAN, its examples and inputs, and what Keras makes of them.

    And the statistics of real images.
    """
    gan, network = keras_gans.load(Path(preset)), network_of(preset)
    given, num = {}, options.samples
    if needed(gan):
        given, images = rows_of(gan, options)
        real = metrics.feature_statistics(images, network)
        num = len(next(iter(given.values())))
    else:
        real = real_statistics(options.data, options.image_size, network)
    inputs = gan.inputs_for(num, seed=0, **given)
    examples = {name: values[:100] for name, values in given.items()}
    wanted = in_batches(gan.generate_from, inputs, image_name(gan))
    return gan, examples, inputs, wanted, real


def in_batches(run, inputs, output, size=100):
    """Returns the images that a function makes of inputs."""
    num = len(next(iter(inputs.values())))
    rows = [slice(i, i + size) for i in range(0, num, size)]
    made = (run({n: v[r] for n, v in inputs.items()}) for r in rows)
    return np.concatenate([np.asarray(m[output]) for m in made])


def measure(preset, precision, options):
    """Returns a line of the results."""
    gan, examples, inputs, wanted, real = of_keras(preset, options)
    network = network_of(preset)

    def fid(images):
        return metrics.fid(real, to_uint8(images), network).value

    line = {"preset": Path(preset).name, "precision": precision}
    line |= {"network": network, "samples": len(wanted)}
    if precision == "keras":
        return line | {"fid": fid(wanted)}
    from ai_edge_litert.interpreter import Interpreter

    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "g.tflite")
        report = gan.export(
            path,
            "litert",
            verify=False,
            quantize=PRECISIONS[precision],
            examples=examples if precision == "int8" else None,
        )
        row = {name: values[:1] for name, values in inputs.items()}
        (one, peak), (two, _) = (alone(path, row, n) for n in (1, 2))
        run = Interpreter(path, num_threads=2).get_signature_runner()
        made = in_batches(lambda r: run(**r), inputs, image_name(gan))
    difference = np.abs(made - wanted)
    return line | {
        "bytes": report.bytes,
        "ms_1": one,
        "ms_2": two,
        "peak_mib": peak,
        "largest": float(difference.max()),
        "mean": float(difference.mean(dtype="float64")),
        "fid": fid(made),
    }


def table():
    """Prints the results as Markdown, after what costs too much."""
    lines = read(RESULTS)
    fids = {x["preset"]: x["fid"] for x in lines if x["precision"] == "keras"}
    rows, dear = [], []
    for line in lines:
        preset, fid = line["preset"], line["fid"]
        if line["precision"] == "keras":
            continue
        change = 100 * (fid / fids[preset] - 1)
        if change > DEAREST:
            dear.append(f"`{preset}` {line['precision']} {change:+.0f}%")
        rows.append(
            f"| `{preset}` | {line['precision']} "
            f"| {line['bytes'] / 2**20:.2f} MB "
            f"| {line['ms_1']:.2f} | {line['ms_2']:.2f} "
            f"| {line['peak_mib']:.0f} MB | {line['largest']:.1e} "
            f"| {line['mean']:.1e} | {fids[preset]:.3f} to {fid:.3f} "
            f"({change:+.1f}%) |"
        )
    said = ", ".join(dear) or "none"
    print(f"**More than {DEAREST:.0f}% of the FID is the price of: {said}.**\n")
    print(
        "| preset | precision | size | ms, 1 thread | ms, 2 threads "
        "| memory | largest difference | mean | FID of Keras to LiteRT |"
    )
    print("|" + "---|" * 9)
    print("\n".join(sorted(rows)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("presets", nargs="*")
    parser.add_argument("--data")
    parser.add_argument("--image-size", type=int)
    parser.add_argument("--reading", nargs="*", default=[], help="swap=true")
    parser.add_argument("--samples", type=int, default=5000)
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args(namespace=Options())
    if options.table:
        return table()
    for preset in options.presets:
        of_keras.cache_clear()  # the images of one preset at a time
        run_missing(
            RESULTS,
            ("preset", "precision"),
            [(Path(preset).name, p) for p in ("keras", *PRECISIONS)],
            (0, 1),
            lambda _, p, preset=preset: measure(preset, p, options),
        )


if __name__ == "__main__":
    main()
