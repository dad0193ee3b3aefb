"""Each rule on logs made by hand: it fires, and it stays silent."""

import re

import keras
import numpy as np
import pytest

import keras_gans
from keras_gans import diagnostics
from keras_gans.diagnostics import Game, find, measures, remedy
from keras_gans.diagnostics.remedies import REMEDIES

HEALTHY = {
    "generator_loss": 1.2,
    "discriminator_loss": 1.1,
    "loss": 1.15,
    "diversity": 0.8,
    "separation": 0.85,
    "memorised": 0.52,
    "dead_units": 0.02,
    "generator_gradient": 1.5,
    "discriminator_gradient": 2.5,
    "generator_rate": 2e-4,
    "discriminator_rate": 2e-4,
    "generator_swing": 0.1,
    "discriminator_swing": 0.1,
}


def log(epochs=6, **columns):
    """A healthy log in which some columns are others: their last values."""
    rows = [{"epoch": i + 1, **HEALTHY} for i in range(epochs)]
    for name, values in columns.items():
        for row, value in zip(rows[-len(values) :], values, strict=True):
            row[name] = value
    return rows


FIRES = {
    "not finite": (log(generator_loss=[np.nan]), r"generator_loss: NaN"),
    "rates far apart": (
        log(generator_rate=[2e-6]),
        "discriminator learns at a rate of 0.0002, which is 100 times",
    ),
    "a discriminator that wins": (
        log(separation=[1, 1], discriminator_loss=[0.015, 0.01]),
        r"in 100\.0% of the pairs, and its loss is down to 0\.01",
    ),
    "a generator that wins": (
        log(separation=[0.2, 0.1, 0.05]),
        r"higher score in 5\.0% of the pairs",
    ),
    "collapse": (
        log(diversity=[0.09, 0.02, 0.03]),
        r"0\.03 times as far apart as the nearest real rows, and were 0\.8",
    ),
    "memorised images": (
        log(memorised=[0.9, 0.9, 0.95]),
        r"held-out ones in 95\.0% of the pairs",
    ),
    "oscillation": (
        log(
            generator_swing=[0.3, 0.2, 0.2],
            discriminator_swing=[0.9, 0.8, 0.7],
        ),
        "generator and discriminator change by 20% and 70% of",
    ),
    "dead units": (
        log(dead_units=[0.8, 0.9]),
        "90% of the rectified units of the generator",
    ),
    "dead units of the judge": (
        log(discriminator_dead_units=[0.8, 0.9]),
        "90% of the rectified units of the discriminator",
    ),
}

SILENT = {
    "healthy": log(),
    "one epoch": log(1),
    "nothing but losses": [
        {"epoch": 1, "generator_loss": 1.0, "discriminator_loss": 0.9}
    ],
    "not measured lately": log(diversity=[0.01, 0.01, 0.01, np.inf]),
    "not finite is not a loss": log(fid=[np.inf]),
    "two time scales": log(
        discriminator_rate=[4e-4] * 6, generator_rate=[1e-4]
    ),
    "a warm-up": log(generator_rate=[0.0]),
    "a critic that tells, and learns": log(
        separation=[1, 1, 1], discriminator_loss=[-4.0, -5.0, -6.0]
    ),
    "one epoch of winning": log(separation=[1], discriminator_loss=[0.01]),
    "fooled for a moment": log(separation=[0.1, 0.1]),
    "alike at the start": log(3, diversity=[0.01, 0.02, 0.4]),
    "a held-out set of luck": log(memorised=[0.52, 0.8, 0.8]),
    "a swing": log(
        generator_swing=[0.9, 0.1, 0.9], discriminator_swing=[0.9, 0.1, 0.9]
    ),
    "a small loss that swings": log(discriminator_swing=[0.8, 0.8, 0.8]),
    "units that come back": log(dead_units=[0.9, 0.1]),
}


@pytest.mark.parametrize("name", diagnostics.RULES)
def test_a_rule_fires(name):
    rows, words = FIRES[name]
    (finding,) = find(rows)
    assert (finding.name, finding.epoch, finding.until) == (name, 6, 6)
    assert re.search(words, finding.words)
    assert str(finding).endswith(f"Try first: {finding.remedy}")


