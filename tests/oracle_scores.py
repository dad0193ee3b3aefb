"""The numbers that other libraries give for two folders of images.

Each function takes a folder that holds the folders `real` and `fake`, the
weights of the network, how many images a subset of KID has, a seed, and how
wide the features are to be. It gives the library's own numbers, and those of
the package prdc on its features.
"""

import importlib.util
from unittest import mock

import numpy as np
from oracles import (
    clean_fid_extractor,
    import_oracle,
    pytorch_fid_network,
    torch_fidelity_network,
)

K = {"precision": 3, "recall": 3, "density": 5, "coverage": 5}
"""Neighbours, in the papers."""


def by_prdc(real, fake):
    """Precision, recall, density and coverage, by the package prdc."""
    prdc = import_oracle("prdc")
    by_k = {k: prdc.compute_prdc(real, fake, k) for k in set(K.values())}
    return {name: float(by_k[k][name]) for name, k in K.items()}


def pytorch_fid(folder, weights, subset_size, seed, dims=768):
    """FID by pytorch-fid, whose features prdc gets."""
    fid_score = import_oracle("pytorch_fid.fid_score")
    network = pytorch_fid_network(weights, dims)
    real, fake = (
        fid_score.get_activations(
            sorted((folder / side).iterdir()), network, 50, dims, num_workers=0
        )
        for side in ("real", "fake")
    )
    moments = [m(f) for f in (real, fake) for m in (_mean, _covariance)]
    value = fid_score.calculate_frechet_distance(*moments)
    return {"fid": float(value)}, by_prdc(real, fake)


def _mean(features):
    return features.mean(axis=0)


def _covariance(features):
    return np.cov(features, rowvar=False)


def clean_fid(folder, weights, subset_size, seed, dims=768):
    """FID and KID by clean-fid, whose features prdc gets."""
    fid = import_oracle("cleanfid.fid")
    real, fake = (
        fid.get_folder_features(
            str(folder / side),
            clean_fid_extractor(weights, dims),
            num_workers=0,
            batch_size=50,
            device="cpu",
            mode="clean",
            verbose=False,
        )
        for side in ("real", "fake")
    )
    # It draws from NumPy's global state, first of its second argument.
    np.random.seed(seed)
    kid = fid.kernel_distance(
        fake.astype("float64"),
        real.astype("float64"),
        max_subset_size=subset_size,
    )
    value = {"fid": float(fid.fid_from_feats(real, fake)), "kid": kid}
    return value, by_prdc(real, fake)


def torch_fidelity(folder, weights, subset_size, seed, dims=768):
    """FID, KID, precision and recall by torch-fidelity."""
    fidelity = import_oracle("torch_fidelity")
    network = torch_fidelity_network(weights, dims)
    registry = import_oracle("torch_fidelity.registry")
    extractors = registry.FEATURE_EXTRACTORS_REGISTRY
    same = mock.patch.dict(extractors, same=lambda *_, **__: network)
    layers = {f"feature_layer_{m}": str(dims) for m in ("fid", "kid", "prc")}

    def calculate(first, second, **metrics):
        return fidelity.calculate_metrics(
            input1=str(folder / first),
            input1_cache_name=first,
            input2=str(folder / second),
            input2_cache_name=second,
            cache_root=str(folder / "cache"),
            feature_extractor="same",
            batch_size=50,
            cuda=False,
            save_cpu_ram=True,
            verbose=False,
            rng_seed=seed,
            kid_subset_size=subset_size,
            **layers,
            **metrics,
        )

    with same:
        result = calculate("real", "fake", fid=True, kid=True)
        manifolds = {}
        if importlib.util.find_spec("torch_fidelity.metric_prc"):  # from 0.4 on
            manifolds = calculate("fake", "real", prc=True)
    return {
        "fid": result["frechet_inception_distance"],
        "kid": result["kernel_inception_distance_mean"],
        **{name: manifolds[name] for name in manifolds if name in K},
    }, {}
