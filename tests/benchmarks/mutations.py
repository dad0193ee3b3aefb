"""Plants faults one by one, and says which of them the nearest tests miss.

    KERAS_BACKEND=torch python tests/benchmarks/mutations.py --every 3

Each fault changes one place of one file in a copy of the package: a sign, an
operator, a comparison, a number, the order of two arguments; or it drops a
term, a factor or a call of `keras.ops`. What no test of the file finds is
printed as a survivor. `--only` and `--lines` go back to some of them.
"""

import argparse
import ast
import collections
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parents[2]
BY_HAND = "tests/stabilizers/test_penalties_by_hand.py"
STABILIZERS = [BY_HAND]
NEAREST = {
    "losses.py": ["tests/test_losses.py"],
    "penalties.py": ["tests/test_penalties.py", BY_HAND],
    "engine/two_players.py": [
        f"tests/models/test_{name}.py"
        for name in ("gan", "wgan", "r3gan", "conditional_gan", "sagan")
    ],
    "stabilizers/diff_augment.py": ["tests/stabilizers/test_diff_augment.py"],
}
SKIPPED = ("__init__.py",)
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
SYMMETRIC = ("max", "min", "math.gcd", "ops.equal", "ops.maximum")
TIMEOUT = 120

Fault = collections.namedtuple("Fault", "file line before after source")


def nearest_tests(file):
    """Returns the test files that are to find faults in a file."""
    if file in NEAREST:
        return NEAREST[file]
    if file.startswith("stabilizers/"):
        return STABILIZERS
    own = f"tests/models/test_{pathlib.Path(file).stem}.py"
    return [own, "tests/models/test_defaults.py", "tests/models/test_sizes.py"]


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

    found = []
    for node in places(ast.parse(source)):
        for new in replacements(node, text):
            first, last = span(node)
            changed = source[:first] + f"({new})".encode() + source[last:]
            found.append(Fault(file, node.lineno, text(node), new, changed))
    return found


def run_tests(folder, tests):
    """Runs tests on a copy of the package; never returns."""
    signal.alarm(TIMEOUT)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    import pytest

    code = pytest.main(
        [
            "-x",
            "-q",
            "-n",
            "0",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:nbmake",
            *tests,
        ]
    )
    import keras_gans

    assert keras_gans.__file__.startswith(str(folder))
    os._exit(int(code))


def begin(folder, fault):
    """Forks a process that tests a fault; the copy is whole afterwards."""
    path = folder / "keras_gans" / fault.file
    if fault.source is not None:
        path.write_bytes(fault.source)
    pid = os.fork()
    if pid:
        return pid
    try:
        run_tests(folder, nearest_tests(fault.file))
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


def survivors(faults, folders):
    """Tests faults, as many at a time as there are folders."""
    original = {f: (ROOT / "keras_gans" / f).read_bytes() for f in
                {fault.file for fault in faults}}  # fmt: skip
    waiting, running, free = list(faults), {}, list(folders)
    while waiting or running:
        while waiting and free:
            folder, fault = free.pop(), waiting.pop(0)
            running[begin(folder, fault)] = folder, fault
        pid, status = os.wait()
        folder, fault = running.pop(pid)
        (folder / "keras_gans" / fault.file).write_bytes(original[fault.file])
        free.append(folder)
        if status == 0:
            yield fault


def main():
    """Plants faults, and prints the survivors and the counts."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="of the faults")
    parser.add_argument("--first", type=int, default=0, help="fault of those")
    parser.add_argument("--only", nargs="*", help="files, within keras_gans")
    parser.add_argument("--lines", nargs="*", type=int)
    parser.add_argument("--processes", type=int, default=2)
    args = parser.parse_args()
    sys.dont_write_bytecode = True
    preload()
    files = args.only or [
        *("losses.py", "penalties.py", "engine/two_players.py"),
        *(
            f"{folder}/{path.name}"
            for folder in ("stabilizers", "models")
            for path in sorted((ROOT / "keras_gans" / folder).glob("*.py"))
            if path.name not in SKIPPED
        ),
    ]
    folders = [copy_of(i) for i in range(args.processes)]
    sound = [Fault(f, 0, "", "", None) for f in files]
    passing = {fault.file for fault in survivors(sound, folders)}
    if passing < set(files):
        sys.exit(f"tests fail without a fault: {set(files) - passing}")
    faults = [f for file in files for f in faults_of(file, ROOT)]
    faults = faults[args.first :: args.every]
    if args.lines:
        faults = [f for f in faults if f.line in args.lines]
    start, alive = time.time(), collections.Counter()
    for fault in survivors(faults, folders):
        alive[fault.file] += 1
        before, after = (" ".join(t.split()) for t in fault[2:4])
        print(f"{fault.file}:{fault.line}  {before}  ->  {after}", flush=True)
    planted = collections.Counter(fault.file for fault in faults)
    for file, number in planted.items():
        print(f"{file}: {number} planted, {number - alive[file]} found")
    print(
        f"{len(faults)} faults planted, {len(faults) - alive.total()} found, "
        f"in {time.time() - start:.0f} seconds"
    )
    for folder in folders:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
