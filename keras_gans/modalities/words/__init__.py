"""Words: what a text is cut into, and the number of each."""

from keras_gans.modalities.words.vocabulary import Vocabulary

__all__ = ["Vocabulary"]
