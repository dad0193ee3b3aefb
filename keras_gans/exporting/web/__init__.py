"""A page that runs a generator in a browser."""

from keras_gans.exporting.web.writing import PARTS, find_runtime, write_page

__all__ = ["PARTS", "find_runtime", "write_page"]
