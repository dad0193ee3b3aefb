"""Scripts that start without waiting for imports: a warm process forks them."""

import atexit
import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path

# It has imported Keras and its backend, and computed nothing.
WARM = multiprocessing.get_context("forkserver")
WARM.set_forkserver_preload(["keras_gans.models.dcgan"])


class Running:
    """A script that runs in a fork, with what tests use of `Popen`.

    Args:
        argv: A script's path, or "-c" and code, and the arguments.
        env: The variables of its environment.
    """

    def __init__(self, argv, env):
        file, self.output = tempfile.mkstemp()
        os.close(file)
        argv = [str(a) for a in argv]
        self.process = WARM.Process(
            target=run, args=(argv, dict(env), self.output)
        )
        self.process.start()

    @property
    def pid(self):
        return self.process.pid

    @property
    def returncode(self):
        return self.process.exitcode

    def kill(self):
        self.process.kill()
        self.process.join()

    def communicate(self, timeout=None):
        """Waits for the end, and returns what it printed, and None."""
        self.process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired("a warm process", timeout)
        output = Path(self.output).read_text()
        os.remove(self.output)
        return output, None


def run(argv, env, output):
    """Runs a script as `python *argv` would."""
    file = os.open(output, os.O_WRONLY | os.O_APPEND)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.environ.clear()
    os.environ.update(env)
    try:
        if argv[0] == "-c":
            sys.argv = ["-c", *argv[2:]]
            exec(argv[1], {"__name__": "__main__"})
        else:
            sys.argv = argv
            runpy.run_path(argv[0], run_name="__main__")
    finally:
        atexit._run_exitfuncs()  # which multiprocessing leaves out
