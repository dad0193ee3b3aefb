import os
import signal
import sys
import threading

import pytest


def test_a_package_that_is_absent_is_named(cli, monkeypatch):
    monkeypatch.setitem(sys.modules, "kserve", None)
    said = cli("serve", "dcgan_fashion_mnist", code=1)
    assert 'pip install "keras-gans[serving]"' in said and "Received:" in said


@pytest.fixture
def kserve():
    return pytest.importorskip(
        "kserve", reason='the server needs pip install "keras-gans[serving]"'
    )


def test_it_serves_a_run_until_it_is_told_to_stop(
    cli, kserve, train, tmp_path, monkeypatch
):
    from keras_gans import serving

    train()
    ended = threading.Event()

    def serve(gan, started, **options):
        def then_stop(server):
            started(server)
            os.kill(os.getpid(), signal.SIGTERM)

        real(gan, then_stop, **options)
        ended.set()

    real = serving.serve
    monkeypatch.setattr(serving, "serve", serve)
    ports = "--port", 0, "--grpc-port", 0
    said = cli("serve", tmp_path / "run", *ports, "--name", "mine")
    assert ended.is_set()
    assert "/v1/models/mine gRPC: 127.0.0.1:" in said and "Stopped." in said


@pytest.mark.parametrize(
    "given, message",
    [
        (["no_such_preset"], "no_such_preset"),
        (["dcgan_fashion_mnist", "--host", "192.0.2.1"], "cannot be had"),
    ],
)
def test_what_cannot_be_served(cli, kserve, given, message):
    code = 1 if "--host" in given else 2
    assert message in cli("serve", *given, code=code)
