"""The page of an export, and what it draws in a browser."""

import contextlib
import functools
import http.server
import json
import os
import re
import shutil
import threading

import keras
import numpy as np
import pytest
from conditional import NAMES, conditional
from contract import tiny
from exporting.users_variants import Variant, sounds
from PIL import Image as Picture

import keras_gans
from keras_gans import latents
from keras_gans.exporting.web import find_runtime
from keras_gans.modalities import Image
from keras_gans.modalities.image import to_uint8

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow",
    reason="TensorFlow writes the same page everywhere",
)
REAL = os.environ.get("ONNXRUNTIME_WEB")
"""Where npm's onnxruntime-web lies; `node_modules` is looked through too."""


@pytest.fixture
def stand_in(tmp_path):
    """A folder with files of the runtime's names."""
    folder = tmp_path / "node_modules/onnxruntime-web/dist"
    folder.mkdir(parents=True)
    for name in keras_gans.exporting.web.writing.RUNTIME:
        (folder / name).write_text(name)
    return folder


def test_a_folder_that_needs_nothing_else(stand_in, tmp_path):
    out = tmp_path / "page"
    report = conditional(12).export(out, "web", web_runtime=tmp_path)
    assert report.max_difference < 1e-5
    files = sorted(str(p.relative_to(out)) for p in out.rglob("*.*"))
    names = [p.name.replace(".mjs", ".js") for p in stand_in.iterdir()]
    runtime = sorted(f"ort/{name}" for name in names)
    page = ["generator.onnx", "index.html", *runtime, "page.js", "page.json"]
    assert files == page
    for name in ("index.html", "page.js"):
        assert not re.findall("https?://", (out / name).read_text("utf-8"))
    takes = json.loads((out / "page.json").read_text("utf-8"))["takes"]
    assert [t["kind"] for t in takes] == ["latents", "classes"]
    assert takes[1]["names"] == NAMES
    conditional(12).export(out, "web", web_runtime=stand_in, verify=False)


def test_a_page_of_words_has_its_vocabulary(stand_in, tmp_path):
    out = tmp_path / "page"
    tiny("Worded").export(out, "web", web_runtime=tmp_path, verify=False)
    for name in ("vocabulary.json", "tokenizer.js", "tokenizer.py"):
        assert (out / name).is_file()
    takes = json.loads((out / "page.json").read_text("utf-8"))["takes"]
    assert [t["kind"] for t in takes] == ["latents", "words"]
    assert takes[1]["examples"][0] == "red hair"
    assert "vocabulary" not in takes[1] and takes[0]["hashed"]


def test_a_page_without_a_runtime_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"npm install onnxruntime-web.*None"):
        conditional(12).export("page", "web")
    assert not list(tmp_path.iterdir())


def test_what_a_page_cannot_show(stand_in, tmp_path):
    with pytest.raises(ValueError, match=r"images with 1, 3 or 4.*Audio"):
        sounds().export(tmp_path / "page", "web", web_runtime=stand_in)
    assert not (tmp_path / "page").exists()


@pytest.fixture(scope="module")
def browser():
    """Chromium, where playwright, a browser and the runtime are installed."""
    sync_api = pytest.importorskip("playwright.sync_api")
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium is installed")
    with contextlib.suppress(ValueError):
        find_runtime(REAL)
        with sync_api.sync_playwright() as playwright:
            options = [
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ]
            chromium = playwright.chromium.launch(
                executable_path=program, args=options
            )
            yield chromium
            chromium.close()
        return
    pytest.skip("no onnxruntime-web: set ONNXRUNTIME_WEB to its folder")


