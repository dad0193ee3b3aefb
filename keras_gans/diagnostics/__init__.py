"""What goes wrong in a run: rules from numbers to words.

A rule is a pure function of the rows of a log, with what was measured beside
it, and of who plays. `callbacks.Diagnostics` measures, and asks them.
"""

from collections.abc import Sequence

from keras_gans.diagnostics.balance import (
    discriminator_wins,
    generator_wins,
    oscillation,
    rates_far_apart,
)
from keras_gans.diagnostics.finding import Finding, Game, Row, Rule
from keras_gans.diagnostics.networks import (
    dead_units,
    dead_units_of_judge,
    not_finite,
)
from keras_gans.diagnostics.remedies import remedy
from keras_gans.diagnostics.samples import collapse, memorised_images

RULES: dict[str, Rule] = {
    "not finite": not_finite,
    "rates far apart": rates_far_apart,
    "a discriminator that wins": discriminator_wins,
    "a generator that wins": generator_wins,
    "collapse": collapse,
    "memorised images": memorised_images,
    "oscillation": oscillation,
    "dead units": dead_units,
    "dead units of the judge": dead_units_of_judge,
}
"""The rules by the names of their findings, the gravest first."""

__all__ = ["RULES", "Finding", "Game", "Row", "Rule", "find", "remedy"]


def find(rows: Sequence[Row], game: Game | None = None) -> list[Finding]:
    """Returns what is wrong after the newest epoch.

    Args:
        rows: A row of numbers for each epoch, the newest last: what the log
            holds ("epoch" from 1, "generator_loss" and so on) and what was
            measured: "diversity", "separation", "memorised", "dead_units",
            "<judge>_dead_units", "<player>_gradient", "<player>_rate" and
            "<player>_swing".
        game: Who plays; None for a generator and a discriminator.

    Returns:
        The findings, the gravest first. After values that are not finite
        nothing else is looked at.
    """
    game = game or Game()
    findings = []
    for name, rule in RULES.items():
        words = rule(rows, game)
        if words:
            epoch = int(rows[-1]["epoch"])
            line = remedy(name, game)
            findings.append(Finding(name, epoch, words, line, epoch))
            if name == "not finite":
                break
    return findings
