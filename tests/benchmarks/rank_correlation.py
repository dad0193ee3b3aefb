"""Prints how a column of a training's log.csv goes with its FID.

    python tests/benchmarks/rank_correlation.py runs/wgan_fashion_mnist/log.csv

Arjovsky et al. 2017, section 4.2: the critic's estimate of the distance falls
as samples get better. Spearman's rank correlation over all epochs, and over the
later half of them, where both change slowly.
"""

import argparse
import csv
import pathlib

from scipy import stats


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("log", type=pathlib.Path)
    parser.add_argument("--column", default="wasserstein_estimate")
    args = parser.parse_args()
    rows = list(csv.DictReader(args.log.read_text().splitlines()))
    for name, part in (("all", rows), ("later half", rows[len(rows) // 2 :])):
        columns = [[float(r[c]) for r in part] for c in (args.column, "fid")]
        correlation = stats.spearmanr(*columns).statistic
        print(
            f"{name}: {len(part)} epochs, {args.column} "
            f"{columns[0][0]:.4f} to {columns[0][-1]:.4f}, FID "
            f"{columns[1][0]:.2f} to {columns[1][-1]:.2f}, rank correlation "
            f"{correlation:.3f}"
        )


if __name__ == "__main__":
    main()
