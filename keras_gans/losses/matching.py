"""Losses of images and sentences that match or do not, as pure functions.

`same` is bool (N, N): whether the sentences of two rows mean the same, as
`same_meaning` returns it. A row and itself mean the same.
"""

from typing import Any

from keras import ops

LEFT_OUT = -1e9
"""What stands for a score that a softmax is to leave out."""


def same_meaning(prompts: Any, groups: Any = None) -> Any:
    """Returns whether the sentences of two rows mean the same, bool (N, N).

    Args:
        prompts: Ids (N, L): equal ids mean the same.
        groups: Whole numbers (N,): rows of one number above 0 mean the same
            too. None for none.
    """
    same = ops.all(ops.equal(prompts[:, None], prompts[None]), axis=-1)
    if groups is None:
        return same
    alike = ops.equal(groups[:, None], groups[None])
    return ops.logical_or(
        same, ops.logical_and(alike, ops.greater(groups, 0)[None])
    )


def wrong_rows(same: Any) -> tuple[Any, Any]:
    """Finds for each row the next one of the batch with another meaning.

    After the last row comes the first.

    Args:
        same: As above.

    Returns:
        The numbers of the rows (N,), and whether there is one, bool (N,);
        where there is none the number is the row's own.
    """
    num = ops.shape(same)[0]
    places = ops.arange(num)
    ahead = ops.mod(places[None] - places[:, None], num)
    ahead = ops.min(ops.where(same, num, ahead), axis=1)
    return ops.mod(places + ahead, num), ops.less(ahead, num)


def mean_where(values: Any, counted: Any) -> Any:
    """Returns the mean of the counted rows, and 0 where none counts.

    Args:
        values: (N, 1) or (N,).
        counted: bool (N,).
    """
    values = ops.reshape(values, (-1,))
    counted = ops.cast(counted, values.dtype)
    return ops.sum(values * counted) / ops.maximum(ops.sum(counted), 1.0)


def matching_cross_entropy(
    right: Any, wrong: Any, fake: Any, has_wrong: Any
) -> Any:
    """Returns what GAN-CLS's discriminator minimises.

    Reed et al. 2016, algorithm 1, for probabilities sigmoid(logits):
    -E[log D(x, s)] - (E[log(1 - D(x, s'))] + E[log(1 - D(G(z, s), s))]) / 2.

    Args:
        right: Logits (N, 1) of real images with their sentences s.
        wrong: Logits of real images with sentences s' of other images.
        fake: Logits of generated images with the sentences s.
        has_wrong: bool (N,): the rows where s' means something else.
    """
    refused = mean_where(ops.softplus(wrong), has_wrong)
    refused += ops.mean(ops.softplus(fake))
    return ops.mean(ops.softplus(-right)) + refused / 2.0


def matching_hinge(right: Any, wrong: Any, fake: Any, has_wrong: Any) -> Any:
    """Returns what DF-GAN's discriminator minimises, without its penalty.

    Tao et al. 2022, equation 1: E[max(0, 1 - D(x, s))]
    + (E[max(0, 1 + D(x, s'))] + E[max(0, 1 + D(G(z, s), s))]) / 2.

    Args:
        right: Logits (N, 1) of real images with their sentences s.
        wrong: Logits of real images with sentences s' of other images.
        fake: Logits of generated images with the sentences s.
        has_wrong: bool (N,): the rows where s' means something else.
    """
    refused = mean_where(ops.relu(1.0 + wrong), has_wrong)
    refused += ops.mean(ops.relu(1.0 + fake))
    return ops.mean(ops.relu(1.0 - right)) + refused / 2.0


def gaussian_divergence(mean: Any, log_variance: Any) -> Any:
    """Returns KL(N(mean, variance) || N(0, 1)), a mean over all numbers.

    Zhang et al. 2017 (StackGAN), equation 2, which sums over the dimensions:
    E[mean^2 + variance - 1 - log variance] / 2.
    """
    variance = ops.exp(log_variance)
    terms = ops.square(mean) + variance - 1.0 - log_variance
    return ops.mean(terms) / 2.0


def sentence_scores(images: Any, sentences: Any) -> Any:
    """Returns the cosine of each image's and each sentence's features.

    Xu et al. 2018, section 3.2: R(Q, D) of whole images and sentences.

    Args:
        images: (N, D).
        sentences: (M, D).

    Returns:
        (N, M), in [-1, 1].
    """
    return ops.matmul(unit(images), ops.transpose(unit(sentences)))


def word_scores(
    regions: Any, words: Any, mask: Any, gamma1: float, gamma2: float
) -> Any:
    """Returns how well each image's regions match each sentence's words.

    Xu et al. 2018, equations 7 to 10. Every word attends to regions v_j:
    s = e^T v, of which a softmax is taken over the words, and then, times
    gamma1, over the regions. With c_i what the word e_i attends to, the score
    is R(Q, D) = log(sum_i exp(gamma2 cos(c_i, e_i)))^(1 / gamma2). (The
    authors' code leaves the root out.)

    Args:
        regions: (N, R, D).
        words: (M, L, D).
        mask: (M, L), 1 for words and 0 for padding.
        gamma1: How much attention prefers the best regions.
        gamma2: How much the best words count.

    Returns:
        (N, M).
    """
    padding = LEFT_OUT * (1.0 - ops.cast(mask, words.dtype))  # (M, L)
    products = ops.einsum("nrd,mld->nmlr", regions, words)
    shares = ops.softmax(products + padding[None, :, :, None], axis=2)
    attention = ops.softmax(gamma1 * shares, axis=3)
    contexts = ops.einsum("nmlr,nrd->nmld", attention, regions)
    cosines = ops.sum(unit(contexts) * unit(words)[None], axis=-1)
    return ops.logsumexp(gamma2 * cosines + padding[None], axis=-1) / gamma2


def batch_matching_loss(scores: Any, same: Any) -> Any:
    """Returns -E[log P(D_i | Q_i)] - E[log P(Q_i | D_i)] of a batch.

    Xu et al. 2018, equations 11 to 13, as means over the batch: P is a
    softmax over the batch's sentences, or over its images. Sentences that
    mean the same as the image's own are not among the wrong ones.

    Args:
        scores: gamma3 R(Q_i, D_j), of images i and sentences j, (N, N).
        same: As above.
    """
    own = ops.eye(ops.shape(scores)[0], dtype=scores.dtype)
    others = ops.cast(same, scores.dtype) - own
    scores = scores + LEFT_OUT * others
    found = [ops.log_softmax(scores, axis=axis) for axis in (0, 1)]
    return -sum(ops.sum(own * logs) for logs in found) / ops.sum(own)


def unit(x: Any) -> Any:
    """Returns vectors (..., D) of length 1, or of 0 where they are 0."""
    squares = ops.sum(ops.square(x), axis=-1, keepdims=True)
    return x * ops.rsqrt(ops.maximum(squares, 1e-12))
