"""Plants faults one by one, and says which of them the nearest tests miss.

    KERAS_BACKEND=torch python tests/benchmarks/mutations.py

Each fault changes one place of one file in a copy of the package: a sign, an
operator, a comparison, a number, the order of two arguments; or it drops a
term, a factor or a call of `keras.ops`. Keras is imported once, and every
fault runs in a fork of that process. Each result is a line of `--out`, and a
fault that has one is not planted again: a run that was stopped goes on, and
`--alive` goes back to those that were not found. `--only` and `--lines`
choose some of them. With `--map`, files that `covered_lines.py` wrote, the
tests of a fault are those that run its line, the nearest and quickest first.
"""

import argparse
import ast
import collections
import gc
import importlib.util
import itertools
import json
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
ROOT = pathlib.Path(__file__).parents[2]
PACKAGE = ROOT / "keras_gans"
TABLES = "tests/models/test_architectures.py"
DEFAULTS = "tests/models/test_defaults.py"
EVERY = "tests/stabilizers/test_every_stabilizer.py::test"
PIX2PIX = "tests/models/test_pix2pix.py"
ENGINE = [
    "tests/models/test_gan.py",
    *(f"tests/engine/test_{name}.py" for name in ("engine", "arguments")),
    *(f"tests/engine/test_{name}.py" for name in ("going_on", "user_mistakes")),
]
BY_HAND = "tests/stabilizers/test_penalties_by_hand.py"
RANGES = "tests/stabilizers/test_remedies.py"
REMEDIES = "tests/stabilizers/test_remedies_by_hand.py"
NEAREST = {  # beside the tests of a file's own name
    "engine/door.py": [BY_HAND, *ENGINE[:1], "tests/models/test_biggan.py"],
    "engine/ema.py": [
        "tests/engine/test_engine.py::test_average_" + test
        for test in (
            "keeps_at_most_its_decay",
            "ramps_up_and_takes_in_statistics",
        )
    ],
    "engine/training/phases.py": [
        BY_HAND,
        "tests/models/test_dcgan.py",
        *ENGINE,
    ],
    "engine/two_players.py": [
        f"tests/models/test_{name}.py"
        for name in ("gan", "wgan", "r3gan", "conditional_gan", "sagan")
    ],
    "engine/training/feed.py": ["tests/engine/test_feed.py", *ENGINE],
    "engine/training/opening.py": ["tests/engine/test_feed.py", *ENGINE],
    "engine/training/resuming.py": ["tests/engine/test_resume.py", *ENGINE],
    "layers/downsampling_conv.py": [TABLES, "tests/layers/test_products.py"],
    "layers/learned_basis.py": ["tests/models/test_r3gan.py"],
    "layers/learned_tokens.py": ["tests/layers/test_grid_attention.py"],
    "layers/reflection_padding.py": [PIX2PIX],
    "layers/products.py": ["tests/layers/test_upsampling_conv.py"],
    "layers/styles": [
        f"tests/layers/test_{name}.py"
        for name in ("style_layers", "equalized", "fir")
    ],
    "models/styles": [
        f"tests/models/test_{name}.py"
        for name in ("stylegan", "progan", "stylegan2")
    ],
    "networks/growing.py": [TABLES, "tests/models/test_progan.py"],
    "networks/mapping.py": [TABLES, "tests/models/test_stylegan.py"],
    "networks/noise.py": [TABLES, "tests/models/test_stylegan2.py"],
    "networks/stylegan.py": [TABLES, "tests/models/test_stylegan.py"],
    "networks/stylegan2.py": [TABLES, "tests/models/test_stylegan2.py"],
    "layers/inpainting": ["tests/models/test_gated_inpainting.py"],
    "networks/conditions.py": ["tests/models/test_conditions.py", TABLES],
    "networks/copying.py": ["tests/exporting/test_users_networks.py"],
    "networks/patch_gan.py": [PIX2PIX],
    "networks/super_resolution": ["tests/models/test_super_resolution.py"],
    "networks/unet.py": [PIX2PIX],
    "stabilizers/augmentation": ["tests/stabilizers/test_ada.py"],
    "stabilizers/path_length.py": [
        "tests/models/test_stylegan2.py::test_path_lengths_by_hand",
        "tests/models/test_stylegan2.py::test_path_length_refuses",
        "tests/models/test_stylegan2.py"
        "::test_y_has_the_variance_of_one_over_the_pixels",
    ],
}
TABLES_OF = {
    "networks/dcgan.py": "[DACI]*",
    "networks/gated_inpainting.py": "GatedInpainting",
    "networks/patch_gan.py": "Pix2Pix*",
    "networks/residual.py": "[WB]*",
    "networks/resnet.py": "CycleGAN",
    "networks/sizes.py": "[DR]*.large",
    "networks/sn_patch_gan.py": "GatedInpainting",
    "networks/unet.py": "Pix2Pix*",
}
SWAPS = {
    ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*",
    ast.FloorDiv: "*", ast.Pow: "*", ast.Mod: "*",
}  # fmt: skip
OPPOSITES = {
    ast.Lt: (">=", "<="), ast.LtE: (">", "<"), ast.Gt: ("<=", ">="),
    ast.GtE: ("<", ">"), ast.Eq: ("!=",), ast.NotEq: ("==",),
    ast.Is: ("is not",), ast.IsNot: ("is",), ast.In: ("not in",),
    ast.NotIn: ("in",),
}  # fmt: skip
SYMMETRIC = ("max", "min", "math.gcd", "ops.equal", "ops.maximum",
             "ops.minimum", "ops.logical_and")  # fmt: skip
