import importlib

import keras
import numpy as np
import pytest
from own_variants.pairs import Pairs
from PIL import Image

from keras_gans import ACGAN
from keras_gans.callbacks import (
    FID,
    Diagnostics,
    LossPlot,
    SampleGrid,
    TensorBoard,
)

loss_plot = importlib.import_module("keras_gans.callbacks.loss_plot")


def test_a_plot_of_all_epochs_of_a_run_that_goes_on(
    fit, make_gan, images, network, tmp_path
):
    def parts():
        return (
            FID(images, 2, 20, network),
            SampleGrid(tmp_path / "samples", 4, every=2, animation=None),
            LossPlot(tmp_path / "losses.png", tmp_path / "samples"),
            keras.callbacks.BackupAndRestore(
                tmp_path / "backup", delete_checkpoint=False
            ),
        )

    fit(make_gan(), images, 2, *parts())
    first = (tmp_path / "losses.png").read_bytes()
    callbacks = parts()
    fit(make_gan(), images, 3, *callbacks)
    rows = callbacks[2].rows
    assert [row["epoch"] for row in rows] == [1, 2, 3]
    assert all("generator_loss" in row for row in rows)
    assert ["fid" in row for row in rows] == [True, True, True]
    assert (tmp_path / "losses.png").read_bytes() != first


def test_what_is_not_measured_or_not_finite_is_not_drawn(tmp_path):
    plot = LossPlot(tmp_path / "losses.png")
    plot.on_train_end()
    plot.on_epoch_end(0, {"loss": float("nan"), "fid": float("inf")})
    plot.on_train_end()
    assert plot.rows == [{"epoch": 1}]
    assert not (tmp_path / "losses.png").exists()


@pytest.mark.parametrize(
    "make", [LossPlot, lambda path: Diagnostics(path=path)]
)
def test_a_folder_that_cannot_be_written_to(
    make, fit, make_gan, images, tmp_path
):
    (tmp_path / "file").touch()
    gan = make_gan()
    with pytest.raises(OSError, match=r"Received: .*file/run$"):
        fit(gan, images, 1, make(tmp_path / "file/run/it"))
    assert int(gan.steps) == 0


def test_drawing_takes_a_small_part_of_the_time(tmp_path, monkeypatch):
    clock = iter([0.0, 1.0, 20.9, 21.0, 22.0])
    monkeypatch.setattr(loss_plot.time, "monotonic", lambda: next(clock))
    drawn = []
    monkeypatch.setattr(
        loss_plot, "plot_history", lambda rows, *_: drawn.append(len(rows))
    )
    plot = LossPlot(tmp_path / "losses.png")
    for epoch in range(3):
        plot.on_epoch_end(epoch, {"generator_loss": 1.0})
    assert drawn == [1, 3]


def events(folder):
    """Steps and values of all that a folder's logs hold, by name."""
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing import event_file_loader
    from tensorboard.util import tensor_util

    found = {}
    for path in sorted(folder.rglob("events.out*")):
        for event in event_file_loader.EventFileLoader(str(path)).Load():
            for value in event.summary.value:
                array = tensor_util.make_ndarray(value.tensor)
                found.setdefault(value.tag, {})[event.step] = array
    return found


def test_tensorboard_has_samples_and_scores(fit, make_gan, images, tmp_path):
    gan = make_gan()
    grid = SampleGrid(tmp_path / "samples", 4, every=2, animation=None)
    board = TensorBoard(
        tmp_path / "logs", tmp_path / "samples", write_graph=False
    )
    fit(gan, images, 3, grid, board)
    found = events(tmp_path / "logs")
    assert set(found["epoch_generator_loss"]) == {1, 2, 3}
    assert set(found["samples"]) == {2, 3}
    with Image.open(tmp_path / "samples" / "epoch_00003.png") as picture:
        size = [str(n).encode() for n in picture.size]
    assert found["samples"][3][:2].tolist() == size
    # Each row of a histogram: from, to, count.
    for side, values in (
        ("real", images / 127.5 - 1),
        ("generated", gan.generate(16, seed=0)),
    ):
        histogram = found[f"scores/{side}"][3]
        assert histogram[:, 2].sum() == 16
        scores = keras.ops.convert_to_numpy(
            gan.discriminator(values, training=False)
        )
        assert histogram[0, 0] == pytest.approx(scores.min(), rel=1e-4)
        assert histogram[-1, 1] == pytest.approx(scores.max(), rel=1e-4)
    assert set(found["scores/real"]) == {1, 2, 3}


def test_what_diagnostics_measures_stands_in_tensorboard(
    fit, make_gan, images, tmp_path
):
    doctor = Diagnostics(share=1.0)
    board = TensorBoard(tmp_path, num_scores=0, write_graph=False)
    history = fit(make_gan(), images, 2, doctor, board).history
    found = events(tmp_path)
    for name in (
        *("diversity", "separation", "dead_units", "generator_gradient"),
        *("discriminator_real_accuracy", "discriminator_fake_accuracy"),
    ):
        values = found[f"epoch_{name}"]
        assert [float(values[i]) for i in (1, 2)] == pytest.approx(
            history[name]
        )


def test_scores_of_conditions_and_of_pairs(fit, images, tmp_path):
    labels = np.arange(16) % 2
    gan = ACGAN((16, 16, 1), 2, latent_dim=4, width=2, seed=0)
    gan.compile()
    logs = tmp_path / "acgan"
    board = TensorBoard(logs, num_scores=8, write_graph=False)
    gan.fit(images, labels, batch_size=8, verbose=0, callbacks=[board])
    assert events(logs)["scores/generated"][1][:, 2].sum() == 8
    pairs = Pairs(seed=0)
    pairs.compile()
    board = TensorBoard(tmp_path / "pairs", write_graph=False)
    rows = {"inputs": images, "images": images[::-1]}
    fit(pairs, rows, 1, board)
    assert set(events(tmp_path / "pairs")["scores/real"]) == {1}
