"""Hostile presets cost neither memory nor files nor time."""

import os
import resource
import threading
import time
import tracemalloc

import hostile
import keras
import pytest
from small_gans import same_images

import keras_gans
from keras_gans.presets import Limits, load_preset
from keras_gans.presets.folder import COMMIT
from keras_gans.presets.origins.sources import cache, find

ARCHIVES = [
    (hostile.tar_bomb, "x.tar.gz", 1500, r"at most 1,073,741,824 bytes"),
    (hostile.zip_bomb, "x.zip", 1500, r"at most 1,073,741,824 bytes"),
    (hostile.sparse_bomb, "x.tar.gz", 1500, r"at most 1,073,741,824 bytes"),
    (hostile.long_header, "x.tar.gz", 64, r"a header of 67,10"),
    (hostile.many_members, "x.tar", 1001, r"at most 1,000 members"),
    (hostile.many_zip_members, "x.zip", 1001, r"at most 1,000 members"),
    (hostile.long_directory, "x.zip", 10**5, r"at most 1,000 members"),
]


@pytest.mark.parametrize("make, name, size, message", ARCHIVES)
def test_archives(make, name, size, message, preset, tmp_path):
    path = tmp_path / name
    make(path, preset, size)
    assert path.stat().st_size < 10e6
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=rf"{message}.*Received: /"):
            find(path)
        assert tracemalloc.get_traced_memory()[1] < 10e6
    finally:
        tracemalloc.stop()
    assert not list(cache().glob("*"))


ALLOWED = [
    (hostile.tar_bomb, "x.tar.gz", 40, {"bytes": 2**26}, {"bytes": 2**25}),
    (hostile.zip_bomb, "x.zip", 40, {"bytes": 2**26}, {"bytes": 2**25}),
    (hostile.many_members, "x.tar", 99, {"members": 103}, {"members": 102}),
    (hostile.many_zip_members, "x.zip", 99, {"members": 102}, {"members": 101}),
]


@pytest.mark.parametrize("make, name, size, enough, too_few", ALLOWED)
def test_limits_of_archives(
    make, name, size, enough, too_few, preset, gan, tmp_path
):
    make(tmp_path / name, preset, size)
    with pytest.raises(ValueError, match=rf"Limits\({next(iter(enough))}="):
        find(tmp_path / name, Limits(**too_few))
    loaded = load_preset(
        keras_gans.GAN, tmp_path / name, limits=Limits(**enough)
    )
    assert same_images(loaded, gan)


WEIGHTS = [
    (hostile.large_array, r"at most 1,073,741,824 bytes"),
    (hostile.many_numbers, r"at most 500,000,000 weights"),
    (hostile.soft_link, r"plain numbers"),
    (hostile.external_link, r"plain numbers"),
    (hostile.external_array, r"plain numbers"),
    (hostile.virtual_array, r"plain numbers"),
    (hostile.objects, r"plain numbers"),
    (hostile.not_hdf5, r"damaged, or no HDF5 file"),
    (hostile.half_hdf5, r"damaged, or no HDF5 file"),
    (hostile.garbled_hdf5, r"damaged, or no HDF5 file|do not fit"),
]


@pytest.mark.parametrize("make, message", WEIGHTS)
def test_files_of_weights(make, message, preset):
    make(preset / "model.weights.h5")
    hostile.sign(preset)
    with pytest.raises(ValueError, match=rf"(?s){message}.*Received: .*small"):
        load_preset(keras_gans.GAN, preset)


CONFIGURATIONS = [
    {"units": 60_000},
    {"latent_dim": 10**9},
    {"image_shape": [60_000, 60_000, 3]},
    {"units": 10**9},
]


@pytest.mark.parametrize("arguments", CONFIGURATIONS)
def test_configurations_of_more_weights_than_there_are(arguments, preset):
    hostile.configure(preset, **arguments)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ValueError, match=r"more than .* weights.*Received:"):
        load_preset(keras_gans.GAN, preset)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 100_000  # kB
    # Layers that are made afterwards are nobody's business.
    assert keras.layers.Layer.add_weight.__name__ == "add_weight"
    assert keras_gans.presets.limits._LOCK.acquire(blocking=False)
    keras_gans.presets.limits._LOCK.release()


def test_a_deep_configuration_of_own_networks(preset):
    network = keras.Sequential([keras.Input((4,))])
    for _ in range(100):
        network.add(keras.layers.Dense(4))
    network.add(keras.layers.Dense(256))
    network.add(keras.layers.Reshape((16, 16, 1)))
    config = keras.saving.serialize_keras_object(network)
    config["config"]["layers"][1]["config"]["units"] = 10**8
    hostile.configure(preset, generator=config)
    with pytest.raises(ValueError, match=r"more than .* weights.*Received:"):
        load_preset(keras_gans.GAN, preset)


