"""The table of `modes.py`'s results, beside what papers published."""

import statistics

PUBLISHED = {
    # Lin et al. 2018, table 1: means and standard errors of ten runs.
    "GAN, Lin et al. 2018": ("6.3 (0.5)", "98.2%", "17.3 (0.8)", "94.8%"),
    "ALI, there": ("6.6 (0.3)", "97.6%", "24.1 (0.4)", "95.7%"),
    "PacGAN2, there": ("7.9 (0.1)", "95.6%", "23.8 (0.7)", "91.3%"),
    "PacGAN3, there": ("7.8 (0.1)", "97.7%", "24.6 (0.4)", "94.2%"),
    "PacGAN4, there": ("7.8 (0.1)", "95.9%", "24.8 (0.2)", "93.6%"),
    # Lin et al. 2018, table 2, and the papers of the last two.
    "DCGAN": (*("",) * 4, "99", "3.40"),
    "VEEGAN": (*("",) * 4, "150", "2.95"),
    "PacGAN": (*("",) * 4, "1000", "0.06"),
    "WGAN-GP": (*("",) * 4, "959", "0.73"),
    "R3GAN": (*("",) * 4, "1000", "0.029"),
}
COLUMNS = (
    ("ring", "modes", "modes of 8"),
    ("ring", "good", "good"),
    ("grid", "modes", "modes of 25"),
    ("grid", "good", "good"),
    ("stacked", "modes", "modes of 1000"),
    ("stacked", "kl", "KL"),
)


def table(rows, methods):
    """Returns the results in Markdown, a line for each method.

    Args:
        rows: The lines of a results file, as dictionaries.
        methods: The names of the methods, in the order of the lines.

    Returns:
        Means over the seeds, and in brackets the standard deviation. A run
        that diverged counts as no modes, no good samples and the largest KL.
    """
    runs = {method: {} for method in methods}
    for row in rows:
        runs.setdefault(row["method"], {}).setdefault(row["set"], []).append(
            row
        )
    shown = [
        c for c in COLUMNS if any(c[0] in found for found in runs.values())
    ]
    places = [COLUMNS.index(column) for column in shown]
    lines = [
        ["method", *(f"{where}, {text}" for where, _, text in shown), "seeds"],
        ["---"] * (len(shown) + 2),
    ]
    for method, found in runs.items():
        cells = [cell(found.get(where, []), name) for where, name, _ in shown]
        counts = {str(len(lines_of)) for lines_of in found.values()}
        if found:
            lines.append([method, *cells, " or ".join(sorted(counts))])
    for method, cells in PUBLISHED.items():
        cells = [*cells, *("",) * (len(COLUMNS) - len(cells))]
        if any(cells[place] for place in places):
            shown_cells = (cells[place] for place in places)
            lines.append([f"*{method}*", *shown_cells, ""])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cell(rows, name):
    """Returns the mean and the deviation of a score, as text."""
    worst = {"modes": 0, "good": 0.0, "kl": 6.908}
    values = [row.get(name, worst[name]) for row in rows]
    if not values:
        return ""
    mean = statistics.mean(values)
    spread = statistics.stdev(values) if len(values) > 1 else None
    form = {"modes": "{:.1f}", "good": "{:.1%}", "kl": "{:.3f}"}[name]
    texts = [form.format(x) for x in (mean, spread) if x is not None]
    return texts[0] + (f" ({texts[1]})" if len(texts) > 1 else "")
