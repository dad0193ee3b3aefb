"""Words: what a text is cut into, and the number of each."""

from keras_gans.modalities.words.understood import Understood
from keras_gans.modalities.words.vocabulary import Vocabulary

__all__ = ["Understood", "Vocabulary"]
