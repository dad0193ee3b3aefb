"""What users do: each kind of input in a table, on every backend."""

import re

import keras
import numpy as np
import pytest
from contract import (
    EAGER,
    assert_same_state,
    generate,
    rows_for,
    share_steps,
    state,
    tiny,
)
from feeds import FEEDS
from keras import layers

import keras_gans
from keras_gans.callbacks import SampleGrid
from keras_gans.engine.training.opening import open_rows
from keras_gans.modalities import MultiLabel

pytestmark = pytest.mark.usefixtures("eagerly")
BACKEND = keras.backend.backend()
LEVELS = np.random.default_rng(0).integers(0, 256, (32, 16, 16, 1))
UINT8 = LEVELS.astype("uint8")
FLOATS = (LEVELS / 127.5 - 1.0).astype("float32")
WRONG = {
    "float 0..255": LEVELS.astype("float32"),
    "int32 0..255": LEVELS.astype("int32"),
    "uint16 0..255": LEVELS.astype("uint16"),
    "uint16 0..65535": (LEVELS * 257).astype("uint16"),
    "float 0..1": (LEVELS / 255).astype("float32"),
    "bright, 0.2..1": (0.2 + 0.8 * LEVELS / 255).astype("float32"),
    "12 bits over 65535": (LEVELS / 255 * 4095 / 65535).astype("float32"),
    "NaN": np.where(LEVELS == 7, np.nan, FLOATS).astype("float32"),
    "masks of 0 and 1": (LEVELS > 127).astype("uint8"),
    "another size": UINT8[:, :8],
    "three channels": UINT8.repeat(3, -1),
}
MENDED_BY = {
    "float 0..255": 'astype("uint8")',
    "int32 0..255": 'astype("uint8")',
    "float 0..1": "2 * x - 1",
    "bright, 0.2..1": "2 * x - 1",
    "masks of 0 and 1": "255 * x",
}
# An array of another type is refused before its range is looked at.
OTHERWISE = {("float 0..255", "load"), ("int32 0..255", "load")}
RIGHT = {"uint8": UINT8, "float -1..1": FLOATS}
# On JAX, the first model that was trained from a feed.
COMPILED: dict = {}


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("kind", WRONG)
def test_ranges_that_are_not_images_are_refused(kind, feed):
    gan = tiny("GAN")
    before = state(gan)
    with pytest.raises(ValueError, match="Received: ") as error:
        gan.fit(FEEDS[feed](WRONG[kind]), batch_size=16, verbose=0)
    if kind in MENDED_BY and (kind, feed) not in OTHERWISE:
        assert MENDED_BY[kind] in str(error.value)
    for a, b in zip(before, state(gan), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.filterwarnings("error:.*shuffle")
@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("kind", RIGHT)
def test_images_train_from_any_feed(kind, feed):
    gan = tiny("GAN", run_eagerly=EAGER)
    if BACKEND == "jax":
        share_steps(gan, COMPILED.setdefault("GAN", gan))
    gan.fit(FEEDS[feed](RIGHT[kind]), batch_size=16, verbose=0)
    assert int(gan.steps) == 2


@pytest.mark.parametrize(
    "feed", ["array", "PyDataset", "tf.data", "DataLoader"]
)
@pytest.mark.parametrize("labels", [np.full(32, 3), np.full(32, -1)])
def test_labels_out_of_range_are_refused(labels, feed):
    gan = tiny("ConditionalGAN")
    labels = labels.astype("int32")
    data = (UINT8, labels) if feed == "array" else (FEEDS[feed](UINT8, labels),)
    with pytest.raises(ValueError, match="Received: labels from"):
        gan.fit(*data, verbose=0)


def test_batches_may_be_dictionaries_with_the_names_of_tfds():
    tf = pytest.importorskip("tensorflow")
    rows = {"image": UINT8, "label": np.arange(32) % 3}
    dataset = tf.data.Dataset.from_tensor_slices(rows).batch(16)
    gan = tiny("ConditionalGAN", run_eagerly=EAGER)
    gan.fit(dataset, verbose=0)
    assert int(gan.steps) == 2
    with pytest.raises(ValueError, match=r"Received: batches of \['image'\]"):
        gan.fit(dataset.map(lambda row: {"image": row["image"]}), verbose=0)


@pytest.mark.parametrize("argument", ["class_weight", "sample_weight"])
def test_weights_of_rows_are_refused_by_name(argument):
    with pytest.raises(TypeError, match=argument):
        tiny("GAN").fit(UINT8, **{argument: {}})


def test_frozen_layers_stay_frozen(tmp_path):
    gan = tiny("GAN")
    gan.discriminator.layers[-1].trainable = False
    gan.compile()
    rows = rows_for(gan, 16)
    gan.fit(rows, batch_size=16, verbose=0)
    gan.save(tmp_path / "gan.keras")
    gan.save_to_preset(tmp_path / "preset")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert_same_state(gan, loaded)
    assert not loaded.discriminator.layers[-1].trainable
    before = loaded.discriminator.layers[-1].get_weights()
    loaded.fit(rows, batch_size=16, verbose=0)
    for a, b in zip(
        before, loaded.discriminator.layers[-1].get_weights(), strict=True
    ):
        np.testing.assert_array_equal(a, b)
    preset = type(gan).from_preset(tmp_path / "preset")
    assert not preset.discriminator.layers[-1].trainable
    assert preset.discriminator.layers[0].trainable


@pytest.mark.parametrize("call", ["fit", "train_on_batch"])
def test_freezing_after_compiling_is_named(call):
    gan = tiny("GAN")
    gan.discriminator.layers[-1].trainable = False
    with pytest.raises(ValueError, match=r"compile.* weights of 'discrim"):
        getattr(gan, call)(UINT8[:16])


@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_a_player_frozen_as_a_whole_looks_on(player):
    gan = tiny("GAN")
    networks = {p: getattr(gan, p) for p in gan.players}
    networks[player].trainable = False
    gan.compile()
    before = {p: network.get_weights() for p, network in networks.items()}
    gan.fit(UINT8, batch_size=16, verbose=0)
    for name, network in networks.items():
        pairs = zip(before[name], network.get_weights(), strict=True)
        moved = [np.abs(a - b).max() > 0 for a, b in pairs]
        assert any(moved) == (name != player)
    places = gan.frozen_layers()
    assert f"{player}/0/0" in places  # the network itself
    assert len(places) == len(networks[player]._flatten_layers())


def test_a_learning_rate_set_on_the_model_is_all_players():
    gan = tiny("GAN")
    assert float(gan.optimizer.learning_rate) == pytest.approx(2e-4)
    gan.optimizer.learning_rate = 0.5
    assert [float(o.learning_rate) for o in gan.optimizer.optimizers] == [
        0.5
    ] * 2
    gan = tiny("SAGAN")
    with pytest.raises(AttributeError, match=r"'generator'.*'discriminator'"):
        float(gan.optimizer.learning_rate)
    gan.optimizer.learning_rate = 0.25
    assert float(gan.optimizer.learning_rate) == 0.25
    gan.optimizer.learning_rate.assign(0.125)
    rates = [float(o.learning_rate) for o in gan.optimizer.optimizers]
    assert rates == [0.125, 0.125]


def test_the_rate_of_a_player_with_a_schedule_is_not_set():
    gan = tiny("GAN")
    schedule = keras.optimizers.schedules.ExponentialDecay(2e-4, 10, 0.5)
    gan.compile(discriminator_optimizer=keras.optimizers.Adam(schedule))
    with pytest.raises(TypeError, match=r"Received: \['discriminator'\] with"):
        gan.optimizer.learning_rate = 0.5
    rate = gan.optimizer["generator"].learning_rate
    assert float(rate) == pytest.approx(2e-4)


def network(shape, *stack):
    x = inputs = keras.Input(shape)
    for layer in stack:
        x = layer(x)
    return keras.Model(inputs, x)


def test_a_sigmoid_at_the_end_is_seen():
    flat = layers.Flatten()
    probabilities = network((16, 16, 1), flat, layers.Dense(1, "sigmoid"))
    unbounded = ("non_saturating", "minimax", "hinge", "relativistic")
    for loss in (*unbounded, "wasserstein"):
        with pytest.raises(ValueError, match=r"Received: .*ends in a sigmoid"):
            tiny("GAN", discriminator=probabilities, loss=loss)
    tiny("GAN", discriminator=probabilities, loss="least_squares_0_1_1")
    image = network(
        (4,),
        layers.Dense(256),
        layers.Reshape((16, 16, 1)),
        layers.Activation("sigmoid"),
    )
    with pytest.raises(ValueError, match=r"Received: .*ends in a sigmoid"):
        tiny("GAN", generator=image)


@pytest.mark.parametrize(
    ("last", "name"),
    [
        (layers.Activation("hard_sigmoid"), "hard_sigmoid"),
        (layers.ReLU(), "relu"),
        (keras.ops.relu, "relu"),
        (keras.ops.hard_sigmoid, "hard_sigmoid"),
        (layers.Conv2D(1, 1, activation="softplus"), "softplus"),
    ],
)
def test_a_generator_without_dark_pixels_is_seen(last, name):
    def made(*after):
        stack = layers.Dense(100), layers.Reshape((10, 10, 1)), *after
        return network((4,), *stack)

    shape, crop = (10, 10, 1), layers.Cropping2D(2)
    with pytest.raises(ValueError, match=f"ends in a {name}"):
        tiny("GAN", generator=made(last), image_shape=shape)
    with pytest.raises(ValueError, match=f"ends in a {name}"):
        tiny("GAN", generator=made(last, crop), image_shape=(6, 6, 1))


def test_a_leaky_rectifier_is_no_rectifier():
    last = layers.ReLU(negative_slope=0.2)
    stack = layers.Dense(16), layers.Reshape((4, 4, 1)), last
    tiny("GAN", generator=network((4,), *stack), image_shape=(4, 4, 1))


def nested(*stack):
    """A judge whose logits come out of a network inside of it."""
    return network((16, 16, 1), keras.Sequential([layers.Flatten(), *stack]))


@pytest.mark.parametrize(
    "judge",
    [
        lambda: nested(layers.Dense(1, "sigmoid")),
        lambda: network(
            (16, 16, 1),
            layers.Flatten(),
            layers.Dense(1),
            keras.activations.sigmoid,
        ),
        lambda: network(
            (16, 16, 1), layers.Flatten(), layers.Dense(1), keras.ops.sigmoid
        ),
        lambda: network(
            (16, 16, 1), layers.Conv2D(1, 16, activation="sigmoid"),
            layers.Flatten(), layers.Reshape((1,)), layers.Dropout(0.1),
            layers.Activation("linear", dtype="float32"),
        ),
    ],
)  # fmt: skip
def test_a_sigmoid_is_seen_through_what_only_arranges(judge):
    with pytest.raises(ValueError, match=r"Received: .*ends in a sigmoid"):
        tiny("GAN", discriminator=judge())


def test_logits_in_a_network_of_networks_are_no_sigmoid():
    tiny(
        "GAN", discriminator=nested(layers.Dense(8, "sigmoid"), layers.Dense(1))
    )


def two_outputs(shape, *units, activation=None):
    x = layers.Flatten()(inputs := keras.Input(shape))
    last = [layers.Dense(n, activation)(x) for n in units]
    return keras.Model(inputs, last)


@pytest.mark.parametrize(
    ("variant", "judge", "wanted"),
    [
        ("GAN", ((16, 16, 1), 1, 3), "one tensor of logits, each"),
        ("ACGAN", ((16, 16, 1), 1), "then 3 predictions"),
        ("ACGAN", ((16, 16, 1), 1, 4), "then 3 predictions"),
        ("InfoGAN", ((16, 16, 1), 1), "then 14 predictions"),
        ("InfoGAN", ((16, 16, 1), 1, 10), "then 14 predictions"),
        ("InfoGAN", ((8, 8, 1), 1, 14), "must take"),
    ],
)
def test_a_judge_says_what_its_variant_hears(variant, judge, wanted):
    with pytest.raises(ValueError, match=rf"{wanted}.*Received: \[\("):
        tiny(variant, discriminator=two_outputs(*judge))


def test_infogans_judge_gives_logits():
    probabilities = two_outputs((16, 16, 1), 1, 14, activation="sigmoid")
    with pytest.raises(ValueError, match="ends in a sigmoid"):
        tiny("InfoGAN", discriminator=probabilities)


def test_a_generator_makes_one_image():
    makes_two = two_outputs((4,), 256, 256)
    with pytest.raises(ValueError, match=r"must make .*Received: \[\("):
        tiny("GAN", generator=makes_two)


@pytest.mark.parametrize(
    ("player", "inputs", "units"),
    [
        ("generator", (5,), 256),
        ("generator", (1, 1, 4), 256),
        ("generator", (4,), 255),
        ("discriminator", (8, 8, 1), 1),
    ],
)
def test_networks_that_do_not_fit_are_refused_when_made(player, inputs, units):
    stack = [layers.Flatten(), layers.Dense(units)]
    if player == "generator" and units == 256:
        stack.append(layers.Reshape((16, 16, 1)))
    with pytest.raises(ValueError, match=r"Received: \[\("):
        tiny("GAN", **{player: network(inputs, *stack)})


def sequential(*stack):
    return keras.Sequential(stack)


@pytest.mark.parametrize("with_input", [True, False])
def test_a_sequential_needs_its_input(with_input):
    stack = [layers.Dense(256), layers.Reshape((16, 16, 1))]
    if with_input:
        gan = tiny("GAN", generator=sequential(keras.Input((4,)), *stack))
        gan.fit(UINT8, batch_size=16, verbose=0)
        assert np.isfinite(generate(gan)).all()
        return
    with pytest.raises(ValueError, match=r"keras.Input\(shape\)"):
        tiny("GAN", generator=sequential(*stack))


def test_inputs_may_be_a_dictionary_in_any_order():
    labels = keras.Input((), dtype="int32", name="labels")
    latents = keras.Input((4,), name="latents")
    both = keras.ops.concatenate([latents, keras.ops.one_hot(labels, 3)], -1)
    made = layers.Reshape((16, 16, 1))(layers.Dense(256)(both))
    network = keras.Model({"labels": labels, "latents": latents}, made)
    gan = tiny("ConditionalGAN", generator=network)
    gan.fit(UINT8, np.arange(32) % 3, batch_size=16, verbose=0)
    assert gan.generate(3, seed=0).shape == (3, 16, 16, 1)


def test_own_losses_are_saved(tmp_path):
    gan = tiny("GAN", loss=(of_judge, of_maker))
    gan.fit(UINT8, batch_size=16, verbose=0)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert loaded.of_discriminator is of_judge
    assert_same_state(gan, loaded)


@keras.saving.register_keras_serializable("tests")
def of_judge(real_logits, fake_logits):
    return keras.ops.mean(fake_logits - real_logits)


@keras.saving.register_keras_serializable("tests")
def of_maker(fake_logits):
    return -keras.ops.mean(fake_logits)


@pytest.mark.parametrize("call", ["evaluate", "test_on_batch", "predict"])
def test_nothing_that_is_called_costs_the_weights(call):
    gan = tiny("GAN")
    before = state(gan)
    with pytest.raises(ValueError, match="Received: "):
        getattr(gan, call)(UINT8)
    for a, b in zip(before, state(gan), strict=True):
        np.testing.assert_array_equal(a, b)
    generate(gan)
    gan.fit(UINT8, batch_size=16, verbose=0)


class Unreadable(keras.utils.PyDataset):
    """Batches of which all but the first `whole` cannot be read."""

    def __init__(self, whole):
        super().__init__()
        self.left = whole

    def __len__(self):
        return 2

    def __getitem__(self, index):
        self.left -= 1
        if self.left < 0:
            raise OSError("cannot identify image file")
        return UINT8[:16]


class Fails(keras.callbacks.Callback):
    def on_train_batch_begin(self, batch, logs=None):
        raise OSError("a callback's")


@pytest.mark.parametrize("whole", [1, 2])  # the first one is looked at
def test_a_step_that_fails_costs_no_weights(whole):
    gan = tiny("GAN")
    gan.fit(UINT8, batch_size=16, verbose=0)
    before = state(gan)
    with pytest.raises(OSError, match="cannot identify"):
        gan.fit(Unreadable(whole), verbose=0, shuffle=False)
    generate(gan)
    if whole == 1:
        for a, b in zip(before, state(gan), strict=True):
            np.testing.assert_array_equal(a, b)
    with pytest.raises(OSError, match="a callback's"):
        gan.fit(UINT8, batch_size=16, verbose=0, callbacks=[Fails()])
    gan.fit(UINT8, batch_size=16, verbose=0)


def test_the_last_row_of_a_source_is_looked_at():
    rows = FLOATS.copy()
    rows[-1, 0, 0] = np.nan
    with pytest.raises(ValueError, match="must be finite"):
        tiny("GAN").fit(FEEDS["source"](rows), batch_size=16, verbose=0)


def test_what_is_missing_is_said_of_the_variant():
    with pytest.raises(ValueError, match=r"^ConditionalGAN learns from images"):
        tiny("ConditionalGAN").fit(UINT8, batch_size=16, verbose=0)


@pytest.mark.parametrize("kind", WRONG)
def test_a_batch_of_ones_own_is_looked_at(kind):
    gan = tiny("GAN")
    with pytest.raises(ValueError, match="Received: "):
        gan.train_on_batch(WRONG[kind][:16])


def test_a_few_bright_images_are_a_batch():
    bright = FLOATS[:2] * 0.1 + 0.5
    tiny("GAN", run_eagerly=EAGER).train_on_batch(bright)


def test_whole_arrays_may_have_the_names_of_tfds():
    gan = tiny("ConditionalGAN", run_eagerly=EAGER)
    rows = {"image": UINT8[:16], "label": np.arange(16) % 3}
    gan.fit(rows, batch_size=16, verbose=0)


@pytest.mark.parametrize(
    ("own", "theirs", "numbers"),
    [
        (["cats", "dogs", "eels"], ["eels", "dogs", "cats"], [2, 1, 0]),
        (["cats", "dogs", "eels"], ["cats", "eels"], [0, 2]),
        (["cats", "dogs", "eels"], ["cats", "dogs", "eels"], [0, 1, 2]),
    ],
)
def test_classes_go_by_their_names(own, theirs, numbers):
    gan = tiny("ConditionalGAN", class_names=own, run_eagerly=EAGER)
    source = keras_gans.data.load((UINT8, np.arange(32) % len(theirs)))
    source.class_names = theirs
    opened = open_rows(source, None, gan.learns_from, "it")
    seen = opened.rows(np.arange(len(theirs)), ["labels"])["labels"]
    assert seen.tolist() == numbers


def test_classes_of_other_names_are_refused():
    gan = tiny("ConditionalGAN", class_names=["cats", "dogs", "eels"])
    source = keras_gans.data.load((UINT8, np.arange(32) % 2))
    source.class_names = ["ants", "cats"]
    with pytest.raises(
        ValueError, match=r"cats, dogs.*with their names.*Received.*ants, cats"
    ):
        gan.fit(source, batch_size=16, verbose=0)


def test_several_labels_go_by_their_names():
    kind = MultiLabel(2, names=["a", "b"])
    gan = tiny("ConditionalGAN", condition=kind)
    vectors = np.eye(2, dtype="uint8")[np.arange(32) % 2]
    source = keras_gans.data.load(UINT8).with_column(
        "labels", vectors, MultiLabel(2, names=["b", "a"])
    )
    opened = open_rows(source, None, gan.learns_from, "it")
    seen = opened.rows(np.arange(2), ["labels"])["labels"]
    np.testing.assert_array_equal(seen, vectors[:2, ::-1])


@pytest.mark.parametrize(
    ("given", "received"),
    [
        ({"seed": -1}, "seed=-1"),
        ({"seed": 1.5}, "seed=1.5"),
        ({"seed": "a"}, "seed='a'"),
        ({"seed": 2**64}, "seed=18446744073709551616"),
        ({"truncation": "x"}, "truncation='x'"),
        ({"latents": [["a", "b", "c", "d"]]}, "a"),
    ],
)
def test_what_generate_is_told_is_checked(given, received):
    with pytest.raises(ValueError, match=f"Received: {re.escape(received)}"):
        tiny("GAN").generate(1, **given)


def test_evaluate_takes_keras_own_arguments():
    pairs = tiny("Pairs")
    rows = rows_for(pairs, 8)
    assert pairs.evaluate(rows, verbose=0) == pairs.evaluate(rows)


def test_predict_generates_and_evaluate_scores():
    gan = tiny("GAN")
    latents = gan.sample_latents(3, seed=0)
    np.testing.assert_array_equal(gan.predict(latents), gan.generate(3, seed=0))
    pairs = tiny("Pairs")
    rows = rows_for(pairs, 8)
    real = rows["images"] / 127.5 - 1.0
    made = pairs.predict({"inputs": rows["inputs"]})
    assert pairs.evaluate(rows)["l1"] == pytest.approx(
        np.abs(real - made).mean()
    )


def test_held_out_rows_that_nothing_would_use_are_refused(tmp_path):
    def fit(variant):
        gan = tiny(variant, run_eagerly=EAGER)
        grid = SampleGrid(tmp_path, 2, animation=None)
        rows = rows_for(gan, 16)
        gan.fit(
            rows,
            batch_size=16,
            verbose=0,
            callbacks=[grid],
            validation_data=rows,
        )

    # A grid of samples from noise shows no rows; one of translations does.
    with pytest.raises(ValueError, match=r"no scores of its own.*Received: "):
        fit("GAN")
    fit("UnpairedImages")
    # A callback of somebody else's does not use them either.
    for variant in ("GAN", "UnpairedImages"):
        gan = tiny(variant, run_eagerly=EAGER)
        rows, nan = rows_for(gan, 16), keras.callbacks.TerminateOnNaN()
        with pytest.raises(ValueError, match=r"no scores of its own.*Received"):
            gan.fit(rows, callbacks=[nan], validation_data=rows, verbose=0)


def test_labels_by_name_and_one_for_all():
    gan = tiny("ConditionalGAN", class_names=["bag", "coat", "shoe"])
    latents = gan.sample_latents(4, seed=0)
    by_number = gan.generate(latents=latents, labels=[2, 0, 2, 1])
    by_name = gan.generate(
        latents=latents, labels=["shoe", "bag", "shoe", "coat"]
    )
    np.testing.assert_array_equal(by_number, by_name)
    np.testing.assert_array_equal(
        gan.generate(latents=latents, labels="Coat"),
        gan.generate(4, latents=latents, labels=1),
    )
    with pytest.raises(ValueError, match=r"\['coat'\]. Received: 'goat'"):
        gan.generate(2, labels="goat")
    with pytest.raises(ValueError, match="NaN"):
        gan.generate(4, latents=np.full((4, 4), np.nan))
    with pytest.raises(ValueError, match="Received: colour"):
        gan.generate(4, colour="red")


def test_names_of_classes_come_from_the_data_and_stay(tmp_path):
    import keras_gans

    names = ["bag", "coat", "shoe"]
    source = keras_gans.data.load((UINT8, np.arange(32) % 3))
    source.class_names = names
    gan = tiny("ConditionalGAN")
    gan.fit(source, batch_size=16, verbose=0)
    assert gan.takes["labels"].names == names
    gan.save_to_preset(tmp_path)
    loaded = keras_gans.AdversarialModel.from_preset(tmp_path)
    np.testing.assert_array_equal(
        loaded.generate(2, seed=0, labels="shoe"),
        gan.generate(2, seed=0, labels=2),
    )
