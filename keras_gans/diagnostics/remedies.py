"""What to try first against each finding, as a line of code."""

from keras_gans.diagnostics.finding import Game

SLOW = "keras.optimizers.Adam(5e-5, 0.5"
"""An optimizer, without the closing bracket, of a game that tells none."""

REMEDIES: dict[str, tuple[tuple[str, str], ...]] = {
    "not finite": (
        (
            "",
            "gan.compile({judge}_optimizer={slow_judge}, clipnorm=1.0), "
            "{maker}_optimizer={slow_maker}, clipnorm=1.0))",
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
            "gan.compile({judge}_optimizer={slow_judge}))",
        ),
    ),
    "a generator that wins": (
        (
            "",
            "gan.compile({maker}_optimizer={slow_maker}))",
        ),
    ),
    "collapse": (
        ("R1", "stabilizers=[keras_gans.stabilizers.R1(10.0, every=16)]"),
        ("LeCam", "stabilizers=[keras_gans.stabilizers.LeCam()]"),
        ("loss", 'loss="relativistic"'),
        ("Packing", "stabilizers=[keras_gans.stabilizers.Packing()]"),
    ),
    "oscillation": (
        (
            "",
            "gan.compile({judge}_optimizer={slow_judge}), "
            "{maker}_optimizer={slow_maker}))",
        ),
    ),
    "dead units": (
        (
            "",
            "gan.compile({maker}_optimizer={slow_maker})); "
            "in a network of your own, keras.layers.LeakyReLU(0.2)",
        ),
    ),
    "dead units of the judge": (
        (
            "",
            "gan.compile({judge}_optimizer={slow_judge})); "
            "in a network of your own, keras.layers.LeakyReLU(0.2)",
        ),
    ),
    "memorised images": (
        ("DiffAugment", "stabilizers=[keras_gans.stabilizers.DiffAugment()]"),
        ("ADA", "stabilizers=[keras_gans.stabilizers.ADA()]"),
        ("LeCam", "stabilizers=[keras_gans.stabilizers.LeCam()]"),
    ),
}
"""By finding, the best first: what a game must be able to take, a stabilizer's
class or the argument `loss`, and the line of code."""

TAKEN = sorted(
    {taken for lines in REMEDIES.values() for taken, _ in lines if taken}
)
"""What a game must be able to take for some remedy."""


def remedy(name: str, game: Game) -> str:
    """Returns what to try first against a finding.

    Args:
        name: The finding's name, a key of `REMEDIES`.
        game: The game. What it has or cannot take is not named.

    Returns:
        A line of code, "" where nothing is left to try.
    """
    lines = [
        line
        for taken, line in REMEDIES[name]
        if taken not in (*game.stabilizers, *game.refused)
    ]
    slower = {"": SLOW, game.maker: SLOW, game.judge: SLOW, **dict(game.slower)}
    return "".join(lines[:1]).format(
        maker=game.maker,
        judge=game.judge,
        slow_maker=slower[game.maker],
        slow_judge=slower[game.judge],
    )
