"""keras-gans report, of a run that `train` has watched."""

import json

from PIL import Image


def test_a_report_of_a_run(cli, train, tmp_path):
    run = tmp_path / "run"
    output = train("--learning-rate", "generator=1e-9", epochs=1)
    assert "rates far apart" in output
    (found,) = json.loads((run / "findings.json").read_text())
    assert found["name"] == "rates far apart"
    assert str(run / "report.html") in cli("report", run)
    page = (run / "report.html").read_text()
    assert "rates far apart" in page and "Samples" in page
    cli("report", run / "log.csv", "--format", "png")
    with Image.open(run / "report.png") as picture:
        assert picture.format == "PNG"
    cli("report", run, "--out", tmp_path / "page", "--format", "svg")
    assert (tmp_path / "page.svg").is_file()


def test_bad_input(cli, tmp_path):
    output = cli("report", tmp_path / "none", code=1)
    assert "none" in output
    (tmp_path / "log.csv").write_text("epoch,generator_loss\n1,2.0\n")
    output = cli("report", tmp_path, "--out", tmp_path / "r.doc", code=2)
    assert "must end in .html" in output and "Received" in output
    output = cli(
        "report", tmp_path, "--out", tmp_path / "r.png", "--format", "html",
        code=2,
    )  # fmt: skip
    assert "Received: --out" in output
