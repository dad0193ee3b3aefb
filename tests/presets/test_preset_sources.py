"""Names, folders, URLs and hubs lead to the same preset; damage does not."""

import dataclasses
import inspect
import subprocess
import sys
import types

import pytest
from small_gans import same_images

import keras_gans
from keras_gans.presets import index, load_preset
from keras_gans.presets.folder import FILES, VOCABULARY
from keras_gans.presets.limits import Limits
from keras_gans.presets.origins.sources import cache, find


def test_a_folder_its_file_url_and_a_home_path(preset, gan, monkeypatch):
    monkeypatch.setenv("HOME", str(preset.parent))
    for name in (preset, str(preset), preset.as_uri(), f"~/{preset.name}"):
        assert same_images(gan, load_preset(keras_gans.GAN, name))


def test_a_url_is_fetched_once(preset, gan, server):
    url = f"{server.url}/zoo/small_gan/"
    assert same_images(gan, load_preset(keras_gans.GAN, url))
    assert server.requests == [f"/zoo/small_gan/{name}" for name in FILES]
    assert same_images(gan, load_preset(keras_gans.GAN, url))
    assert len(server.requests) == len(FILES)


def test_a_query_stays_with_the_url(preset, server):
    find(f"{server.url}/zoo/small_gan?token=1")
    assert server.requests[0] == f"/zoo/small_gan/{FILES[0]}?token=1"


def test_a_damaged_cache_is_fetched_again(preset, gan, server):
    url = f"{server.url}/zoo/small_gan"
    weights = find(url) / "model.weights.h5"
    weights.write_bytes(weights.read_bytes()[:1000])
    assert same_images(gan, load_preset(keras_gans.GAN, url))
    assert len(server.requests) == 2 * len(FILES)


LOADS = """
import sys
import keras_gans
gan = keras_gans.AdversarialModel.from_preset(sys.argv[1])
print(gan.generate(2, seed=0).tolist())
"""


def test_two_processes_may_load_at_once(preset, gan, server):
    command = [sys.executable, "-c", LOADS, f"{server.url}/zoo/small_gan"]
    processes = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    images = str(gan.generate(2, seed=0).tolist())
    for process in processes:
        assert process.communicate()[0].strip() == images
        assert process.returncode == 0


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file(name, preset, server):
    (preset / name).unlink()
    with pytest.raises(FileNotFoundError, match=f"no {name}. Received:"):
        find(preset)
    with pytest.raises(OSError, match=f"404.*Received: http.*{name}"):
        find(f"{server.url}/zoo/small_gan")


@pytest.mark.parametrize("name", ["config.json", "model.weights.h5"])
@pytest.mark.parametrize("damage", ["flip", "truncate"])
def test_damage(name, damage, preset, server):
    data = bytearray((preset / name).read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 1
    else:
        del data[-1:]
    (preset / name).write_bytes(data)
    for origin in (preset, f"{server.url}/zoo/small_gan"):
        with pytest.raises(ValueError, match=rf"{name}.*SHA-256.*Received:"):
            find(origin)
    assert not list(cache().glob("*"))  # nothing damaged is kept


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"sha256": 1}', "{"])
def test_metadata_that_is_not_ours(text, preset):
    (preset / "metadata.json").write_text(text)
    with pytest.raises(ValueError, match=r"metadata.json.*Received:"):
        find(preset)


def test_a_server_that_is_not_there():
    with pytest.raises(OSError, match=r"could not be fetched.*Received:"):
        find("http://127.0.0.1:1/preset")


def test_a_download_that_breaks_off(preset, server, monkeypatch):
    handler = server.RequestHandlerClass.func
    copy = handler.copyfile
    monkeypatch.setattr(
        handler,
        "copyfile",
        lambda self, source, out: out.write(source.read()[:-1]),
    )
    with pytest.raises(OSError, match=r"ended after .* of .* bytes.*Received:"):
        find(f"{server.url}/zoo/small_gan")
    monkeypatch.setattr(handler, "copyfile", copy)
    find(f"{server.url}/zoo/small_gan")


