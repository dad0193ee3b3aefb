"""Who reads, who learns, and what is refused."""

import keras
import numpy as np
import pytest
from contract import EAGER, TINY, rows_for, tiny
from keras import ops

import keras_gans
from keras_gans.networks.text.encoders import ENCODERS, outputs_of

TEXT = TINY["prompts"]


def encoder(kind="gru", length=4, dim=8):
    return ENCODERS[kind](TEXT.vocabulary_size, length, dim)


def weights_of(network):
    return [np.copy(ops.convert_to_numpy(w)) for w in network.weights]


@pytest.mark.parametrize("kind", ENCODERS)
def test_padding_changes_nothing(kind):
    network = encoder(kind)
    ids = np.array([[2, 3, 0, 0], [4, 0, 0, 0], [2, 3, 4, 5]])
    before = {n: ops.convert_to_numpy(x) for n, x in network(ids).items()}
    np.testing.assert_array_equal(before["mask"], ids != 0)
    assert before["words"].shape == (3, 4, 8)
    (table,) = (
        layer
        for layer in network.layers
        if isinstance(layer, keras.layers.Embedding)
    )
    rows = table.get_weights()[0]
    rows[0] += 5.0
    table.set_weights([rows])
    after = {n: ops.convert_to_numpy(x) for n, x in network(ids).items()}
    np.testing.assert_allclose(after["sentence"], before["sentence"], atol=1e-5)
    words = ids != 0
    np.testing.assert_allclose(
        after["words"][words], before["words"][words], atol=1e-5
    )


@pytest.mark.parametrize("kind", ENCODERS)
def test_the_order_of_words_matters(kind):
    read = encoder(kind)(np.array([[2, 3, 4, 0], [3, 2, 4, 0]]))["sentence"]
    one, other = ops.convert_to_numpy(read)
    assert np.abs(one - other).max() > 1e-4


def test_a_new_encoder_learns_with_the_discriminator():
    gan = tiny("GANCLS", run_eagerly=EAGER)
    text = {id(v) for v in gan.text_encoder.trainable_variables}
    of = {p: {id(v) for v in gan.variables_of(p)} for p in gan.players}
    assert text <= of["discriminator"] and not text & of["generator"]
    before = weights_of(gan.text_encoder)
    gan.fit(rows_for(gan, 16), batch_size=16, verbose=0)
    after = weights_of(gan.text_encoder)
    moved = [np.abs(a - b).max() for a, b in zip(after, before, strict=True)]
    assert min(moved) > 0


def test_a_given_encoder_is_copied_and_stays():
    given = encoder(length=2)
    gan = tiny("GANCLS", run_eagerly=EAGER, text_encoder=given)
    gan.fit(rows_for(gan, 16), batch_size=16, verbose=0)
    for one, other in zip(
        weights_of(given), weights_of(gan.text_encoder), strict=True
    ):
        np.testing.assert_array_equal(one, other)
    assert given.trainable and not gan.trains_text
    again = type(gan).from_config(gan.get_config())
    assert not again.trains_text


def test_features_of_real_images_serve_for_right_and_wrong_sentences():
    if not EAGER:
        pytest.skip("JAX compiles every operation alone")
    gan = tiny("GANCLS", run_eagerly=True, train_text=False)
    real, given = gan.unpack(rows_for(gan, 6))
    fake = gan.fakes_for(real, given)
    once = gan.discriminator_loss(real, fake, given)
    gan.__dict__["_judge"] = None  # as for a discriminator of one's own
    twice = gan.discriminator_loss(real, fake, given)
    assert float(once) == pytest.approx(float(twice), rel=1e-5)


def test_judges_are_shown_features_of_known_ids():
    gan = tiny("GANCLS")
    rows = rows_for(gan, 6)
    seen = gan.seen_of(rows)
    assert list(seen) == ["images", "sentences"]
    np.testing.assert_allclose(
        ops.convert_to_numpy(seen["sentences"]),
        ops.convert_to_numpy(gan.read(ops.array(rows["prompts"]))),
        rtol=1e-5,
    )


