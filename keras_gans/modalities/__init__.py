"""Modalities: what data are, one file each."""

from keras_gans.modalities.attributes import Attributes
from keras_gans.modalities.audio import Audio
from keras_gans.modalities.class_label import ClassLabel
from keras_gans.modalities.condition import Condition
from keras_gans.modalities.hashed_latents import HashedLatents
from keras_gans.modalities.image import Image
from keras_gans.modalities.latents import Latents
from keras_gans.modalities.mask import Mask
from keras_gans.modalities.modality import Modality, deserialize, serialize
from keras_gans.modalities.multi_label import MultiLabel
from keras_gans.modalities.styles import Styles
from keras_gans.modalities.text import Text
from keras_gans.modalities.truncation import Truncation, WholeLatents
from keras_gans.modalities.words import Vocabulary
from keras_gans.modalities.words.sentences import Sentences

__all__ = [
    "Attributes",
    "Audio",
    "ClassLabel",
    "Condition",
    "HashedLatents",
    "Image",
    "Latents",
    "Mask",
    "Modality",
    "MultiLabel",
    "Sentences",
    "Styles",
    "Text",
    "Truncation",
    "Vocabulary",
    "WholeLatents",
    "deserialize",
    "serialize",
]