TIMEOUT = 60
ENOUGH = 20
"""Seconds of the tests that run a line, of the nearest and of the others."""
ALL = [
    *("losses/*.py", "penalties.py", "schedules.py", "stabilizers/*.py"),
    *(f"{folder}/**/*.py" for folder in ("models", "networks", "layers")),
    "engine/**/*.py",
]
QUICK = ("-x", "-q", "--tb=no", "--assert=plain", "--import-mode=importlib",
         "-o", "addopts=", "-p", "no:cacheprovider",
         "-p", "no:unraisableexception")  # fmt: skip

Fault = collections.namedtuple(
    "Fault", "file line column before after source statement"
)


def tables(pattern):
    """Returns the tests of the tables whose names match."""
    found = sorted((ROOT / TABLES).parent.glob(f"architectures/{pattern}.txt"))
    test = TABLES + "::test_networks_are_those_of_the_table"
    return [f"{test}[{path.stem}]" for path in found]


def nearest_tests(file):
    """Returns the tests that are to find faults in a file, quick ones first."""
    path = pathlib.Path(file)
    found = tables(TABLES_OF[file]) if file in TABLES_OF else []
    if file.startswith("models/"):
        module = ".".join(path.with_suffix("").parts[1:])
        lines = (PACKAGE / "registry.py").read_text().splitlines()
        for line in lines:
            if f': "{module}"' in line:
                name = line.split('"')[1]
                found += tables(name) + tables(f"{name}.*")
                if f'"{name}"' in (ROOT / DEFAULTS).read_text():
                    found += [f"{DEFAULTS}::test_optimizers[{name}]"]
    for own in (path.stem, path.parent.name):
        own = sorted(ROOT.glob(f"tests/**/test_{own}.py"))
        found += [str(test.relative_to(ROOT)) for test in own]
    if file in NEAREST or str(path.parent) in NEAREST:
        found += NEAREST.get(file) or NEAREST[str(path.parent)]
    elif file.startswith("stabilizers/"):
        found += [
            REMEDIES,
            BY_HAND,
            f"{RANGES}::test_numbers_out_of_range",
            f"{RANGES}::test_the_smallest_numbers_are_taken",
        ]
        found += [f"{EVERY}_every_is_a_whole_number"]
        found += [f"{EVERY}_weights_are_finite_and_not_negative"]
    elif file.startswith("engine/"):
        found += ENGINE
    return list(dict.fromkeys(found))


class CoveredLines:
    """The tests that run each line of the package.

    Args:
        files: What `covered_lines.py` wrote.
    """

    def __init__(self, files):
        self.seconds, self.tests = {}, collections.defaultdict(set)
        for file in files:
            told = json.loads(file.read_text())
            names = list(told["seconds"])
            self.seconds |= told["seconds"]
            for path, lines in told["lines"].items():
                for line, numbers in lines.items():
                    self.tests[path, int(line)] |= {names[n] for n in numbers}

    def of(self, fault):
        """Returns the tests for a fault; none where no test runs its line."""
        lines = range(fault.line, fault.statement - 1, -1)
        key = next(((fault.file, n) for n in lines
                    if (fault.file, n) in self.tests), None)  # fmt: skip
        near = tuple(nearest_tests(fault.file))
        groups = collections.defaultdict(list)
        for test in sorted(self.tests.get(key, ()), key=self.seconds.get):
            groups[not test.startswith(near)].append(test)
        return [
            test
            for group in (groups[False], groups[True])
            for test, total in zip(
                group,
                itertools.accumulate(self.seconds[t] for t in group),
                strict=True,
            )
            if total < ENOUGH or test == group[0]
        ]


