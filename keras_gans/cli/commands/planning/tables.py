"""The tables of keras-gans plan."""

from typing import Any

from keras_gans.cli.output import console, print_table

PREFIXES = ("", "k", "M", "G", "T", "P")


def print_plan(plan: Any, measured: bool) -> None:
    """Prints a plan as two tables.

    Args:
        plan: A `keras_gans.planning.Plan`.
        measured: Whether the step's time was measured here.
    """
    print_costs(plan)
    speed = plan.training_flops * plan.batch_size / plan.step_seconds
    console().print(
        f"One device: {1000 * plan.step_seconds:,.1f} ms a step of "
        f"{plan.batch_size} rows"
        f"{', measured' * measured} ({plan.dtype} on {plan.backend}), "
        f"{with_unit(speed, 'FLOP/s')}"
    )
    print_scales(plan)


def print_costs(plan: Any) -> None:
    """Prints the costs of each player, and of a whole step."""
    shapes = ["x".join(map(str, shape)) for shape in plan.makes.values()]
    print_table(
        (
            f"{plan.variant} {', '.join(shapes)}",
            "parameters",
            "FLOP a row, forward",
            "FLOP a row, training",
            "steps",
            "activations a row",
        ),
        [
            *(
                (
                    player.name,
                    f"{player.parameters:,}",
                    with_unit(player.forward_flops),
                    with_unit(player.training_flops),
                    player.steps,
                    with_unit(player.activation_bytes, "B"),
                )
                for player in plan.players
            ),
            (
                "a whole step",
                f"{sum(p.parameters for p in plan.players):,}",
                None,
                with_unit(plan.training_flops),
                sum(p.steps for p in plan.players),
                with_unit(plan.activation_bytes, "B"),
            ),
        ],
    )


def print_scales(plan: Any) -> None:
    """Prints a step on each number of devices."""
    print_table(
        (
            "devices",
            "batch",
            "sent",
            "ms sending",
            "ms a step",
            "rows/s",
            "efficiency",
        ),
        [
            (
                s.devices,
                f"{s.devices * plan.batch_size:,}",
                with_unit(s.bytes_sent, "B"),
                f"{1000 * s.communication_seconds:,.1f}",
                f"{1000 * s.step_seconds:,.1f}",
                f"{s.devices * plan.batch_size / s.step_seconds:,.0f}",
                f"{s.efficiency:.1%}",
            )
            for s in plan.scales
        ],
        title=f"Links of {plan.link.gbps:g} Gbit/s and "
        f"{plan.link.latency_us:g} us",
    )


def with_unit(value: float, unit: str = "FLOP") -> str:
    """Returns a number with three digits and a unit, as "1.23 GFLOP"."""
    prefix = 0
    while value >= 999.5 and prefix < len(PREFIXES) - 1:
        value, prefix = value / 1000, prefix + 1
    return f"{value:.3g} {PREFIXES[prefix]}{unit}"
