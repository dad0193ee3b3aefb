"""Tables of all formats: difference from Keras, size, latency.

    python tests/benchmarks/parity_report.py zoo/dcgan_faces StyleGAN > t.md
    EVERY_PAIR=1 pytest -n 0 tests/test_contract.py -k export_parity \
        --junitxml exports.xml
    python tests/benchmarks/parity_report.py exports.xml

The first exports presets; names of variants stand for untrained ones. The
last prints what the contract tests found, of every variant as small as they
make it. Each runtime makes one row on two threads; the fastest of 30 calls
counts, which other work on the machine slows least. What int8 arithmetic costs
is in litert_precisions.py, with the FID.
"""

import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import tensorflow as tf

sys.path.insert(0, str(Path(__file__).parents[1] / "exporting"))
from timed_runtimes import cell, milliseconds, runner

import keras_gans
from keras_gans.engine.model import AdversarialModel
from keras_gans.presets import load_preset

FORMATS = {
    "SavedModel": ("tf_saved_model", "", None),
    "LiteRT": ("litert", ".tflite", None),
    "LiteRT float16": ("litert", ".tflite", "float16"),
    "LiteRT dynamic int8": ("litert", ".tflite", "dynamic_int8"),
    "ONNX": ("onnx", ".onnx", None),
    "OpenVINO": ("openvino", "", None),
}


def measure(gan, format, suffix, quantize, folder):
    """Returns difference, size and milliseconds as a cell of the table."""
    path = Path(folder) / f"g{suffix}"
    try:
        report = gan.export(path, format, verify=False, quantize=quantize)
        run = runner(path, format)
        rng = np.random.default_rng(0)
        feeds = {n: m.noise(3, rng) for n, m in gan.takes.items()}
        wanted = gan.generate_from(feeds)
        rows = [{n: v[i : i + 1] for n, v in feeds.items()} for i in range(3)]
        difference = max(
            float(np.abs(np.asarray(run(row)[n])[0] - x[i]).max())
            for i, row in enumerate(rows)
            for n, x in wanted.items()
        )
        return cell(difference, report.bytes, milliseconds(run, rows[0]))
    except RuntimeError as error:
        return f"none: {str(error)[:100]}"


def print_head(first, formats):
    """Prints the head of a table."""
    print(f"| {first} | {' | '.join(formats)} |")
    print("|" + "---|" * (1 + len(formats)))


def of_presets(names):
    """Prints the table of presets."""
    print_head("preset", FORMATS)
    for name in names:
        if name in keras_gans.list_variants():
            gan, shown = getattr(keras_gans, name)(seed=0), f"{name}, untrained"
        else:
            gan = load_preset(AdversarialModel, name)
            shown = f"`{Path(name).name}`"
        cells = []
        for chosen in FORMATS.values():
            with tempfile.TemporaryDirectory() as folder:
                cells.append(measure(gan, *chosen, folder))
        kind = "x".join(map(str, next(iter(gan.makes.values())).shape))
        print(f"| {shown} {kind} | {' | '.join(cells)} |", flush=True)


def of_the_contract(file):
    """Prints the table of what the contract tests found."""
    rows, formats = {}, []
    for told in ElementTree.parse(file).iter("property"):
        if told.get("name") == "export":
            variant, format, found = told.get("value").split("|")
            rows.setdefault(variant, {})[format] = found
            formats += [format] if format not in formats else []
    print(
        f"| variant | {' | '.join(formats)} |\n|{'---|' * (len(formats) + 1)}"
    )
    for variant, found in rows.items():
        cells = [found.get(format, "not run") for format in formats]
        print(f"| {variant} | {' | '.join(cells)} |")


def main():
    """Prints a table."""
    tf.config.threading.set_intra_op_parallelism_threads(2)
    if sys.argv[1].endswith(".xml"):
        return of_the_contract(sys.argv[1])
    of_presets(sys.argv[1:])


if __name__ == "__main__":
    main()
