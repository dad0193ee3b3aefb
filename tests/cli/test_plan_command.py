import json

import pytest

from keras_gans.cli.commands.planning.plan import image_shapes, read_devices
from keras_gans.cli.commands.planning.tables import with_unit


def test_plan(cli):
    output = cli(
        "plan", "gan", "--resolution", 8, "--set", "units=20",
        "--devices", "1,4", "--step-ms", 100, "--batch-size", 16,
    )  # fmt: skip
    assert "GAN 8x8x3" in output and "100.0 ms a step of 16 rows" in output
    assert "measured" not in output
    assert "100.0%" in output and "generator" in output


def test_json(cli):
    output = cli(
        "plan", "GAN", "--resolution", 8, "--set", "units=20", "--json",
        "--devices", "2", "--step-ms", 10, "--link-gbps", 8,
        "--link-latency-us", 0,
    )  # fmt: skip
    plan = json.loads(output)
    assert plan["makes"] == {"images": [8, 8, 3]}
    (two,) = plan["scales"]
    sent = 4 * sum(player["parameters"] for player in plan["players"])
    assert two["bytes_sent"] == sent
    assert two["step_seconds"] == pytest.approx(0.01 + sent / 1e9)


def test_the_step_is_measured_where_no_time_is_given(cli):
    output = cli(
        "plan", "GAN", "--resolution", 8, "--set", "units=20",
        "--devices", "1", "--batch-size", 4,
    )  # fmt: skip
    assert "measured" in output


def test_the_size_of_images_is_the_variants_own_if_not_given(cli):
    output = cli(
        "plan", "GAN", "--set", "units=20", "--devices", "1", "--step-ms", 1,
    )  # fmt: skip
    assert "GAN 28x28x1" in output


class Translating:
    def __init__(self, input_shape=(4, 4, 3), output_shape=(4, 4, 3), width=1):
        pass


class Sounding:
    def __init__(self, length=64):
        pass


def test_the_size_of_images_is_that_of_all_of_them():
    shapes = {"input_shape": (8, 6, 1), "output_shape": (8, 6, 1)}
    assert image_shapes(Translating, (8, 6), 1) == shapes
    assert image_shapes(Translating, None, 1) == {}


def test_no_size_of_images_without_images():
    with pytest.raises(ValueError, match=r"no images.*--image-size 8x8"):
        image_shapes(Sounding, 8, 1)


def test_the_size_has_the_name_that_it_has_in_train(cli):
    small = ["--set", "units=20", "--devices", "1", "--step-ms", 1]
    assert "GAN 8x6x3" in cli("plan", "GAN", "--image-size", "8x6", *small)


def test_a_variant_of_ones_own(cli):
    output = cli(
        "--import", "own_variants.pairs", "plan", "pairs", "--devices", "1",
        "--step-ms", 1,
    )  # fmt: skip
    assert "Pairs 16x16x1" in output and "discriminator" in output


@pytest.mark.parametrize(
    "text, numbers",
    [
        ("8", [8]),
        ("1,2,6", [1, 2, 6]),
        ("1..8", [1, 2, 4, 8]),
        ("3..20", [3, 4, 8, 16, 20]),
        ("4..4", [4]),
    ],
)
def test_devices(text, numbers):
    assert read_devices(text) == numbers


@pytest.mark.parametrize("text", ["", "0", "1..", "8..2", "-1", "two", "1, 2"])
def test_no_devices(text):
    with pytest.raises(ValueError, match="Received: "):
        read_devices(text)


def test_bad_arguments_are_refused(cli):
    small = ["plan", "GAN", "--resolution", 8, "--set", "units=20"]
    for more in (["--step-ms", -1], ["--link-gbps", 0], ["--devices", "x"]):
        assert "Received: " in cli(*small, "--step-ms", 1, *more, code=2)


def test_units():
    assert with_unit(999) == "999 FLOP"
    assert with_unit(1234567, "B") == "1.23 MB"
    assert with_unit(999_999) == "1 MFLOP"
