"""Presets: trained GANs as folders of a configuration and weights."""

from keras_gans.presets.converting import convert
from keras_gans.presets.fine_tuning import FineTuning
from keras_gans.presets.index import build_index, list_presets
from keras_gans.presets.limits import Limits
from keras_gans.presets.loading import load_preset
from keras_gans.presets.saving import note_scores, save_to_preset

__all__ = [
    "FineTuning",
    "Limits",
    "build_index",
    "convert",
    "list_presets",
    "load_preset",
    "note_scores",
    "save_to_preset",
]