@pytest.mark.parametrize("case", SILENT)
def test_rules_are_silent(case):
    assert find(SILENT[case]) == []


def test_a_gradient_that_vanishes():
    rows = log(separation=[1, 1], generator_gradient=[1e-5, 1e-6])
    (finding,) = find(rows)
    assert finding.name == "a discriminator that wins"
    assert "fell from 1.5 to 1e-06" in finding.words


def test_samples_that_were_always_alike():
    (finding,) = find(log(3, diversity=[0.02, 0.01, 0.02]))
    assert "and were" not in finding.words


def test_layers_that_are_not_finite_are_named():
    layers = tuple(f"critics/layer_{i}" for i in range(5))
    rows = log(discriminator_loss=[np.inf], separation=[0.1, 0.1, 0.1])
    (finding,) = find(rows, Game(broken=layers))
    assert "critics/layer_2 and 2 more layers." in finding.words
    (finding,) = find(rows, Game(broken=layers[:1]))
    assert finding.words.endswith("weights were those of critics/layer_0.")
    assert find(rows)[0].words.endswith("The weights are finite.")


def test_players_of_other_names():
    game = Game("generators", "critics")
    rows = [
        {"epoch": i, "separation": 1.0, "critics_loss": 0.01} for i in (1, 2)
    ]
    (finding,) = find(rows, game)
    assert finding.words.startswith("The critics told")
    assert "critics_optimizer=" in remedy("not finite", game)


def test_a_remedy_is_not_what_the_game_has():
    assert "DiffAugment" in remedy("memorised images", Game())
    game = Game(stabilizers=("DiffAugment", "ADA"))
    assert "LeCam" in remedy("memorised images", game)
    game = Game(stabilizers=("DiffAugment", "ADA", "LeCam"))
    assert remedy("memorised images", game) == ""
    finding = find(log(memorised=[0.9] * 3), game)[0]
    assert str(finding).endswith(finding.words)


def test_a_remedy_is_not_what_the_game_cannot_take():
    game = Game(refused=("DiffAugment", "ADA"))
    assert "LeCam" in remedy("memorised images", game)
    game = Game(stabilizers=("R1", "LeCam"), refused=("loss",))
    assert "Packing" in remedy("collapse", game)


def test_remedies_keep_the_optimizer_and_lower_its_rate():
    slower = (("generator", "keras.optimizers.RMSprop(1e-05"),)
    line = remedy("a generator that wins", Game(slower=slower))
    assert line == (
        "gan.compile(generator_optimizer=keras.optimizers.RMSprop(1e-05))"
    )
    assert "Adam(5e-5, 0.5))" in remedy("a generator that wins", Game())


@pytest.mark.parametrize("name", REMEDIES)
def test_remedies_are_lines_of_code(name):
    class Compiled:
        def compile(self, **optimizers):
            assert set(optimizers) <= {
                "generator_optimizer",
                "discriminator_optimizer",
            }

    scope = {"keras": keras, "gan": Compiled()}
    for taken, line in REMEDIES[name]:
        code = line.format(
            maker="generator",
            judge="discriminator",
            slow_maker="keras.optimizers.RMSprop(1e-5",
            slow_judge="keras.optimizers.Adam(1e-5, 0.5",
        )
        code = code.split("; in a network")[0]
        exec(code, {**scope, "keras_gans": keras_gans}, made := {})
        if taken == "loss":
            assert made["loss"] in keras_gans.losses.LOSSES
        elif taken:
            assert type(made["stabilizers"][0]).__name__ == taken


def test_measures():
    points = np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 5.0]])
    assert measures.nearest_distance(points) == pytest.approx(7 / 3)
    assert measures.nearest_distance(np.ones((4, 2))) == 0
    real, fake = np.array([1.0, 2.0]), np.array([0.0, 1.0])
    assert measures.separation(real, fake) == pytest.approx(3.5 / 4)
    assert measures.separation(fake, fake) == 0.5
    maps = np.zeros((2, 3, 4))
    maps[1, 2, 0] = 1.0
    assert measures.dead_units(maps) == (3, 4)
    assert measures.swing(np.array([1.0, 3.0, 1.0, 3.0])) == 1.0
    assert measures.swing(np.array([0.1, -0.1, 0.3])) == 0.0
