import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans.pictures import plot_history
from keras_gans.pictures.history import epochs_of_grids

LOG = """epoch,loss,generator_loss,discriminator_loss,real_score,fid,fid[x]
1,1.0,1.5,0.5,0.6,90,90
2,1.0,1.4,0.6,NA,,
3,1.0,1.3,0.7,0.5,80,80
"""


def lines(figure):
    """Every panel's title, and epochs and values of its lines by label."""
    return {
        axis.get_title(loc="left"): {
            line.get_label(): (
                np.asarray(line.get_xdata()).tolist(),
                np.asarray(line.get_ydata()).tolist(),
            )
            for line in axis.lines
            if line.get_marker() != "^"
        }
        for axis in figure.axes
    }


def marks(figure):
    (line,) = (ln for ln in figure.axes[0].lines if ln.get_marker() == "^")
    return list(line.get_xdata())


def test_the_log_of_a_run(tmp_path):
    (tmp_path / "log.csv").write_text(LOG)
    (tmp_path / "samples").mkdir()
    for name in ("epoch_00001.png", "epoch_00003.png", "epoch_x.png"):
        (tmp_path / "samples" / name).touch()
    figure = plot_history(tmp_path, tmp_path / "losses.png")
    assert lines(figure) == {
        "loss": {
            "generator": ([1, 2, 3], [1.5, 1.4, 1.3]),
            "discriminator": ([1, 2, 3], [0.5, 0.6, 0.7]),
        },
        "score by the discriminator": {"real score": ([1, 3], [0.6, 0.5])},
        "FID": {"fid[x]": ([1, 3], [90, 80])},
    }
    assert marks(figure) == [1, 3] == epochs_of_grids(tmp_path / "samples")
    with Image.open(tmp_path / "losses.png") as picture:
        assert picture.width == 800 and picture.format == "PNG"
    assert lines(plot_history(tmp_path / "log.csv")) == lines(figure)


def test_histories():
    columns = {"discriminator_loss": [3.0, 2.0], "r1": [0.1, float("inf")]}
    history = keras.callbacks.History()
    history.history, history.epoch = columns, [4, 5]  # a run that went on
    assert lines(plot_history(history)) == {
        "loss": {"discriminator": ([5, 6], [3, 2])},
        "other means of an epoch": {"r1": ([5], [0.1])},
    }
    figure = plot_history(columns, grids=[2])
    assert lines(figure)["loss"]["discriminator"] == ([1, 2], [3, 2])
    assert marks(figure) == [2]


def test_epochs_of_kerass_log_count_from_one(tmp_path):
    (tmp_path / "keras.csv").write_text("epoch,real_accuracy\n0,0.5\n1,0.7\n")
    drawn = lines(plot_history(tmp_path / "keras.csv", tmp_path / "a.svg"))
    assert drawn == {"accuracy": {"real accuracy": ([1, 2], [0.5, 0.7])}}
    assert "<svg" in (tmp_path / "a.svg").read_text()


def test_nothing_to_plot(tmp_path):
    with pytest.raises(ValueError, match=r"Received: \{'epoch'"):
        plot_history({"epoch": [1, 2]})
    with pytest.raises(FileNotFoundError):
        plot_history(tmp_path)