@contextlib.contextmanager
def opened(browser, folder, width=1000):
    """Opens a page over loopback; no request may go elsewhere or fail."""
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever).start()
    page = browser.new_page(viewport={"width": width, "height": 800})
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", lambda request: wrong.append(request.url))
    page.on(
        "console",
        lambda said: wrong.append(said.text) if said.type == "error" else None,
    )
    origin = f"http://127.0.0.1:{server.server_port}/"
    try:
        page.goto(origin)
        page.wait_for_selector("body[data-ready]", timeout=60_000)
        yield page
        assert not wrong
        assert all(u.startswith((origin, "data:", "blob:")) for u in asked)
    finally:
        page.close()
        server.shutdown()
        server.server_close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def made_by(page):
    """Returns what the page fed to the generator, what it made, its pixels."""
    made = page.evaluate(
        """() => {
        const all = (t) => [Array.from(t.data), t.dims, t.type];
        const {feeds, image} = window.made, canvas = $picture();
        function $picture() { return document.getElementById("picture"); }
        const context = canvas.getContext("2d");
        const {data} = context.getImageData(0, 0, canvas.width, canvas.height);
        const named = Object.entries(feeds).map(([n, t]) => [n, all(t)]);
        return [Object.fromEntries(named), all(image), Array.from(data)];
    }"""
    )
    feeds, image, pixels = made
    feeds = {n: np.array(x, t).reshape(d) for n, (x, d, t) in feeds.items()}
    image = np.array(image[0], "float32").reshape(image[1])
    return feeds, image, np.array(pixels, "uint8").reshape(*image.shape[1:3], 4)


def assert_is_keras(gan, page):
    feeds, image, pixels = made_by(page)
    wanted = next(iter(gan.generate_from(feeds).values()))
    np.testing.assert_allclose(image, wanted, atol=1e-4)
    levels = to_uint8(wanted)[0].astype(int)
    assert np.abs(pixels[..., : levels.shape[-1]] - levels).max() <= 1
    return feeds, pixels


def test_page_from_latents_and_classes(browser, tmp_path):
    gan = conditional(12)
    gan.export(tmp_path / "g", "web", web_runtime=REAL, verify=False)
    with opened(browser, tmp_path / "g", width=360) as page:
        first, drawn = assert_is_keras(gan, page)
        assert abs(first["latents"].mean()) < 1 and first["labels"] == [0]
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360  # nothing sticks out of a phone
        page.get_by_role("button", name="Ärmel").click()
        page.wait_for_function("() => window.made.feeds.labels.data[0] === 1")
        feeds, other = assert_is_keras(gan, page)
        np.testing.assert_array_equal(feeds["latents"], first["latents"])
        assert np.abs(other.astype(int) - drawn).max() > 10
        page.get_by_label("z0").fill("2.5")
        page.wait_for_function(
            "() => window.made.feeds.latents.data[0] === 2.5"
        )
        assert_is_keras(gan, page)
        # The same seed draws the same again.
        page.get_by_label("Seed").fill("7")
        page.get_by_label("Seed").fill("0")
        page.get_by_role("button", name="Bag").click()
        page.wait_for_function("() => window.made.feeds.labels.data[0] === 0")
        again, _ = assert_is_keras(gan, page)
        np.testing.assert_array_equal(again["latents"], first["latents"])
        walk = page.get_by_role("button", name="Walk")
        walk.click()
        was = first["latents"][0, 0]
        page.wait_for_function(
            f"() => window.made.feeds.latents.data[0] !== {was}"
        )
        walk.click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download").click()
        assert Picture.open(download.value.path()).size == (8, 8)


