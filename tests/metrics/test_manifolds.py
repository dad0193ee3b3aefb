"""Precision, recall, density and coverage."""

import tracemalloc

import numpy as np
import pytest
from oracles import oracle

from keras_gans.metrics import (
    closeness,
    density_and_coverage,
    improved_precision_and_recall,
)
from keras_gans.metrics.distances import neighbours

# Radii with k = 1: of reals 1, 1, 2; of fakes 0.4, 0.4, 8.1.
REAL, FAKE = np.array([[0.0], [1.0], [3.0]]), np.array([[0.5], [0.9], [9.0]])


def test_precision_and_recall_by_hand():
    # 9 is far from all reals; 0 lies in no fake's ball.
    found = improved_precision_and_recall(REAL, FAKE, k=1)
    assert found == pytest.approx((2 / 3, 2 / 3), rel=1e-12)


def test_density_and_coverage_by_hand():
    # Two balls hold two fakes each, and the third none.
    found = density_and_coverage(REAL, FAKE, k=1)
    assert found == pytest.approx((4 / 3, 2 / 3), rel=1e-12)


def test_sides_are_not_swapped():
    # All fakes at one of two places where reals are.
    rng = np.random.default_rng(0)
    real = rng.normal(size=(400, 2)) + np.repeat([[0], [50]], 200, axis=0)
    fake = rng.normal(size=(400, 2))
    precision, recall = improved_precision_and_recall(real, fake)
    assert precision > 0.9
    assert 0.4 < recall <= 0.5
    density, coverage = density_and_coverage(real, fake)
    assert density > 0.9
    assert 0.4 < coverage <= 0.5


@pytest.mark.parametrize("k", [1, 3, 5])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.oracle
def test_agrees_with_prdc(k, dtype, capsys):
    compute_prdc = oracle("prdc").compute_prdc
    rng = np.random.default_rng(k)
    real = rng.normal(size=(300, 16)).astype(dtype)
    fake = (rng.normal(size=(220, 16)) * 0.8 + 0.2).astype(dtype)
    theirs = compute_prdc(real, fake, nearest_k=k)
    ours = (
        *improved_precision_and_recall(real, fake, k),
        *density_and_coverage(real, fake, k),
    )
    assert ours == pytest.approx(tuple(theirs.values()), rel=1e-12)
    assert min(ours) > 0.0


def test_blocks_change_nothing(monkeypatch):
    rng = np.random.default_rng(1)
    real, fake = rng.normal(size=(90, 5)), rng.normal(size=(70, 5)) + 1
    whole = improved_precision_and_recall(real, fake)
    whole += density_and_coverage(real, fake)
    monkeypatch.setattr(neighbours, "BLOCK", 500)
    found = improved_precision_and_recall(real, fake)
    found += density_and_coverage(real, fake)
    assert found == whole


@pytest.mark.parametrize(
    "measure", [improved_precision_and_recall, density_and_coverage, closeness]
)
def test_no_more_than_a_few_blocks_are_in_memory(measure, monkeypatch):
    # All distances would be 32 MB, a block is 0.4 MB.
    monkeypatch.setattr(neighbours, "BLOCK", 50_000)
    rng = np.random.default_rng(2)
    real, fake = rng.normal(size=(2000, 2)), rng.normal(size=(2000, 2))
    tracemalloc.start()
    measure(real, fake)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2.5e6


@pytest.mark.parametrize(
    "measure", [improved_precision_and_recall, density_and_coverage]
)
def test_bad_input(measure):
    with pytest.raises(ValueError, match="Received: k=3, 3 images"):
        measure(REAL, FAKE, k=3)
    with pytest.raises(ValueError, match="`fake` must be finite"):
        measure(REAL, np.array([[0.5], [np.nan], [9.0]]), k=1)
    with pytest.raises(ValueError, match="Received: 1 and 2"):
        measure(REAL, np.zeros((9, 2)), k=1)
