"""A page that runs a generator in a browser."""

from keras_gans.exporting.web.writing import find_runtime, write_page

__all__ = ["find_runtime", "write_page"]
