import json
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest
from oracles import oracle

from keras_gans import metrics


def pictures(num, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (num, 8, 8, 1)).astype("uint8")


def make_network(name="halves", columns=4):
    inputs = keras.Input((8, 8, 1))
    halves = keras.layers.AveragePooling2D((8, columns))(inputs)
    return keras.Model(inputs, keras.layers.Flatten()(halves), name=name)


@pytest.fixture(scope="module")
def network():
    return metrics.FeatureExtractor(make_network())


@pytest.fixture
def statistics(network):
    return metrics.feature_statistics(pictures(40), network)


@pytest.fixture
def file(statistics, tmp_path):
    metrics.save_statistics(statistics, tmp_path / "ours.npz")
    return tmp_path / "ours.npz"


def test_what_is_read_is_what_was_written(statistics, file, network):
    for read in (
        metrics.load_statistics(file),
        metrics.load_statistics(str(file), network),
    ):
        assert read.origin == statistics.origin
        assert read.gaussian.count == 40
        np.testing.assert_array_equal(
            read.gaussian.mean, statistics.gaussian.mean
        )
        np.testing.assert_allclose(
            read.gaussian.covariance, statistics.gaussian.covariance, 1e-14
        )
    fake = pictures(30, seed=1) // 2
    record = metrics.fid(read, fake, network)
    expected = metrics.fid(pictures(40), fake, network)
    assert record.value == pytest.approx(expected.value, rel=1e-9)
    assert record.real_checksum == expected.real_checksum


def test_more_images_can_be_added_to_a_file(file, network):
    read = metrics.load_statistics(file).gaussian
    read.update(network(pictures(30, seed=1)))
    both = np.concatenate([pictures(40), pictures(30, seed=1)])
    whole = metrics.feature_statistics(both, network).gaussian
    # Batches of other sizes round their float32 features otherwise.
    np.testing.assert_allclose(read.mean, whole.mean, 1e-6)
    np.testing.assert_allclose(read.covariance, whole.covariance, 1e-5)


def test_it_holds_no_pickles(file):
    with np.load(file, allow_pickle=False) as arrays:
        kinds = {name: array.dtype.kind for name, array in arrays.items()}
    assert kinds == {"mu": "f", "sigma": "f", "count": "i", "origin": "U"}


@pytest.mark.oracle
def test_pytorch_fid_reads_ours_and_we_read_its(
    statistics, file, network, tmp_path
):
    fid_score = oracle("pytorch_fid.fid_score")
    mu, sigma = fid_score.compute_statistics_of_path(
        str(file), model=None, batch_size=1, dims=2, device="cpu"
    )
    np.testing.assert_array_equal(mu, statistics.gaussian.mean)
    np.testing.assert_array_equal(sigma, statistics.gaussian.covariance)

    # As its `save_fid_stats` ends.
    np.savez_compressed(tmp_path / "theirs.npz", mu=mu, sigma=sigma)
    read = metrics.load_statistics(tmp_path / "theirs.npz", network)
    assert (read.origin.images, read.origin.resize) == ("theirs.npz", None)
    assert read.origin.feature_network == "halves"
    np.testing.assert_array_equal(read.gaussian.covariance, sigma)


@pytest.mark.oracle
def test_clean_fid_reads_ours_and_we_read_its(
    statistics, network, tmp_path, monkeypatch
):
    fid = oracle("cleanfid.fid")
    cleanfid = oracle("cleanfid")
    monkeypatch.setattr(cleanfid, "__file__", str(tmp_path / "__init__.py"))
    ours = tmp_path / "stats" / "ours_clean_custom_na.npz"
    metrics.save_statistics(statistics, ours)
    mu, sigma = fid.get_reference_statistics("ours", "na", split="custom")
    np.testing.assert_array_equal(mu, statistics.gaussian.mean)
    np.testing.assert_array_equal(sigma, statistics.gaussian.covariance)

    features = network(pictures(40))
    monkeypatch.setattr(fid, "get_folder_features", lambda *a, **k: features)
    monkeypatch.setattr(fid, "build_feature_extractor", lambda *a, **k: None)
    fid.make_custom_stats("theirs", str(tmp_path))
    theirs = tmp_path / "stats" / "theirs_clean_custom_na.npz"
    read = metrics.load_statistics(theirs, network, num_images=40)
    assert read.gaussian.count == 40
    np.testing.assert_allclose(
        read.gaussian.covariance, statistics.gaussian.covariance, 1e-5
    )


