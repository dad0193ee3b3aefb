"""What to try first against each finding, as a line of code."""

from keras_gans.diagnostics.finding import Game

REMEDIES: dict[str, tuple[tuple[str, str], ...]] = {
    "not finite": (
        (
            "",
            "gan.compile({judge}_optimizer=keras.optimizers.Adam(1e-4, 0.5, "
            "clipnorm=1.0), {maker}_optimizer=keras.optimizers.Adam(1e-4, "
            "0.5, clipnorm=1.0))",
        ),
    ),
    "rates far apart": (
        (
            "",
            "gan.compile({judge}_optimizer=keras.optimizers.Adam(2e-4, 0.5), "
            "{maker}_optimizer=keras.optimizers.Adam(2e-4, 0.5))",
        ),
    ),
    "a discriminator that wins": (
        ("R1", "stabilizers=[keras_gans.stabilizers.R1(10.0, every=16)]"),
        (
            "InstanceNoise",
            "stabilizers=[keras_gans.stabilizers.InstanceNoise()]",
        ),
        (
            "",
            "gan.compile({judge}_optimizer=keras.optimizers.Adam(5e-5, 0.5))",
        ),
    ),
    "a generator that wins": (
        (
            "",
            "gan.compile({maker}_optimizer=keras.optimizers.Adam(5e-5, 0.5))",
        ),
    ),
    "collapse": (
        ("R1", "stabilizers=[keras_gans.stabilizers.R1(10.0, every=16)]"),
        ("LeCam", "stabilizers=[keras_gans.stabilizers.LeCam()]"),
        ("", 'loss="relativistic"'),
    ),
    "oscillation": (
        (
            "",
            "gan.compile({judge}_optimizer=keras.optimizers.Adam(1e-4, 0.5), "
            "{maker}_optimizer=keras.optimizers.Adam(1e-4, 0.5))",
        ),
    ),
    "dead units": (
        (
            "",
            "gan.compile({maker}_optimizer=keras.optimizers.Adam(1e-4, 0.5)); "
            "in a network of your own, keras.layers.LeakyReLU(0.2)",
        ),
    ),
    "memorised images": (
        ("DiffAugment", "stabilizers=[keras_gans.stabilizers.DiffAugment()]"),
        ("ADA", "stabilizers=[keras_gans.stabilizers.ADA()]"),
        ("LeCam", "stabilizers=[keras_gans.stabilizers.LeCam()]"),
    ),
}
"""By finding: a stabilizer's class and the line; the first that the game does
not have yet counts."""


def remedy(name: str, game: Game) -> str:
    """Returns what to try first against a finding.

    Args:
        name: The finding's name, a key of `REMEDIES`.
        game: The game, whose stabilizers are not named again.
    """
    lines = [
        line
        for stabilizer, line in REMEDIES[name]
        if stabilizer not in game.stabilizers
    ]
    line = (lines or [REMEDIES[name][-1][1]])[0]
    return line.format(maker=game.maker, judge=game.judge)