def replacements(node, text):
    """Yields what to put in the place of a node; `text` gives source."""
    if isinstance(node, ast.BinOp):
        left, right = f"({text(node.left)})", f"({text(node.right)})"
        if type(node.op) in SWAPS:
            yield f"{left} {SWAPS[type(node.op)]} {right}"
        yield left
        if isinstance(node.op, (ast.Add, ast.Sub, ast.Mult)):
            yield right
    elif isinstance(node, ast.UnaryOp):
        yield text(node.operand)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        left, right = text(node.left), text(node.comparators[0])
        for sign in OPPOSITES[type(node.ops[0])]:
            yield f"({left}) {sign} ({right})"
    elif isinstance(node, ast.BoolOp):
        word = " or " if isinstance(node.op, ast.And) else " and "
        yield word.join(f"({text(v)})" for v in node.values)
    elif isinstance(node, ast.IfExp):
        yes, condition, no = map(text, (node.body, node.test, node.orelse))
        yield f"({no}) if ({condition}) else ({yes})"
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield str(not node.value)
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield repr(node.value * 2 or 1)
    elif isinstance(node, ast.Call) and not isinstance(node.func, ast.Call):
        arguments = [text(a) for a in node.args]
        if len(arguments) == 1 and text(node.func).startswith("ops."):
            yield arguments[0]
        swappable = text(node.func) not in SYMMETRIC
        if (
            swappable
            and len(set(arguments[:2])) == 2
            and "*" not in arguments[0][:1]
        ):
            keywords = [
                f"{k.arg}={text(k.value)}" if k.arg else f"**{text(k.value)}"
                for k in node.keywords
            ]
            swapped = [*arguments[1::-1], *arguments[2:], *keywords]
            yield f"{text(node.func)}({', '.join(swapped)})"


def places(node):
    """Yields the nodes whose faults count, without defaults and messages."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "args") and not (
            isinstance(node, ast.Call)
        ):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.Raise):
                yield child
                yield from places(child)


def faults_of(file, folder):
    """Returns all faults of a file."""
    source = (folder / "keras_gans" / file).read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def span(node):
        first = starts[node.lineno - 1] + node.col_offset
        return first, starts[node.end_lineno - 1] + node.end_col_offset

    def text(node):
        return source[slice(*span(node))].decode()

    tree = ast.parse(source)
    found, forms = [], {ast.dump(tree)}
    for node in places(tree):
        for new in replacements(node, text):
            first, last = span(node)
            changed = source[:first] + f"({new})".encode() + source[last:]
            form = ast.dump(ast.parse(changed))
            if form not in forms:  # one of each
                forms.add(form)
                place = node.lineno, node.col_offset
                first = statement_of(tree, node.lineno)
                found.append(
                    Fault(file, *place, text(node), new, changed, first)
                )
    return found


def statement_of(tree, line):
    """Returns the first line of the innermost statement of a line."""
    return max(
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= node.end_lineno
    )


class LeaveAtOnce:
    """Ends the process at the first failure, before any report."""

    def pytest_runtest_makereport(self, item, call):
        """Is called after each part of a test."""
        if call.excinfo and call.excinfo.typename != "Skipped":
            os._exit(1)


def run_tests(folder, tests):
    """Runs tests on a copy of the package; never returns."""
    signal.setitimer(signal.ITIMER_PROF, TIMEOUT)  # of the processor
    signal.alarm(10 * TIMEOUT)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    import pytest

    code = pytest.main([*QUICK, *tests], [LeaveAtOnce()])
    import keras_gans

    assert keras_gans.__file__.startswith(str(folder))
    os._exit(int(code))


def begin(folder, fault, covered=None):
    """Forks a process that tests a fault."""
    path = folder / "keras_gans" / fault.file
    path.write_bytes(fault.source)
    # A cache of the same second and size would be taken for that of the file.
    cache = pathlib.Path(importlib.util.cache_from_source(str(path)))
    cache.unlink(missing_ok=True)
    pid = os.fork()
    if pid:
        return pid
    try:
        tests = (covered and covered.of(fault)) or nearest_tests(fault.file)
        run_tests(folder, tests)
    finally:
        os._exit(1)


def copy_of(number):
    """Makes a copy of the package and its tests for one process."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"mutations_{number}_"))
    ignored = shutil.ignore_patterns("__pycache__", "results")
    for name in ("keras_gans", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "zoo").symlink_to(ROOT / "zoo")
    return folder