@pytest.mark.oracle
def test_torch_fidelity_reads_ours_and_we_read_its(
    statistics, network, tmp_path, monkeypatch
):
    # Of 0.3.0: its file of NumPy arrays is none of weights alone.
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    torch_fidelity = oracle("torch_fidelity")
    import torch

    class Halves(torch_fidelity.FeatureExtractorBase):
        def __init__(self, name, features_list, **kwargs):
            super().__init__(name, features_list)

        def forward(self, images):
            features = network(images.numpy().transpose(0, 2, 3, 1))
            return (torch.from_numpy(features),)

        @staticmethod
        def get_provided_features_list():
            return ("2",)

        @staticmethod
        def get_default_feature_layer_for_metric(metric):
            return "2"

    class Dataset(torch.utils.data.Dataset):
        def __init__(self, images):
            self.images = torch.from_numpy(images.transpose(0, 3, 1, 2).copy())

        def __len__(self):
            return len(self.images)

        def __getitem__(self, index):
            return self.images[index]

    torch_fidelity.register_feature_extractor("halves", Halves)
    fakes = pictures(30, seed=1) // 2

    def score(name):
        # Other images than its name says: they must not be looked at.
        return torch_fidelity.calculate_metrics(
            input1=Dataset(pictures(9)),
            input1_cache_name=name,
            input2=Dataset(fakes),
            input2_cache_name="fakes",
            cache_root=str(tmp_path),
            feature_extractor="halves",
            feature_layer_fid="2",
            save_cpu_ram=True,
            verbose=False,
            fid=True,
            cuda=False,
        )["frechet_inception_distance"]

    metrics.save_statistics(statistics, tmp_path / "ours-halves-stat-fid-2.pt")
    expected = metrics.fid(statistics, fakes, network).value
    assert score("ours") == pytest.approx(expected, rel=1e-5)

    theirs = tmp_path / "fakes-halves-stat-fid-2.pt"
    read = metrics.load_statistics(theirs, network, num_images=30)
    again = metrics.fid(statistics, read, network)
    assert again.value == pytest.approx(expected, rel=1e-5)
    assert again.num_fake == 30


def test_a_pt_file_runs_no_code(tmp_path, network):
    torch = pytest.importorskip("torch")

    class Evil:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "ran",))

    torch.save({"mu": Evil(), "sigma": Evil()}, tmp_path / "evil.pt")
    with pytest.raises(ValueError, match=r"damaged.*Received: .*evil\.pt"):
        metrics.load_statistics(tmp_path / "evil.pt", network)
    assert not (tmp_path / "ran").exists()


def test_an_unknown_number_of_images_stays_unknown(
    statistics, network, tmp_path
):
    gaussian = statistics.gaussian
    np.savez(tmp_path / "x.npz", mu=gaussian.mean, sigma=gaussian.covariance)
    read = metrics.load_statistics(tmp_path / "x.npz", network)
    fakes = pictures(30, seed=1)
    record = metrics.fid(read, fakes, network)
    assert record.value == pytest.approx(
        metrics.fid(statistics, fakes, network).value, rel=1e-9
    )
    assert json.loads(record.to_json())["num_real"] is None
    assert record.real == "x.npz"
    assert record.real_checksum.startswith("file:")
    with pytest.raises(ValueError, match=r"unknown number.*Received: 2 more"):
        read.gaussian.update(np.zeros((2, 2)))


def test_another_network_or_dimension(file, network, tmp_path):
    other = metrics.FeatureExtractor(make_network("quarters", columns=2))
    with pytest.raises(
        ValueError, match=r"'quarters' has 4 features.*ours\.npz of 2$"
    ):
        metrics.load_statistics(file, other)
    changed = metrics.FeatureExtractor(make_network(), checksum="0" * 64)
    with pytest.raises(ValueError, match=r"Received: .* made with 'halves'"):
        metrics.load_statistics(file, changed)