def test_the_limit_of_parameters_can_be_raised_and_lowered(preset, gan):
    limits = Limits(parameters=1000)
    with pytest.raises(ValueError, match=r"Limits\(parameters=.*Received:"):
        load_preset(keras_gans.GAN, preset, limits=limits)
    limits = Limits(parameters=100_000)
    loaded = load_preset(keras_gans.GAN, preset, limits=limits)
    assert same_images(loaded, gan)


def test_other_threads_build_while_a_preset_is_loaded(preset):
    built = []

    def build():
        for _ in range(20):
            layer = keras.layers.Dense(1000)
            layer.build((None, 1000))
            built.append(layer)

    thread = threading.Thread(target=build)
    thread.start()
    for _ in range(3):
        load_preset(keras_gans.GAN, preset)
    thread.join()
    assert len(built) == 20


@pytest.mark.parametrize("name", ["config.json", "metadata.json"])
def test_large_json(name, preset):
    with open(preset / name, "a") as file:
        file.write(" " * 2**24)
    if name == "config.json":
        hostile.sign(preset)
    with pytest.raises(ValueError, match=rf"{name}.*16,777,216 bytes.*Receiv"):
        load_preset(keras_gans.GAN, preset)


SERVERS = [
    (hostile.without_end, {"bytes": 10**6}, ValueError, "at most 1,000,000"),
    (hostile.large_configuration, {}, ValueError, "at most 16,777,216 bytes"),
    (hostile.a_byte_at_a_time, {"seconds": 1}, OSError, "within 1 seconds"),
    (hostile.headers_without_end, {"seconds": 1}, OSError, "within 1 seconds"),
    (hostile.silent, {"seconds": 1}, OSError, "within 1 seconds"),
    (hostile.negative_length, {}, ValueError, "declare a length"),
    (hostile.length_in_words, {}, ValueError, "declare a length"),
    (hostile.huge_length, {}, ValueError, "at most 16,777,216 bytes"),
    (hostile.too_short, {}, OSError, "ended after 2 of 1,000 bytes"),
]


@pytest.mark.parametrize("respond, limits, error, message", SERVERS)
@pytest.mark.parametrize("ending", ["", ".zip"])
def test_servers(respond, limits, error, message, ending):
    message = message.replace("16,777,216", ".*") if ending else message
    if ending and respond is hostile.large_configuration:  # zeros are no tar
        error, message = FileNotFoundError, "The archive has no folder"
    started = time.monotonic()
    with (
        hostile.serving(respond) as url,
        pytest.raises(error, match=rf"{message}.*Received: "),
    ):
        find(url + ending, Limits(**limits))
    assert time.monotonic() - started < 10
    assert not list(cache().glob("*"))


def test_the_time_is_that_of_all_files_together(preset):
    def respond(handler):
        time.sleep(0.7)
        data = (preset / handler.path.rpartition("/")[2]).read_bytes()
        hostile.send(handler, ("Content-Length", str(len(data))))
        handler.wfile.write(data)

    with hostile.serving(respond) as url:
        with pytest.raises(OSError, match=r"within 1.5 seconds"):
            find(url, Limits(seconds=1.5))
        find(url, Limits(seconds=30))


def test_the_index_knows_the_sizes_of_built_in_presets(zoo, monkeypatch):
    sizes = keras_gans.list_presets()["small_gan"]["sizes"]
    weights = zoo / "small_gan" / "model.weights.h5"
    assert sizes["model.weights.h5"] == weights.stat().st_size
    with pytest.raises(ValueError, match=r"Received: small_gan of"):
        find("small_gan", Limits(bytes=1000))
    monkeypatch.setenv("KERAS_GANS_ZOO", str(zoo))
    with open(weights, "ab") as file:
        file.write(bytes(10))
    with pytest.raises(ValueError, match=r"model.weights.h5.* bytes.*Received"):
        find("small_gan")


def linked_commit(folder, other):
    (folder / COMMIT).symlink_to(other)


def commit_of_a_link(folder, other):
    (folder / COMMIT).mkdir()
    (folder / COMMIT / "config.json").symlink_to(other / "config.json")


def commit_of_other_files(folder, other):
    (folder / COMMIT).mkdir()
    (folder / COMMIT / "script.py").write_text("print(1)")


def commit_of_a_folder(folder, other):
    (folder / COMMIT / "config.json").mkdir(parents=True)


def commit_that_is_a_file(folder, other):
    (folder / COMMIT).write_text("")


@pytest.mark.parametrize(
    "make",
    [
        linked_commit,
        commit_of_a_link,
        commit_of_other_files,
        commit_of_a_folder,
        commit_that_is_a_file,
    ],
)
def test_links_and_other_files_in_place_of_a_save(make, preset, gan, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    for name in ("config.json", "diary.txt"):
        (other / name).write_text("mine")
    make(preset, other)
    before = sorted(os.listdir(preset))
    for use in (find, gan.save_to_preset):
        with pytest.raises(ValueError, match=r"preset-commit.*Received:"):
            use(preset)
    assert sorted(os.listdir(preset)) == before
    assert sorted(os.listdir(other)) == ["config.json", "diary.txt"]
