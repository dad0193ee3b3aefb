"""A small part of tests/benchmarks/metrics_agreement.py."""

import numpy as np
import oracle_scores
import oracles
import pytest
import real_images

from keras_gans import data, metrics

DIMS, NUM, SUBSET, SEED = 64, 100, 50, 3
LIBRARIES = {
    "clean": ("cleanfid", oracle_scores.clean_fid),
    "legacy_pytorch": ("pytorch_fid", oracle_scores.pytorch_fid),
    "legacy_tensorflow": ("torch_fidelity", oracle_scores.torch_fidelity),
}


@pytest.fixture(scope="module")
def weights():
    if not real_images.WEIGHTS.is_file():
        pytest.skip(f"there are no weights: {real_images.WEIGHTS}")
    with np.load(real_images.WEIGHTS) as arrays:
        yield dict(arrays)


@pytest.fixture(scope="module")
def sides(tmp_path_factory):
    if not (real_images.SHARED / "data").is_dir():
        pytest.skip(f"there are no real images: {real_images.SHARED}/data")
    folder = tmp_path_factory.mktemp("cifar10")
    real_images.write_sides(real_images.read_cifar10, NUM, folder)
    return folder


@pytest.mark.parametrize("resize", LIBRARIES)
@pytest.mark.oracle
def test_numbers_of_other_libraries(resize, sides, weights, monkeypatch):
    package, theirs = LIBRARIES[resize]
    for name in (package, "prdc"):
        oracles.oracle(name)
    monkeypatch.setenv("KERAS_GANS_INCEPTION", str(real_images.WEIGHTS))
    network = f"inception_{DIMS}"
    network += "" if resize == "clean" else f"/{resize}"

    real, fake = (
        metrics.compute_features(data.load(sides / side), network)
        for side in ("real", "fake")
    )
    records = [
        metrics.fid(real, fake),
        metrics.kid(real, fake, subset_size=SUBSET, seed=SEED),
        *metrics.METRICS["prdc"](real, fake),
    ]
    ours = {record.metric: record.value for record in records}

    own, by_prdc = theirs(sides, weights, SUBSET, SEED, DIMS)
    assert ours["fid"] == pytest.approx(own["fid"], rel=1e-3)
    assert ours["fid"] > 0.1
    for number in (own, by_prdc):
        for name, value in number.items():
            allowed = {"fid": np.inf, "kid": 1e-6}.get(name, 1e-3)
            assert ours[name] == pytest.approx(value, abs=allowed), name