def test_wrong_sentences_mean_something_else_or_are_rolled():
    ids = ops.array(TEXT.check(["red", "red", "blue hair", "red hair"]))
    masked = tiny("GANCLS", synonyms=[["blue hair", "red hair"]])
    rows, has = map(ops.convert_to_numpy, masked.wrong_for(ids))
    np.testing.assert_array_equal(rows, [2, 2, 0, 0])
    assert has.all()
    rolled = tiny("GANCLS", wrong="rolled")
    rows, has = map(ops.convert_to_numpy, rolled.wrong_for(ids))
    np.testing.assert_array_equal(rows, [1, 2, 3, 0])
    assert has.all()


def test_augmentation_draws_conditions_by_the_last_latents():
    gan = tiny("GANCLS", run_eagerly=EAGER, augmentation_dim=3)
    assert gan.latent_dim == 4 + 3
    images, statistics = gan.paint(
        {"sentences": ops.ones((5, 4)), "prompts": ops.ones((5, 2))}
    )
    assert len(images) == len(statistics) >= 5
    assert statistics.shape[1:] == (6,)
    rng = np.random.default_rng(0)
    for weight in gan.painter.trainable_variables:  # none is to be of zeros
        noise = 0.1 * rng.standard_normal(tuple(weight.shape))
        weight.assign(weight + ops.cast(noise, "float32"))
    latents = gan.sample_latents(2, seed=0)
    latents[1, :4] = latents[0, :4]  # z alike, the noise not
    made = gan.generate(prompts=["red", "red"], latents=latents)
    assert np.abs(made[0] - made[1]).max() > 1e-4
    plain = tiny("GANCLS", run_eagerly=EAGER)
    assert len(plain.paint({"sentences": ops.ones((5, 4))})) == 1


def test_the_divergence_is_a_part_of_the_generators_loss():
    gan = tiny("DFGAN", run_eagerly=EAGER, augmentation_dim=3, kl_weight=0.5)
    given = {"sentences": ops.ones((5, 4))}
    made = gan.paint(given)
    loss = gan.loss_of(made, given)
    mean, log_variance = np.split(ops.convert_to_numpy(made[1]), 2, -1)
    terms = mean**2 + np.exp(log_variance) - 1.0 - log_variance
    verdict = gan.loss_of(made[:1], given)
    wanted = float(verdict) + 0.5 * terms.mean() / 2
    assert float(loss) == pytest.approx(wanted, rel=1e-4)


@pytest.mark.parametrize(
    ("arguments", "received"),
    [
        ({"wrong": "other"}, "Received: wrong='other'"),
        ({"text_encoder": "lstm"}, "one of .*gru.*Received: 'lstm'"),
        ({"text_dim": 5}, "Received: text_dim=5"),
        ({"synonyms": [["red", "purple"]]}, "Received: 'purple'"),
    ],
)
def test_refuses(arguments, received):
    with pytest.raises(ValueError, match=received):
        tiny("DFGAN", **arguments)


def test_refuses_a_model_that_is_no_text_encoder():
    ids = keras.Input((2,), dtype="int32")
    wrong = keras.Model(ids, keras.layers.Embedding(9, 4)(ids))
    with pytest.raises(ValueError, match=r"A text encoder must .*Received"):
        tiny("DFGAN", text_encoder=wrong)
    with pytest.raises(ValueError, match=r"Received: .*\[\(4,\)\]"):
        tiny("DFGAN", text_encoder=encoder(length=4))


def test_outputs_by_name_or_in_their_order():
    network = encoder()
    names = ("words", "sentence", "mask")
    outputs = network.output
    in_order = keras.Model(network.inputs, [outputs[n] for n in names])
    assert list(outputs_of(in_order)) == list(outputs_of(network))
    ids = np.array([[2, 3, 0, 0]])
    made = outputs_of(in_order, in_order(ids))["sentence"]
    np.testing.assert_allclose(
        ops.convert_to_numpy(made),
        ops.convert_to_numpy(network(ids)["sentence"]),
        rtol=1e-6,
    )