def test_the_index_is_made_from_the_zoo(zoo):
    (zoo / "only_a_recipe").mkdir()
    built = keras_gans.presets.build_index(zoo)
    assert built == keras_gans.list_presets()
    assert list(built) == ["small_gan"]
    assert built["small_gan"]["class"] == "GAN"
    assert built["small_gan"]["description"] == "A small one."
    assert set(built["small_gan"]["files"]) == set(FILES)


def test_a_name_in_a_checkout(zoo, gan, tmp_path):
    zoo.rename(tmp_path / "checkout")
    assert same_images(gan, load_preset(keras_gans.GAN, "small_gan"))
    assert not cache().exists()


def test_a_name_by_the_default_url(zoo, gan, server, monkeypatch):
    monkeypatch.setattr(index, "ZOO_URL", f"{server.url}/zoo")
    assert same_images(gan, load_preset(keras_gans.GAN, "small_gan"))
    assert find("small_gan").parent == cache()
    assert len(server.requests) == len(FILES)


@pytest.mark.parametrize("kind", ["folder", "file", "http"])
def test_a_name_in_the_zoo_of_the_environment(
    kind, zoo, gan, server, monkeypatch
):
    zoos = {"folder": zoo, "file": zoo.as_uri(), "http": f"{server.url}/zoo"}
    monkeypatch.setenv("KERAS_GANS_ZOO", str(zoos[kind]))
    assert same_images(gan, load_preset(keras_gans.GAN, "small_gan"))


def test_a_name_whose_files_are_not_the_indexed_ones(zoo, server, monkeypatch):
    metadata = zoo / "small_gan" / "metadata.json"
    metadata.write_text(metadata.read_text() + " ")
    for place in (str(zoo), f"{server.url}/zoo"):
        monkeypatch.setenv("KERAS_GANS_ZOO", place)
        with pytest.raises(ValueError, match=r"Received: .*small_gan"):
            find("small_gan")


def test_an_unknown_name_gets_the_nearest(zoo):
    with pytest.raises(ValueError, match=r"\['small_gan'\].*Received: 'smal_g"):
        find("smal_gan")


@pytest.mark.parametrize(
    "name", ["hf://only_a_user", "kaggle://user/model", "hf://", "ftp://a/b"]
)
def test_a_wrong_handle(name):
    with pytest.raises(ValueError, match=rf"Received: '{name}'"):
        find(name)


def test_hugging_face(preset, gan, monkeypatch):
    hub = pytest.importorskip("huggingface_hub")
    asked = []

    def snapshot_download(repo_id, *, allow_patterns, dry_run=False):
        asked.append((repo_id, allow_patterns, dry_run))
        if dry_run:
            sizes = [path.stat().st_size for path in preset.iterdir()]
            return [types.SimpleNamespace(file_size=size) for size in sizes]
        return str(preset)

    monkeypatch.setattr(hub, "snapshot_download", snapshot_download)
    assert same_images(gan, load_preset(keras_gans.GAN, "hf://user/repo"))
    names = [*FILES, VOCABULARY]
    assert asked == [("user/repo", names, True), ("user/repo", names, False)]
    # Too many bytes are refused before any is sent.
    asked.clear()
    with pytest.raises(ValueError, match="at most 1,000 bytes"):
        find("hf://user/repo", Limits(bytes=1000))
    assert asked == [("user/repo", names, True)]


def test_hugging_face_tells_sizes_as_it_is_asked():
    hub = pytest.importorskip("huggingface_hub")
    assert "dry_run" in inspect.signature(hub.snapshot_download).parameters
    sizes = {field.name for field in dataclasses.fields(hub.DryRunFileInfo)}
    assert "file_size" in sizes


def test_kaggle(preset, gan, monkeypatch):
    hub = pytest.importorskip("kagglehub")
    presets = {"user/model/keras/variation/2": str(preset)}
    monkeypatch.setattr(hub, "model_download", presets.__getitem__)
    handle = "kaggle://user/model/keras/variation/2"
    assert same_images(gan, load_preset(keras_gans.GAN, handle))


@pytest.mark.parametrize(
    "package, handle",
    [("huggingface_hub", "hf://a/b"), ("kagglehub", "kaggle://a/b/keras/c")],
)
def test_a_hub_without_its_package(package, handle, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=r'pip install "keras-gans\[hub\]"'):
        find(handle)
