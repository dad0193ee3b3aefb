"""Variants that live in the tests alone, from the command line."""

import numpy as np
import pytest
from contract import OWN, rows_for, tiny, write_rows

import keras_gans


@pytest.mark.parametrize("variant", OWN)
def test_trains_generates_and_exports(variant, cli, tmp_path):
    gan = tiny(variant)
    data, run = tmp_path / "data", tmp_path / "run"
    write_rows(gan, rows_for(gan, 24), data)
    own = ["--import", "own_variants"]
    where = ["--data", data, "--out", run, "--epochs", 1, "--batch-size", 8]
    cli(*own, "train", variant, *where)
    assert (run / "samples" / "epoch_00001.png").is_file()
    drawn = all(m.is_drawn for m in gan.takes.values())
    given = [] if drawn else ["--inputs", data]
    out = tmp_path / "made"
    cli(*own, "generate", run, "--num", 3, "--out", out, *given)
    suffix = next(iter(gan.makes.values())).suffix
    assert len(list(out.rglob(f"*{suffix}"))) == 3 * len(gan.makes)
    loaded = keras_gans.AdversarialModel.from_preset(run / "preset")
    assert type(loaded) is OWN[variant]
    assert int(loaded.steps) == 3
    assert np.isfinite(loaded.variables[0]).all()
    if gan.scores:
        output = cli(*own, "evaluate", run, "--data", data)
        rows = rows_for(gan, 24)
        (value,) = loaded.evaluate(rows).values()
        assert "l1" in output and f"{value:.4g}" in output
    cli(*own, "export", run, tmp_path / "model.tflite")
    assert (tmp_path / "model.tflite").stat().st_size > 500
