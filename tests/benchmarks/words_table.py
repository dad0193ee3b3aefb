"""The table of `words_anime.py`, from its lines."""

GROUPS = ("seen", "held out", "never")
COLUMNS = ("hair", "eyes", "both")
METHODS = (
    "real",
    "retrieval",
    "dfgan",
    "joint",
    "augmented",
    "rolled",
    "gancls",
    "onehot",
    "shuffled",
)


def table(lines):
    """Returns a table in Markdown, a row for each method and seed.

    Colours are in per cent, hair / eyes / both, by the first judge, and "both,
    second judge" by the other one, of the groups in their order. The heading
    of FID has its features and its count of images.
    """
    measured = next((line for line in lines if "fid" in line), {})
    features = measured.get("features", "")
    header = ["method", "seed", *GROUPS, "both, second judge"]
    header += ["swap", "R-precision"]
    header.append(f"FID[{features}] of {measured.get('fid_images', 0):,}")
    header.append("diversity")
    rows = [header, ["---"] * len(header)]
    for line in sorted(lines, key=place):
        row = [line["method"], str(line["seed"])]
        for group in GROUPS:
            shares = line.get(group, {})
            cell = [percent(shares.get(f"{c}_0")) for c in COLUMNS]
            row.append(" / ".join(cell) if shares else "")
        both = [percent(line[g]["both_1"]) for g in GROUPS if g in line]
        row += [" / ".join(both), percent(line.get("swap"))]
        row.append(percent(line["r_precision"]))
        row += [str(line.get(n, "")) for n in ("fid", "diversity")]
        rows.append(row)
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def place(line):
    """Returns what the rows are sorted by."""
    return METHODS.index(line["method"]), line["seed"]


def percent(share):
    """Returns a share in per cent, or nothing where there is none."""
    return "" if share is None else f"{100 * share:.1f}"
