import shlex

import pytest

import keras_gans
from keras_gans.cli import app
from keras_gans.planning import advice, advise

KINDS = {"daisy": 300, "rose": 200}


def fixed(seconds):
    """A step that takes so long at the paper's width, at any size."""
    return lambda gan, batch_size: seconds


@pytest.fixture(autouse=True)
def slow_bfloat16(monkeypatch):
    monkeypatch.setattr(advice, "multiplies_bfloat16", lambda: False)


def test_many_passes_hold_the_discriminator_back():
    # 960,000 images are enough: 600 passes over 1,600, and 96 over 10,000.
    few = advise(1600, image_size=32, seconds_of=fixed(0.1))
    assert few.stabilizers == ("DiffAugment:policy=colour,translation",)
    assert "2006.10738" in " ".join(choice.why for choice in few.choices)
    many = advise(10_000, image_size=32, seconds_of=fixed(0.1))
    assert (few.epochs, many.epochs, many.stabilizers) == (600, 96, ())
    short = advise(1600, image_size=32, hours=0.15, seconds_of=fixed(0.1))
    assert 200 < short.epochs < advice.PASSES and not short.stabilizers


def test_time_decides_the_size_the_width_and_the_epochs(monkeypatch):
    monkeypatch.setattr(advice, "WIDTHS", (64, 48))
    # 64 images in 0.1 s are 2.3 million in an hour: more than enough.
    quick = advise(1600, seconds_of=fixed(0.1))
    assert (quick.image_size, quick.settings["width"]) == (64, 64)
    assert quick.images_seen == 600 * 1600  # 960,000 are enough
    assert quick.epochs == 600
    assert quick.seconds == pytest.approx(600 * 25 * 0.1)
    # 192,000 in an hour are too few; with narrower networks they suffice.
    slow = advise(1600, seconds_of=fixed(1.2))
    assert (slow.image_size, slow.settings["width"]) == (64, 48)
    assert slow.images_seen >= advice.SEEN[0]
    assert slow.seconds < 1.05 * 3600
    # Where nothing suffices, it says so.
    hopeless = advise(1600, seconds_of=fixed(60.0))
    assert (hopeless.image_size, hopeless.settings["width"]) == (32, 48)
    assert "give it more hours" in hopeless.choices[-1].why


def test_classes_of_enough_images_are_told():
    told = advise(500, classes=KINDS, image_size=16, seconds_of=fixed(0.1))
    assert told.variant == "ConditionalGAN"
    assert told.settings["networks"] == "dcgan"
    assert told.batch_size == 16
    for classes in ({"a": 500}, {"a": 480, "b": 20}, None):
        one = advise(500, 1, classes, 16, seconds_of=fixed(0.1))
        assert one.variant == "DCGAN"


def test_fast_bfloat16_is_used(monkeypatch):
    monkeypatch.setattr(advice, "multiplies_bfloat16", lambda: True)
    quick = advise(1600, image_size=16, seconds_of=fixed(0.1))
    assert quick.dtype == "mixed_bfloat16"
    assert "--dtype mixed_bfloat16" in quick.command("a", "b")


@pytest.mark.parametrize("classes", [None, KINDS])
def test_the_command_line_trains_it(classes, tmp_path, monkeypatch):
    made = advise(500, 1, classes, 16, seconds_of=fixed(0.1))
    seen = {}

    def train_run(gan, source, out, **options):
        seen.update(gan=gan, source=source, out=out, **options)

    monkeypatch.setattr("keras_gans.cli.training.train_run", train_run)
    monkeypatch.setattr(
        "keras_gans.cli.commands.train.print_results", lambda *_: None
    )
    words = shlex.split(made.command("fashion_mnist_10k", str(tmp_path)))
    app(words[1:], standalone_mode=False)
    gan = seen["gan"]
    assert isinstance(gan, getattr(keras_gans, made.variant))
    assert (gan.image_shape, gan.ema_decay) == ((16, 16, 1), 0.999)
    assert [type(s).__name__ for s in gan.stabilizers] == ["DiffAugment"]
    assert (seen["epochs"], seen["batch_size"]) == (made.epochs, 16)
    assert gan.get_config()["width"] == made.settings["width"]


def test_wrong_numbers():
    for wrong in ({"num_images": 0}, {"num_images": 3, "hours": 0}):
        with pytest.raises(ValueError, match="Received: num_images="):
            advise(**wrong)
