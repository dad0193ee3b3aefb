import json

import numpy as np
import pytest
from PIL import Image

from keras_gans.pictures import plot_run

LOG = """epoch,generator_loss,fid,diversity,generator_gradient
1,1.5,90,0.5,2.0
2,1.4,,,
3,1.3,80.25,0.1,1.0
"""
FOUND = {
    "name": "collapse",
    "epoch": 3,
    "until": 3,
    "words": "Samples are <alike>.",
    "remedy": "stabilizers=[keras_gans.stabilizers.R1(10.0, every=16)]",
}


@pytest.fixture
def run(tmp_path):
    run = tmp_path / "photos"
    (run / "samples").mkdir(parents=True)
    (run / "log.csv").write_text(LOG)
    for epoch in range(1, 10):
        grid = np.full((20, 20), 20 * epoch, "uint8")
        Image.fromarray(grid).save(run / "samples" / f"epoch_{epoch:05d}.png")
    (run / "findings.json").write_text(json.dumps([FOUND]))
    return run


def texts(figure):
    return " ".join(t.get_text() for part in figure.subfigs for t in part.texts)


def test_a_picture(run):
    figure = plot_run(run, run / "report.png")
    with Image.open(run / "report.png") as picture:
        assert picture.width == 800
    titles = [axis.get_title(loc="left") for axis in figure.axes]
    assert titles[:4] == ["loss", "FID", "gradient norm", "diagnostics"]
    shown = [axis.get_title() for axis in figure.axes[4:]]
    assert shown == [f"epoch {epoch}" for epoch in (1, 4, 6, 9)]
    assert "photos, best FID 80.25, after epoch 3" in texts(figure)
    assert "Epochs 3 to 3: collapse. Samples are <alike>." in texts(figure)


def test_a_page(run):
    plot_run(run / "log.csv", run / "report.html")
    page = (run / "report.html").read_text()
    assert page.count("data:image/png;base64,") == 5
    assert "Samples are &lt;alike&gt;." in page
    assert "<code>stabilizers=[keras_gans.stabilizers.R1" in page
    assert "<td>generator_loss</td><td>1.3</td><td>3</td>" in page
    assert "best FID 80.25, after epoch 3" in page


def test_runs_without_samples_or_a_doctor(tmp_path):
    (tmp_path / "log.csv").write_text("epoch,generator_loss\n1,2.0\n2,1.0\n")
    figure = plot_run(tmp_path)
    assert "Diagnostics did not watch this run." in texts(figure)
    (tmp_path / "findings.json").write_text("[]")
    plot_run(tmp_path, tmp_path / "r.HTML")
    page = (tmp_path / "r.HTML").read_text()
    assert "Diagnostics found nothing wrong." in page
    assert "Samples" not in page


def test_a_log_without_epochs(tmp_path):
    (tmp_path / "log.csv").write_text("fid\n90\n80\n85\n")
    assert "best FID 80, after epoch 2" in texts(plot_run(tmp_path))


def test_bad_input(tmp_path):
    with pytest.raises(ValueError, match=r"\.html or in one.*Received: .*doc"):
        plot_run(tmp_path, tmp_path / "report.doc")
    with pytest.raises(FileNotFoundError, match="log"):
        plot_run(tmp_path)
    (tmp_path / "log.csv").write_text("epoch\n1\n")
    with pytest.raises(ValueError, match=r"a column of numbers.*Received"):
        plot_run(tmp_path, tmp_path / "report.html")


def test_a_run_of_nan_alone_shows_its_findings(tmp_path):
    (tmp_path / "log.csv").write_text("epoch,generator_loss\n1,nan\n2,nan\n")
    with pytest.raises(ValueError, match="A log needs a column of numbers"):
        plot_run(tmp_path)
    (tmp_path / "findings.json").write_text(json.dumps([FOUND]))
    assert "Epochs 3 to 3: collapse." in texts(plot_run(tmp_path))
    for name in ("r.html", "r.png"):
        plot_run(tmp_path, tmp_path / name)
    assert "collapse" in (tmp_path / "r.html").read_text()


def test_how_often_a_run_was_measured(tmp_path):
    log = "epoch,generator_loss,diversity\n1,2.0,0.5\n2,1.0,\n"
    (tmp_path / "log.csv").write_text(log)
    (tmp_path / "findings.json").write_text("[]")
    assert "It measured 1 times" in " ".join(texts(plot_run(tmp_path)).split())
    (tmp_path / "log.csv").write_text(log + "3,1.0,0.5\n4,1.0,0.5\n")
    assert "It measured" not in texts(plot_run(tmp_path))


@pytest.mark.parametrize(
    "findings", ['[{"name": "coll', '[{"name": "collapse"}]', "{}x", "[1]"]
)
def test_damaged_findings_are_named(run, findings):
    (run / "findings.json").write_text(findings)
    with pytest.raises(ValueError, match=r"damaged.*findings\.json"):
        plot_run(run)


def test_a_score_beside_no_epoch(tmp_path):
    (tmp_path / "log.csv").write_text("epoch,fid\n1,90\n,80\n")
    assert "best FID 80, after epoch 2" in texts(plot_run(tmp_path))