def preload():
    """Imports once what the package needs, for all processes to come."""
    import keras
    import pytest  # noqa: F401
    import scipy.linalg  # noqa: F401
    import tensorflow  # noqa: F401  # which Keras seeds on every backend

    import keras_gans

    keras.utils.set_random_seed(0)
    for name in keras_gans.list_variants():
        getattr(keras_gans, name)
    for name in [n for n in sys.modules if n.startswith("keras_gans")]:
        del sys.modules[name]
    gc.freeze()
    gc.disable()  # a process of a few seconds does without


def results(faults, folders, covered=None):
    """Tests faults, as many at a time as there are folders.

    Yields each fault, whether the tests missed it, and the seconds it took.
    """
    waiting, running, free = list(faults), {}, list(folders)
    while waiting or running:
        while waiting and free:
            folder, fault = free.pop(), waiting.pop(0)
            running[begin(folder, fault, covered)] = folder, fault, time.time()
        pid, status = os.wait()
        folder, fault, start = running.pop(pid)
        source = (PACKAGE / fault.file).read_bytes()
        (folder / "keras_gans" / fault.file).write_bytes(source)
        free.append(folder)
        yield fault, status == 0, time.time() - start


def files_of(patterns):
    """Returns the files that patterns name, within the package."""
    return [
        str(path.relative_to(PACKAGE))
        for pattern in patterns
        for path in sorted(PACKAGE.glob(pattern))
        if path.name != "__init__.py"
    ]


def key(fault):
    """Returns what tells a fault from others, as long as its file stays."""
    return f"{fault.file}:{fault.line}:{fault.column}: " + "  ->  ".join(
        " ".join(text.split()) for text in (fault.before, fault.after)
    )


def told(out):
    """Returns what is known of faults, by their keys."""
    lines = out.read_text().splitlines() if out.is_file() else []
    return {one["fault"]: one["missed"] for one in map(json.loads, lines)}


def main():
    """Plants faults, prints the survivors, and counts by folder."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", nargs="*", help="patterns", default=ALL)
    parser.add_argument("--lines", nargs="*", type=int)
    parser.add_argument("--map", nargs="*", type=pathlib.Path)
    parser.add_argument("--every", type=int, default=1, help="of the faults")
    parser.add_argument("--alive", action="store_true")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path, default="mutations.jsonl")
    args = parser.parse_args()
    files = files_of(args.only)
    for file in [f for f in files if not nearest_tests(f)]:
        print(f"{file}: no test is near")
        files.remove(file)
    faults = [f for file in files for f in faults_of(file, ROOT)]
    faults = [
        f for f in faults[:: args.every] if f.line in (args.lines or [f.line])
    ]
    covered = CoveredLines(args.map) if args.map else None
    known = told(args.out)
    wanted = True if args.alive else None
    again = [f for f in faults if known.get(key(f)) is wanted]
    preload()
    folders = [copy_of(i) for i in range(args.processes)]
    random.Random(0).shuffle(again)  # what is planted at any time is a sample
    with args.out.open("a") as out:
        for fault, missed, seconds in results(again, folders, covered):
            line = {"fault": key(fault), "missed": missed}
            line["seconds"] = round(seconds, 1)
            print(json.dumps(line), file=out, flush=True)
            if missed:
                print(key(fault), flush=True)
    known = told(args.out)
    counts = collections.defaultdict(collections.Counter)
    for fault in faults:
        counts[fault.file][known.get(key(fault))] += 1
    sound = [
        Fault(file, 0, 0, "", "", (PACKAGE / file).read_bytes(), 1)
        for file, count in counts.items()
        if count[False] and not count[True]  # as if its tests always failed
    ]
    for fault, passed, _ in results(sound, folders):
        if not passed:
            print(f"{fault.file}: its tests fail without a fault")
    folders_of = collections.defaultdict(collections.Counter)
    for file, count in counts.items():
        folders_of[file.rpartition("/")[0] or "."] += count
    for folder, count in folders_of.items():
        print(f"{folder}: {count.total()} faults, {count[False]} found, "
              f"{count[True]} missed, {count[None]} not planted")  # fmt: skip
    for folder in folders:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
