r"""Loads a server with REST requests, and says how long its answers take.

    python load.py --requests 1000 --at-a-time 8 \
        --body '{"seed": 1, "count": 1, "labels": ["Bag"]}'

Every answer is compared with the first one: the same request makes the same
pictures.
"""

import argparse
import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

from client import ask


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--url", default="http://localhost:8501/v1/models/generator"
    )
    parser.add_argument("--signature", default="generate_png")
    parser.add_argument("--body", default='{"seed": 1, "count": 1}')
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--at-a-time", type=int, default=8)
    args = parser.parse_args()
    inputs = json.loads(args.body)
    wanted = ask(args.url, args.signature, inputs)

    def one(_: int) -> tuple[float, str]:
        start = time.perf_counter()
        try:
            same = ask(args.url, args.signature, inputs) == wanted
            said = "" if same else "another answer to the same request"
        except (RuntimeError, OSError) as error:
            said = str(error)
        return time.perf_counter() - start, said

    start = time.perf_counter()
    with ThreadPoolExecutor(args.at_a_time) as pool:
        answers = list(pool.map(one, range(args.requests)))
    seconds = time.perf_counter() - start
    times = sorted(1e3 * t for t, _ in answers)
    wrong = [said for _, said in answers if said]
    print(
        f"{len(answers) / seconds:.1f} answers a second, "
        f"median {statistics.median(times):.1f} ms, "
        f"99 of 100 within {times[int(0.99 * (len(times) - 1))]:.1f} ms, "
        f"{len(wrong)} wrong"
    )
    if wrong:
        raise SystemExit(wrong[0])


if __name__ == "__main__":
    main()