FEATURES = np.random.default_rng(3).standard_normal((4, 6, 5)).astype("float32")
MASK = np.array([[1, 0], [1, 0], [1, 1], [1, 1]], "float32")


def cosine(one, other):
    return one @ other / np.linalg.norm(one) / np.linalg.norm(other)


def word_score(regions, words, gamma1=4.0, gamma2=5.0):
    """Xu et al. 2018, equations 7 to 10."""
    s = np.exp(words @ regions.T)
    alpha = np.exp(gamma1 * s / s.sum(0))
    seen = alpha / alpha.sum(1, keepdims=True) @ regions
    near = [cosine(*pair) for pair in zip(seen, words, strict=True)]
    return np.log(np.exp(gamma2 * np.array(near)).sum()) / gamma2


def matching_loss(scores, same):
    """Equations 11 to 13, without the wrong ones that mean the same."""
    total = 0.0
    for i in range(4):
        held = [j for j in range(4) if j == i or not same[i, j]]
        for column in (scores[i], scores[:, i]):
            total += np.log(np.exp(column[held]).sum()) - column[i]
    return total / 4


@pytest.mark.parametrize(
    ("synonyms", "pairs"),
    [
        (None, [(0, 1)]),
        ([["blue hair", "red hair"]], [(0, 1), (2, 3)]),
        ([["red", "blue hair"]], [(0, 1), (0, 2), (1, 2)]),
    ],
)
@pytest.mark.parametrize("gamma3", [10.0, 2.0])
def test_the_loss_of_a_matching_model_by_hand(synonyms, pairs, gamma3):
    ids = TEXT.check(["red", "red", "blue hair", "red hair"])
    gammas = {} if gamma3 == 10.0 else {"gammas": (4.0, 5.0, gamma3)}
    model = keras_gans.MatchingModel(
        (8, 8, 3), TEXT, text_dim=8, width=4, synonyms=synonyms, **gammas
    )
    image, sentence, regions, words = np.split(FEATURES, [1, 2, 4], axis=1)
    image, sentence = image[:, 0], sentence[:, 0]
    made = {"regions": regions, "image": image, "words": words}
    made = {**made, "sentence": sentence, "mask": MASK}
    loss = model.compute_loss(
        {"prompts": ops.array(ids)},
        y_pred={name: ops.array(value) for name, value in made.items()},
    )
    same = np.eye(4, dtype=bool)
    for i, j in pairs:
        same[i, j] = same[j, i] = True
    every = [(i, j) for i in range(4) for j in range(4)]
    by_words = [word_score(regions[i], words[j][MASK[j] > 0]) for i, j in every]
    by_sentences = [cosine(image[i], sentence[j]) for i, j in every]
    parts = [
        matching_loss(gamma3 * np.reshape(scores, (4, 4)), same)
        for scores in (by_words, by_sentences)
    ]
    assert float(loss) == pytest.approx(sum(parts), rel=1e-4)
    logged = [float(mean.result()) for mean in model._means.values()]
    assert logged == pytest.approx(parts, rel=1e-4)


def test_a_matching_model_finds_colours():
    rng = np.random.default_rng(0)
    images = rng.integers(100, 156, (64, 8, 8, 3)).astype("uint8")
    images[::2, ..., 0] += 90
    images[1::2, ..., 2] += 90
    prompts = ["red hair", "blue hair"] * 32
    model = keras_gans.MatchingModel(
        (8, 8, 3), TEXT, text_dim=8, width=4, seed=0
    )
    model.compile()
    logs = model.fit(images, prompts, 32, epochs=12, verbose=0).history
    assert set(logs) == {"loss", "word_loss", "sentence_loss"}
    total = logs["word_loss"][-1] + logs["sentence_loss"][-1]
    assert logs["loss"][-1] == pytest.approx(total, rel=1e-4)
    scores = model.scores(images, ["red hair", "blue hair"])
    assert (scores.argmax(1) == np.arange(64) % 2).mean() > 0.9
    ids = TEXT.check(prompts)
    found = keras_gans.metrics.r_precision(model, ids, images)
    assert found.value > 0.9
    assert found.details == {"candidates": 2, "chance": 0.5}
