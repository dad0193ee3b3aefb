r"""The first hour with one's own photographs: the commands of the guide.

A folder with a folder of photographs for each class goes through the commands
of docs/guides/own_photographs.md, with nothing but the command line: advice,
training that is stopped by Ctrl-C and continued, a plot, scores, a grid with
the names of the classes, pictures of two classes by name, and an exported file
that holds the names.

    python tests/benchmarks/first_hour.py FLOWERS --images 320 \
        --image-size 32 --hours 0.6 --out runs/first_hour

FLOWERS holds a folder for each class, of which the first `--images` files are
taken. The script stops at the first command that fails. It writes what each
command printed, its pictures, and `first_hour.json` with the seconds of each.
"""

import argparse
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import time


def choose(source, folder, images):
    """Copies the first photographs of each class."""
    for kind in sorted(d for d in source.iterdir() if d.is_dir()):
        (folder / kind.name).mkdir(parents=True, exist_ok=True)
        for file in sorted(kind.iterdir())[:images]:
            shutil.copy(file, folder / kind.name)
    return sorted(d.name for d in folder.iterdir())


def heed_interrupts():
    """Ctrl-C stops the command, also where this script runs unattended."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Journey:
    """Runs commands one after the other and notes how long each took."""

    def __init__(self, out):
        self.out = out
        self.seconds = {}

    def run(self, step, command, stop_after=None):
        """Runs `keras-gans COMMAND`; Ctrl-C after `stop_after` seconds."""
        print(f"== {step}: keras-gans {shlex.join(command)}", flush=True)
        start = time.perf_counter()
        log = self.out / f"{step}.txt"
        with log.open("w") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "keras_gans", *command],
                stdout=file,
                stderr=subprocess.STDOUT,
                env={**os.environ, "COLUMNS": "80"},
                preexec_fn=heed_interrupts,
            )
            try:
                process.wait(stop_after)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)
                process.wait()
        self.seconds[step] = round(time.perf_counter() - start, 1)
        text = log.read_text()
        if process.returncode and stop_after is None:
            sys.exit(f"{text}\n{step} failed: {process.returncode}")
        return text


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("--images", type=int, default=320)
    parser.add_argument("--image-size", default="32")
    parser.add_argument("--hours", default="0.6")
    parser.add_argument("--stop-after", type=float, default=300.0)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    args = parser.parse_args()
    out, photos, run = args.out, args.out / "photos", str(args.out / "run")
    names = choose(args.source, photos, args.images)
    go = Journey(out)
    size = ["--image-size", args.image_size]
    advice = ["advise", str(photos), *size, "--hours", args.hours]
    said = go.run("advise", advice)
    command = said[said.rindex("keras-gans train") :]
    train = [*shlex.split(command)[1:-1], run]
    go.run("train", train, args.stop_after)
    first = [names[0], names[-1]]
    grid = ["generate", run, "--num", "40", "--grid", "--out"]
    go.run("grid_when_stopped", [*grid, str(out / "when_stopped.png")])
    go.run("continue", train)
    go.run("grid", [*grid, str(out / "grid.png")])
    by_name = ["generate", run, "--labels", ",".join(first), "--num", "8"]
    go.run("by_name", [*by_name, "--out", str(out / "by_name")])
    go.run("evaluate", ["evaluate", run, "--data", str(photos), *size])
    exported = str(out / "generator.tflite")
    go.run("export", ["export", run, exported, "--format", "litert"])
    shutil.copy(out / "run" / "losses.png", out / "losses.png")
    pictures = [file.name for file in sorted((out / "by_name").iterdir())]
    facts = {
        "command": f"keras-gans {shlex.join(train)}",
        "classes": names,
        "seconds": go.seconds,
        "minutes": round(sum(go.seconds.values()) / 60, 1),
        "by_name": pictures,
        "export": os.path.getsize(exported),
    }
    (out / "first_hour.json").write_text(json.dumps(facts, indent=1) + "\n")
    print(json.dumps(facts, indent=1))


if __name__ == "__main__":
    main()
