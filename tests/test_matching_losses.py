"""Losses of images and sentences, by hand on a few numbers."""

import math

import numpy as np
import pytest
from keras import ops

from keras_gans import losses


def number(x):
    return float(ops.convert_to_numpy(x))


PROMPTS = np.array([[2, 3, 0], [4, 0, 0], [2, 3, 0], [3, 2, 0]], "int32")


def test_equal_ids_mean_the_same_and_groups_add_to_them():
    same = ops.convert_to_numpy(losses.same_meaning(ops.array(PROMPTS)))
    wanted = np.eye(4, dtype=bool)
    wanted[0, 2] = wanted[2, 0] = True
    np.testing.assert_array_equal(same, wanted)
    groups = np.array([1, 0, 1, 1], "int32")
    grouped = losses.same_meaning(ops.array(PROMPTS), ops.array(groups))
    wanted[np.ix_([0, 2, 3], [0, 2, 3])] = True
    np.testing.assert_array_equal(ops.convert_to_numpy(grouped), wanted)
    # 0 is no group.
    none = losses.same_meaning(ops.array(PROMPTS), ops.array(0 * groups))
    np.testing.assert_array_equal(ops.convert_to_numpy(none), same)


def test_the_wrong_row_is_the_next_of_another_meaning():
    same = losses.same_meaning(ops.array(PROMPTS[[0, 2, 1, 0]]))
    rows, has = map(ops.convert_to_numpy, losses.wrong_rows(same))
    np.testing.assert_array_equal(rows, [2, 2, 3, 2])
    assert has.all()
    # Two rows of one meaning have no wrong one.
    same = losses.same_meaning(ops.array(PROMPTS[[0, 2]]))
    rows, has = map(ops.convert_to_numpy, losses.wrong_rows(same))
    np.testing.assert_array_equal(rows, [0, 1])
    assert not has.any()


RIGHT, WRONG, FAKE = [[0.5], [2.0]], [[-0.25], [9.0]], [[-3.0], [1.0]]


@pytest.mark.parametrize("has_wrong", [[True, True], [True, False]])
def test_matching_hinge(has_wrong):
    logits = [ops.array(x) for x in (RIGHT, WRONG, FAKE)]
    # max(0, 1 - D(x, s)), max(0, 1 + D(x, s')), max(0, 1 + D(G, s)).
    right, wrong, fake = (0.5 + 0.0) / 2, [0.75, 10.0], (0.0 + 2.0) / 2
    wrong = sum(wrong) / 2 if all(has_wrong) else wrong[0]
    found = losses.matching_hinge(*logits, ops.array(has_wrong))
    assert number(found) == pytest.approx(right + (wrong + fake) / 2)


@pytest.mark.parametrize("has_wrong", [[True, True], [False, False]])
def test_matching_cross_entropy(has_wrong):
    def log_of(logit):  # log D, and log(1 - D) for the negative logit
        return math.log(1 / (1 + math.exp(-logit)))

    logits = [ops.array(x) for x in (RIGHT, WRONG, FAKE)]
    right = (log_of(0.5) + log_of(2.0)) / 2
    wrong = (log_of(0.25) + log_of(-9.0)) / 2 if all(has_wrong) else 0.0
    fake = (log_of(3.0) + log_of(-1.0)) / 2
    found = losses.matching_cross_entropy(*logits, ops.array(has_wrong))
    wanted = -right - (wrong + fake) / 2
    assert number(found) == pytest.approx(wanted, rel=1e-5)


def test_divergence_of_the_augmentation():
    found = losses.gaussian_divergence(
        ops.array([[0.0, 2.0]]), ops.array([[0.0, math.log(3.0)]])
    )
    # KL(N(2, 3) || N(0, 1)) = (4 + 3 - 1 - log 3) / 2; the other is 0.
    wanted = (4.0 + 3.0 - 1.0 - math.log(3.0)) / 2 / 2
    assert number(found) == pytest.approx(wanted, rel=1e-5)


def test_word_scores_are_equations_7_to_10():
    rng = np.random.default_rng(0)
    regions = rng.standard_normal((2, 3, 4)).astype("float32")
    words = rng.standard_normal((2, 5, 4)).astype("float32")
    mask = np.array([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0]], "float32")
    found = losses.word_scores(
        *map(ops.array, (regions, words, mask)), 4.0, 5.0
    )
    for n in range(2):
        for m in range(2):
            e = words[m, mask[m] > 0].astype("float64")
            s = np.exp(e @ regions[n].T)
            s = s / s.sum(0)  # over the words
            alpha = np.exp(4.0 * s)
            alpha /= alpha.sum(1, keepdims=True)  # over the regions
            c = alpha @ regions[n]
            lengths = np.linalg.norm(c, axis=1) * np.linalg.norm(e, axis=1)
            cosines = (c * e).sum(1) / lengths
            wanted = np.log(np.exp(5.0 * cosines).sum()) / 5.0
            assert number(found[n, m]) == pytest.approx(wanted, rel=1e-4)


def test_sentence_scores_are_cosines():
    images = ops.array([[3.0, 4.0], [0.0, 2.0]])
    sentences = ops.array([[1.0, 0.0], [0.0, 5.0]])
    found = losses.sentence_scores(images, sentences)
    np.testing.assert_allclose(
        ops.convert_to_numpy(found), [[0.6, 0.8], [0.0, 1.0]], atol=1e-6
    )


def test_batch_matching_loss_is_equations_11_to_13():
    scores = np.array([[2.0, 1.0, 5.0], [0.0, 3.0, 1.0], [4.0, 0.5, 1.5]])
    same = np.eye(3, dtype=bool)
    same[0, 2] = same[2, 0] = True
    total = 0.0
    for i in range(3):
        for logits in (scores[i], scores[:, i]):  # of sentences, of images
            counted = [j for j in range(3) if j == i or not same[i, j]]
            total -= logits[i] - np.log(np.exp(logits[counted]).sum())
    found = losses.batch_matching_loss(
        ops.array(scores, "float32"), ops.array(same)
    )
    assert number(found) == pytest.approx(total / 3, rel=1e-5)
