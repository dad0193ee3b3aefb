"""Measures of images that were made by sentences, by hand."""

import keras
import numpy as np
import pytest
from keras import layers

from keras_gans import metrics
from keras_gans.metrics.words.prompt_diversity import mean_distances
from keras_gans.metrics.words.r_precision import count_found
from keras_gans.modalities import Text, Vocabulary

TEXT = Text(Vocabulary(["red", "hair", "blue", "azure"]), 2)
IDS = np.array([[2, 3], [3, 2], [4, 0], [2, 3]])


class Matcher:
    """Says of image i what row i of `table` holds."""

    def __init__(self, table):
        self.table = table
        self.modalities = {"prompts": TEXT}

    def scores(self, images, prompts, batch_size):
        assert len(prompts) == self.table.shape[1]
        return self.table


def test_the_own_sentence_must_be_alone_at_the_top():
    scores = [[3.0, 1.0], [1.0, 1.0], [0.0, 2.0]]
    found = count_found(scores, [0, 0, 0])
    np.testing.assert_array_equal(found, [True, False, False])


def test_r_precision_is_over_distinct_sentences():
    # Candidates in order: [2, 3], [3, 2], [4, 0].
    table = np.array([[9, 1, 1], [9, 1, 1], [0, 1, 2], [1, 2, 0]])
    record = metrics.r_precision(Matcher(table), IDS, np.zeros((4, 2, 2, 3)))
    assert record.value == 2 / 4
    assert record.details == {"candidates": 3, "chance": 1 / 3}
    assert record.num_fake == 4
    more = np.concatenate([IDS, [[5, 5]]])
    table = np.concatenate([table, [[0], [0], [7], [0]]], 1)
    record = metrics.r_precision(Matcher(table), IDS, np.zeros((4, 1)), more)
    assert record.value == 1 / 4


def test_sentences_that_mean_the_same_are_not_held_against_each_other():
    # Candidates in order: "red hair", "hair red", "blue", "azure".
    ids = TEXT.check(["red hair", "hair red", "blue", "azure"])
    table = np.array([[5, 9, 1, 1], [9, 5, 1, 1], [1, 6, 5, 9], [1, 6, 9, 7]])
    synonyms = [["red hair", "hair red"], ["blue", "azure"], ["red", "hair"]]
    fake = np.zeros((4, 1))
    plain = metrics.r_precision(Matcher(table), ids, fake)
    assert plain.value == 0
    assert plain.details == {"candidates": 4, "chance": 1 / 4}
    # Images 0, 1 and 3 match their own best but for its synonym; of image 2
    # "hair red" is nearer.
    record = metrics.r_precision(Matcher(table), ids, fake, synonyms=synonyms)
    assert record.value == 3 / 4
    assert record.details == {"candidates": 4, "chance": 1 / 3}
    # "red hair" stands among three, "azure" among four.
    some = {"candidates": ids, "synonyms": synonyms[:1]}
    record = metrics.r_precision(
        Matcher(table[[0, 3]]), ids[[0, 3]], fake[:2], **some
    )
    assert record.value == 1 / 2
    assert record.details["chance"] == pytest.approx((1 / 3 + 1 / 4) / 2)
    with pytest.raises(ValueError, match="2 that mean the same as all"):
        metrics.r_precision(
            Matcher(table), ids[:2], fake[:2], synonyms=synonyms
        )


@pytest.mark.parametrize(
    ("prompts", "candidates", "received"),
    [
        (IDS[:3], None, "Received: 4 images, 3 prompts"),
        (IDS, IDS[:2], "1 prompts that are not"),
        (IDS[[0, 0, 0, 0]], None, "Received: 1 distinct"),
    ],
)
def test_r_precision_refuses(prompts, candidates, received):
    with pytest.raises(ValueError, match=received):
        metrics.r_precision(None, prompts, np.zeros((4, 1)), candidates)


def classifier():
    """Says 1 for hair where red is above 0, and for eyes where blue is."""
    images = keras.Input((1, 1, 3))
    values = layers.Flatten()(images)
    outputs = {}
    for name in ("hair", "eyes"):
        outputs[name] = layers.Dense(2, use_bias=False, name=name)(values)
    model = keras.Model(images, outputs, name="judge")
    for name, place in (("hair", 0), ("eyes", 2)):
        kernel = np.zeros((3, 2))
        kernel[place] = -1.0, 1.0
        model.get_layer(name).set_weights([kernel])
    return model


def test_attribute_accuracy():
    images = np.array(
        [[1, 0, 1], [1, 0, -1], [-1, 0, 1], [-1, 0, -1]], "float32"
    ).reshape(4, 1, 1, 3)
    asked = {"hair": [1, 1, 1, 0], "eyes": [1, 1, 1, 1]}
    record = metrics.attribute_accuracy(asked, images, classifier())
    assert record.value == 1 / 4
    assert record.details == {"hair": 3 / 4, "eyes": 2 / 4}
    assert record.feature_network == "judge"
    for wrong in {"nose": [1, 1, 1, 0]}, {"hair": [1]}:
        with pytest.raises(ValueError, match=r"Received: '\w+' of shape"):
            metrics.attribute_accuracy(wrong, images, classifier())


def test_mean_distances_within_sentences():
    features = [[0.0, 0.0], [3.0, 4.0], [0.0, 8.0], [1.0, 1.0], [7.0, 7.0]]
    groups = [[2, 3], [2, 3], [2, 3], [4, 0], [5, 0]]
    # 5, 8 and 5; the others are alone.
    np.testing.assert_allclose(mean_distances(features, groups), [6.0])
    two = mean_distances(features, [0, 0, 1, 1, 1])
    np.testing.assert_allclose(
        two, [5.0, (50**0.5 + 50**0.5 + 72**0.5) / 3], rtol=1e-6
    )
    with pytest.raises(ValueError, match="Received: 5 images"):
        mean_distances(features, np.arange(5))


def test_prompt_diversity_is_that_of_the_features():
    images = keras.Input((1, 1, 3))
    network = keras.Model(images, layers.Flatten()(images))
    values = np.zeros((4, 1, 1, 3), "float32")
    values[:, 0, 0, 0] = 0.1, 0.7, -0.5, -0.4
    record = metrics.prompt_diversity(IDS[[0, 0, 1, 1]], values, network)
    assert record.value == pytest.approx((0.6 + 0.1) / 2, abs=0.01)
    assert record.details == {"prompts": 2}
