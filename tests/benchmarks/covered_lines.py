"""Writes which tests run each line of the package, for `mutations.py --map`.

    KERAS_BACKEND=torch python tests/benchmarks/covered_lines.py FILE TESTS ...

FILE holds, as JSON, the seconds of each test and, by file and line, the tests
that run it. It needs `coverage`. The tests run one after another.
"""

import argparse
import collections
import json
import os
import pathlib

os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
ROOT = pathlib.Path(__file__).parents[2]
PACKAGE = ROOT / "keras_gans"


class Contexts:
    """Tells coverage which test runs, and keeps how long each took."""

    def __init__(self, coverage):
        self.coverage = coverage
        self.seconds = collections.Counter()

    def pytest_runtest_logstart(self, nodeid, location):
        """Is called before each test."""
        self.coverage.switch_context(nodeid)

    def pytest_runtest_logfinish(self, nodeid, location):
        """Is called after each test."""
        self.coverage.switch_context("")

    def pytest_runtest_logreport(self, report):
        """Is called after each part of a test."""
        self.seconds[report.nodeid] += report.duration


def lines_of(data):
    """Returns the numbers of tests by file of the package and line."""
    found, numbers = {}, {}
    for path in data.measured_files():
        lines = {
            line: [numbers.setdefault(c, len(numbers)) for c in contexts if c]
            for line, contexts in data.contexts_by_lineno(path).items()
        }
        lines = {line: tests for line, tests in lines.items() if tests}
        if lines:
            found[str(pathlib.Path(path).relative_to(PACKAGE))] = lines
    return found, list(numbers)


def main():
    """Runs tests under `coverage`, and writes the file."""
    import coverage
    import pytest

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("tests", nargs="+")
    args = parser.parse_args()
    watch = coverage.Coverage(data_file=None, source=[str(PACKAGE)])
    contexts = Contexts(watch)
    watch.start()
    pytest.main(
        ["-q", "-o", "addopts=", "--import-mode=importlib", *args.tests],
        [contexts],
    )
    watch.stop()
    lines, tests = lines_of(watch.get_data())
    seconds = {test: round(contexts.seconds[test], 2) for test in tests}
    args.file.write_text(json.dumps({"seconds": seconds, "lines": lines}))


if __name__ == "__main__":
    main()
