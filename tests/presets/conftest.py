import functools
import http.server
import shutil
import threading

import pytest
from small_gans import small

import keras_gans
from keras_gans.presets import index
from keras_gans.presets.origins import sources


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Neither the user's cache nor the real zoo and its index."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KERAS_GANS_ZOO", raising=False)
    monkeypatch.setattr(index, "INDEX", tmp_path / "index.json")
    monkeypatch.setattr(index, "EMBEDDED", tmp_path / "embedded")
    monkeypatch.setattr(sources, "CHECKOUT", tmp_path / "checkout")
    (tmp_path / "index.json").write_text("{}")
    (tmp_path / "embedded").mkdir()


@pytest.fixture
def gan():
    gan = small()
    gan.compile()
    return gan


def save(gan, folder):
    keras_gans.presets.save_to_preset(
        gan, folder, metadata={"description": "A small one."}
    )


@pytest.fixture(scope="session")
def saved_once(tmp_path_factory):
    """The preset of those tests that do not ask for its GAN."""
    folder = tmp_path_factory.mktemp("saved_once") / "small_gan"
    gan = small()
    gan.compile()
    save(gan, folder)
    return folder


@pytest.fixture
def preset(request, tmp_path):
    """A preset's folder, which holds `gan`."""
    folder = tmp_path / "zoo" / "small_gan"
    if "gan" in request.fixturenames:
        save(request.getfixturevalue("gan"), folder)
    else:
        shutil.copytree(request.getfixturevalue("saved_once"), folder)
    return folder


@pytest.fixture
def zoo(preset):
    """A folder of presets, with an index."""
    keras_gans.presets.build_index(preset.parent)
    return preset.parent


@pytest.fixture
def server(tmp_path):
    """Serves `tmp_path`: has a `url` and a list of the `requests` made."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            server.requests.append(self.path)

    handler = functools.partial(Handler, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.requests = []
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def no_graphs(eagerly):
    pass
