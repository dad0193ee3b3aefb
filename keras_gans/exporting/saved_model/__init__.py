"""SavedModels that sample, take pictures and answer with pictures."""

from keras_gans.exporting.saved_model.writing import write_saved_model

__all__ = ["write_saved_model"]
