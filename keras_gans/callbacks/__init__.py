"""Keras callbacks for GANs."""

from keras_gans.callbacks.diagnostics import Diagnostics
from keras_gans.callbacks.fid import FID
from keras_gans.callbacks.loss_plot import LossPlot
from keras_gans.callbacks.sample_grid import SampleGrid
from keras_gans.callbacks.tensorboard import TensorBoard
from keras_gans.pictures import make_grid, save_animation, save_grid

__all__ = [
    "FID",
    "Diagnostics",
    "LossPlot",
    "SampleGrid",
    "TensorBoard",
    "make_grid",
    "save_animation",
    "save_grid",
]