def test_page_from_words(browser, tmp_path):
    gan = tiny("Worded")
    gan.export(tmp_path / "g", "web", web_runtime=REAL, verify=False)
    with opened(browser, tmp_path / "g") as page:
        feeds, _ = assert_is_keras(gan, page)
        (example, *_), asked = (
            gan.takes["prompts"].examples,
            "Blue eyes & hair!",
        )
        assert feeds["prompts"].tolist() == ids_of(gan, example)
        # What `generate` draws of the same seed.
        wanted = gan.sample_latents(1, seed=0)
        np.testing.assert_allclose(feeds["latents"], wanted, atol=1e-6)
        page.get_by_label("Say what to draw").fill(asked)
        page.wait_for_function("() => window.made.feeds.prompts.data[2] > 0")
        feeds, _ = assert_is_keras(gan, page)
        assert feeds["prompts"].tolist() == ids_of(gan, asked)
        page.get_by_label("Seed").fill("7")
        page.wait_for_function(
            f"() => window.made.feeds.latents.data[0] !== {wanted[0, 0]}"
        )
        feeds, pixels = assert_is_keras(gan, page)
        made = to_uint8(gan.generate(asked, seed=7))[0].astype(int)
        assert np.abs(pixels[..., :1] - made).max() <= 1
        page.get_by_label("Say what to draw").fill("zorgle")
        status = page.get_by_role("status")
        assert "No word of this is known" in status.text_content()
        page.get_by_role("button", name="long blue hair").click()
        page.wait_for_function("() => window.made.feeds.prompts.data[2] > 0")
        assert_is_keras(gan, page)


def ids_of(gan, sentence):
    return gan.takes["prompts"].check(sentence).tolist()


def test_page_of_pictures(browser, tmp_path):
    x = keras.Input((6, 8, 3))
    y = keras.layers.Conv2D(3, 3, padding="same", activation="tanh")(x)
    images = Image(6, 8, 3)
    gan = Variant(keras.Model(x, y), {"inputs": images}, {"images": images})
    gan.export(tmp_path / "g", "web", web_runtime=REAL, verify=False)
    levels = np.random.default_rng(0).integers(0, 256, (6, 10, 3), "uint8")
    Picture.fromarray(levels).save(tmp_path / "photo.png")
    with opened(browser, tmp_path / "g") as page:
        status = page.get_by_role("status")
        assert status.text_content() == "Choose a picture."
        upload = page.get_by_label("Your picture").first
        upload.set_input_files(tmp_path / "photo.png")
        page.wait_for_function("() => !!window.made")
        feeds, _ = assert_is_keras(gan, page)
        cut = levels[:, 1:-1] / 127.5 - 1  # its middle
        np.testing.assert_allclose(feeds["inputs"][0], cut, atol=1e-6)
        (tmp_path / "other.png").write_bytes(b"no picture")
        upload.set_input_files(tmp_path / "other.png")
        page.wait_for_function("() => !!document.querySelector('.error')")
        assert "cannot be read" in status.text_content()


def test_page_that_mixes_styles(browser, tmp_path):
    gan = keras_gans.StyleGAN2(
        (16, 16, 1), latent_dim=8, width=8, mapping_layers=2, seed=1
    )
    rng = np.random.default_rng(0)
    for weight in gan.inference_generator.weights:
        if weight.name in ("factor", "mean", "bias"):
            weight.assign(0.3 * rng.standard_normal(weight.shape))
    gan.export(tmp_path / "g", "web", web_runtime=REAL)
    with opened(browser, tmp_path / "g", width=360) as page:
        plain, _ = assert_is_keras(gan, page)
        page.get_by_label("Seed of the other styles").fill("7")
        page.get_by_role("button", name="coarse").click()
        page.get_by_role("button", name="fine").click()
        page.wait_for_function("() => window.made.lent?.layers.length > 2")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        lent, layers = page.evaluate(
            "() => [Array.from(window.made.lent.latents.data),"
            " window.made.lent.layers]"
        )
        _, image, _ = made_by(page)
        styles, other = (
            latents.to_styles(gan, np.asarray(z, "float32").reshape(1, 8))
            for z in (plain["latents"], lent)
        )
        assert layers == [0, 1, 4, 5]
        styles[:, layers] = other[:, layers]
        wanted = latents.from_styles(gan, styles)
        np.testing.assert_allclose(image, wanted, atol=1e-4)
        assert np.abs(wanted - gan.generate_from(plain)["images"]).max() > 0.1
