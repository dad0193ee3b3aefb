"""The app in headless Chromium, and what leaves this machine: nothing."""

import contextlib
import io
import re
import shutil
import socket
import urllib.error
import urllib.request

import numpy as np
import pytest
from PIL import Image as Picture
from serving.served import conditional, copying, png_header

from keras_gans import app
from keras_gans.modalities.image import to_uint8

gradio = pytest.importorskip(
    "gradio", reason='the app needs pip install "keras-gans[app]"'
)


@contextlib.contextmanager
def opened(gan, preset="a preset"):
    """Shows an app; gives its address."""
    limit = Picture.MAX_IMAGE_PIXELS
    blocks = app.launch(gan, preset, port=0, wait=False)
    try:
        yield blocks.local_url
    finally:
        blocks.close(verbose=False)
        Picture.MAX_IMAGE_PIXELS = limit


@pytest.fixture
def calls(monkeypatch):
    """The addresses that this process connects to."""
    called = []
    connect = socket.socket.connect

    def note(self, address):
        called.append(address)
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", note)
    return called


UPLOAD = (
    b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.png"'
    b"\r\n\r\n%s\r\n--b--\r\n"
)


def test_it_is_this_machines_alone_and_asks_nobody(calls):
    with opened(conditional()) as url:
        assert url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(url, timeout=10) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'self' ")
        config = urllib.request.urlopen(f"{url}config", timeout=10).read()
        for word in (b'"analytics_enabled":true', b'"share"'):
            assert word not in config.replace(b" ", b"")
        for path in ("docs", "gradio_api/docs", "redoc"):
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(url + path, timeout=10)
        large = urllib.request.Request(
            f"{url}gradio_api/upload",
            UPLOAD % bytes(2**24 + 1),
            {"Content-Type": "multipart/form-data; boundary=b"},
        )
        with pytest.raises(urllib.error.HTTPError, match="413"):
            urllib.request.urlopen(large, timeout=20)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(OSError, match=str(port)):
                app.launch(conditional(), "x", port=port, wait=False)
    hosts = {a[0] for a in calls if isinstance(a, tuple)}
    assert hosts <= {"127.0.0.1", "localhost"}


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium is installed")
    with sync_api.sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-sync"]
        options += ["--disable-background-networking", "--disable-quic"]
        options += ["--disable-component-update"]
        chromium = playwright.chromium.launch(
            executable_path=program, args=options
        )
        yield chromium
        chromium.close()


@contextlib.contextmanager
def seen(browser, url, width=1000):
    """Opens a page; no request may go elsewhere, and no script may fail."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console",
        lambda said: wrong.append(said.text) if said.type == "error" else None,
    )
    try:
        page.goto(url)
        page.wait_for_selector("h1")
        yield page
        assert not wrong
        assert all(u.startswith((url, "data:", "blob:")) for u in asked)
    finally:
        page.close()


def made_by(page, button):
    """Presses a button; returns the pixels of the picture that it makes."""
    page.get_by_role("button", name=button, exact=True).click()
    picture = page.wait_for_selector(".made img[src*='/file=']:visible")
    with urllib.request.urlopen(picture.get_attribute("src")) as answer:
        return np.asarray(
            Picture.open(io.BytesIO(answer.read())).convert("RGB")
        )


def test_it_draws_what_python_draws(browser):
    gan = conditional()
    with opened(gan) as url, seen(browser, url) as page:
        tabs = [tab.inner_text() for tab in page.get_by_role("tab").all()]
        assert tabs == ["Images", "Interpolation", "Walk", "Model card"]
        page.get_by_label("Seed").first.fill("5")
        page.get_by_label("Class").first.click()
        page.get_by_role("option", name="Coat").click()
        made = made_by(page, "Draw")
        wanted = to_uint8(gan.generate(16, seed=5, labels="Coat"))
        np.testing.assert_array_equal(made[2:130:16, 2:130:16, :1], wanted[0])
        page.get_by_label("Seed").first.fill("99999999999")
        page.get_by_role("button", name="Draw", exact=True).click()
        page.get_by_text("2147483647").first.wait_for()
        page.get_by_role("tab", name="Walk").click()
        page.get_by_label("Seconds").first.fill("1")
        page.get_by_role("button", name="Walk", exact=True).click()
        page.wait_for_selector("video[src*='/file=']:visible")
        page.get_by_role("tab", name="Model card").click()
        page.get_by_text("A ConditionalGAN without a card.").wait_for()


def test_a_photograph_on_a_phone(browser, tmp_path):
    photo = np.random.default_rng(0).integers(0, 256, (6, 10, 3), "uint8")
    Picture.fromarray(photo).save(tmp_path / "photo.png")
    half = (tmp_path / "photo.png").read_bytes()[:100]
    (tmp_path / "half.png").write_bytes(half)
    (tmp_path / "large.png").write_bytes(png_header(25_000, 20_000))
    with opened(copying()) as url, seen(browser, url, width=390) as page:
        upload = page.locator("input[type=file]").first
        upload.set_input_files(tmp_path / "photo.png")
        page.wait_for_selector("img[src*='/file='], img[src^='blob:']")
        made = made_by(page, "Make")
        np.testing.assert_array_equal(made[::64, ::64], photo[:, 1:-1])
        for name, message in (
            ("half.png", "Cannot identify|truncated"),
            ("large.png", "500000000 pixels"),
        ):
            page.reload()
            page.wait_for_selector("h1")
            upload = page.locator("input[type=file]").first
            upload.set_input_files(tmp_path / name)
            page.wait_for_timeout(500)
            page.get_by_role("button", name="Make", exact=True).click()
            page.get_by_text(re.compile(message)).first.wait_for()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390  # nothing sticks out of a phone
