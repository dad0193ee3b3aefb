"""Keras callbacks for GANs."""

from keras_gans.callbacks.fid import FID
from keras_gans.callbacks.grids import make_grid, save_animation, save_grid
from keras_gans.callbacks.sample_grid import SampleGrid

__all__ = ["FID", "SampleGrid", "make_grid", "save_animation", "save_grid"]
