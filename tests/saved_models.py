"""One process without Keras that runs SavedModels, in place of one for each."""

import json
import subprocess
import sys
import types

import pytest

from keras_gans.exporting import runtimes

SERVER = """
import json, os, sys, traceback
for line in sys.stdin:
    script, folder, *arguments = json.loads(line)
    os.chdir(folder)
    sys.argv = ["-c", *arguments]
    error = ""
    try:
        exec(script, {})
    except Exception:
        error = traceback.format_exc()
    print(json.dumps(error), flush=True)
"""


class Server:
    """Runs scripts one after the other, where the last one's modules stay."""

    process = None

    def run(self, command, cwd, env, **kwargs):
        """Is called as `subprocess.run` is, with `python -c script ...`."""
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVER],
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        request = [command[2], str(cwd), *command[3:]]
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        error = json.loads(self.process.stdout.readline())
        return subprocess.CompletedProcess(command, bool(error), "", error)


@pytest.fixture(scope="module")
def one_process_for_saved_models():
    """Starts TensorFlow once for all exports that a file of tests verifies."""
    server = Server()
    with pytest.MonkeyPatch.context() as patch:
        replaced = types.SimpleNamespace(run=server.run)
        patch.setattr(runtimes, "subprocess", replaced)
        yield
    if server.process is not None:
        server.process.communicate()