def saved(path, **arrays):
    np.savez(path, **arrays)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"mu": np.zeros(2)}, r"no sigma\. Received: .*\['mu'\]"),
        ({"images": np.zeros(2)}, "no mu and no sigma"),
        ({"mu": np.zeros(2), "sigma": np.eye(3)}, r"\(2,\) and \(3, 3\)"),
        ({"mu": np.zeros((2, 2)), "sigma": np.eye(2)}, r"\(2, 2\) and \(2, 2"),
        ({"mu": np.array([0, np.nan]), "sigma": np.eye(2)}, "must be finite"),
        ({"mu": np.zeros(2), "sigma": np.diag([1, np.inf])}, "must be finite"),
        ({"mu": np.array([None, 1]), "sigma": np.eye(2)}, "damaged"),
        (
            {"mu": np.zeros(2), "sigma": np.eye(2), "origin": np.array("{")},
            "`origin` is damaged",
        ),
    ],
)
def test_bad_contents(tmp_path, network, arrays, message):
    path = tmp_path / "bad.npz"
    np.savez(path, **arrays)
    with pytest.raises(ValueError, match=f"{message}.*") as error:
        metrics.load_statistics(path, network)
    assert "Received: " in str(error.value) and "bad.npz" in str(error.value)


FEW = np.random.default_rng(0).normal(size=(3, 40))  # rank 2 of 40


@pytest.mark.parametrize(
    ("sigma", "message"),
    [
        (-np.eye(40), "must not be negative.*smallest is -1$"),
        (np.diag([1.0] * 39 + [-1e-3]), "must not be negative.*-0.001$"),
        (np.eye(40) + np.eye(40, k=1), "symmetric.*transpose by 1$"),
        (np.eye(40) + 1e-3 * np.eye(40, k=5), "symmetric.*transpose by 0.001$"),
        (np.eye(40) + 2 * (1 - np.eye(40)) * (-1), "semi-definite"),
        (1 - np.eye(40), "semi-definite"),
        (np.eye(40), None),
        (np.zeros((40, 40)), None),
        (np.ones((40, 40)), None),
        (np.cov(FEW.T), None),
        (np.cov(FEW.T).astype("float32"), None),
        (np.cov(1e4 + 1e-4 * FEW.T), None),
    ],
)
@pytest.mark.parametrize("suffix", [".npz", ".pt"])
def test_sigma_must_be_a_covariance(tmp_path, sigma, message, suffix):
    path = tmp_path / f"theirs{suffix}"
    if suffix == ".pt":
        torch = pytest.importorskip("torch", reason="PyTorch writes the file")
        torch.save({"mu": np.zeros(40), "sigma": sigma}, path)
    else:
        np.savez(path, mu=np.zeros(40), sigma=sigma)
    network = keras.Sequential(
        [keras.Input((40, 1, 1)), keras.layers.Flatten()]
    )
    if message is None:
        read = metrics.load_statistics(path, network)
        np.testing.assert_array_equal(read.gaussian.covariance, sigma)
        return
    with pytest.raises(ValueError, match=message) as error:
        metrics.load_statistics(path, network)
    assert f"Received: {path}" in str(error.value)


def test_bad_files(file, network, statistics, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.npz"):
        metrics.load_statistics(tmp_path / "none.npz")
    with pytest.raises(ValueError, match=r"ends in \.npz or \.pt"):
        metrics.load_statistics(tmp_path / "stats.pkl")
    with pytest.raises(ValueError, match=r"ends in \.npz or \.pt"):
        metrics.save_statistics(statistics, tmp_path / "stats")
    data = file.read_bytes()
    for damaged in (b"", b"no archive", data[:-40], data[:200]):
        file.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"damaged.*Received: .*ours"):
            metrics.load_statistics(file, network)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mu.npy", data[:100])
        archive.writestr("sigma.npy", data[:100])
    with pytest.raises(ValueError, match="damaged"):
        metrics.load_statistics(file, network)


def test_a_file_of_another_library_does_not_name_its_network(tmp_path):
    np.savez(tmp_path / "x.npz", mu=np.zeros(2), sigma=np.eye(2))
    with pytest.raises(ValueError, match=r"pass `feature_network`.*x\.npz"):
        metrics.load_statistics(tmp_path / "x.npz")


def test_a_single_image_has_no_statistics(network, tmp_path):
    single = metrics.feature_statistics(pictures(1), network)
    with pytest.raises(ValueError, match=r"at least 2 samples. Received: 1"):
        metrics.save_statistics(single, tmp_path / "x.npz")
    np.savez(tmp_path / "x.npz", mu=np.zeros(2), sigma=np.eye(2))
    with pytest.raises(ValueError, match=r"at least 2 images. Received: 1"):
        metrics.load_statistics(tmp_path / "x.npz", network, num_images=1)
    assert [path.name for path in tmp_path.iterdir()] == ["x.npz"]
