"""Results of runs, a line of JSON for each, to which the next run adds."""

import json


def read(path):
    """Returns the lines of a results file."""
    text = path.read_text("utf-8") if path.exists() else ""
    return [json.loads(line) for line in text.splitlines()]


def run_missing(path, names, wanted, part, run):
    """Runs what has no line yet, prints its line, and adds it to the file.

    Args:
        path: The file.
        names: The columns that tell runs apart.
        wanted: The values of these columns, a tuple for each run.
        part: (k, n): the k-th of n shares of the runs, from 0.
        run: Function from these values to a line.
    """
    for key in wanted[part[0] :: part[1]]:
        # Other processes may have added lines.
        done = {tuple(line[name] for name in names) for line in read(path)}
        if key not in done:
            line = json.dumps(run(*key))
            print(line, flush=True)
            with path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
