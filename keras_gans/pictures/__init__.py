"""Pictures: grids of images, sheets of samples, animations and plots."""

from keras_gans.pictures.animation import save_animation
from keras_gans.pictures.grids import make_grid, save_grid, save_picture
from keras_gans.pictures.history import plot_history
from keras_gans.pictures.reports import plot_run
from keras_gans.pictures.samples import check_samples, save_samples
from keras_gans.pictures.sheets import make_sheet
from keras_gans.pictures.tables import make_table

__all__ = [
    "check_samples",
    "make_grid",
    "make_sheet",
    "make_table",
    "plot_history",
    "plot_run",
    "save_animation",
    "save_grid",
    "save_picture",
    "save_samples",
]
