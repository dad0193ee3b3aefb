import sys

import pytest


def test_a_package_that_is_absent_is_named(cli, monkeypatch):
    monkeypatch.setitem(sys.modules, "gradio", None)
    said = cli("app", "dcgan_fashion_mnist", code=1)
    assert 'pip install "keras-gans[app]"' in said and "Received:" in said


def test_it_shows_a_run(cli, train, tmp_path, monkeypatch):
    pytest.importorskip("gradio")
    from keras_gans import app

    def launch(gan, preset, host, port, started):
        real(gan, preset, host, port, started, wait=False).close(verbose=False)

    # uvicorn's configuration of logs closes the streams of absl's handlers,
    # which are the test's.
    monkeypatch.setattr("logging.config.dictConfig", lambda config: None)
    real = app.launch
    monkeypatch.setattr(app, "launch", launch)
    train()
    said = cli("app", tmp_path / "run", "--port", 0)
    assert "http://127.0.0.1:" in said
