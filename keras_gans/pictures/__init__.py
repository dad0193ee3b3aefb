"""Pictures: grids of images, and animations."""

from keras_gans.pictures.animation import save_animation
from keras_gans.pictures.grids import make_grid, save_grid

__all__ = ["make_grid", "save_animation", "save_grid"]
