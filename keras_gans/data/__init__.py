"""Data to train on.

A source has a length, reads rows of named values by their indices, and knows
the modality of every name. `load` makes a source of images of nearly anything,
`pairs` and `unpaired` of images to translate, `degraded` of images to enlarge,
`captioned` of images and captions, `sounds` of WAV files, and `Rows` of arrays.
"""

from keras_gans.data.audio.sound_files import SoundFiles, sounds
from keras_gans.data.augmentation import AugmentedImages, augment
from keras_gans.data.captions.captioned import CaptionedImages
from keras_gans.data.captions.opening import captioned
from keras_gans.data.degraded.photographs import DegradedImages, degraded
from keras_gans.data.formats.tfds import TFDSImages
from keras_gans.data.generated import GeneratedImages
from keras_gans.data.images.arrays import Images
from keras_gans.data.images.encoded import EncodedImages
from keras_gans.data.images.folder import FolderImages
from keras_gans.data.loading import list_names, load
from keras_gans.data.packs.packed import PackedImages
from keras_gans.data.packs.packed_rows import PackedRows
from keras_gans.data.packs.packing import pack
from keras_gans.data.paired.aligned import AlignedImages
from keras_gans.data.paired.making import MadeImages
from keras_gans.data.paired.pairing import pairs
from keras_gans.data.paired.unpairing import Unpaired, unpaired
from keras_gans.data.rows import Rows
from keras_gans.data.source import ImageSource, Source

__all__ = [
    "AlignedImages",
    "AugmentedImages",
    "CaptionedImages",
    "DegradedImages",
    "EncodedImages",
    "FolderImages",
    "GeneratedImages",
    "ImageSource",
    "Images",
    "MadeImages",
    "PackedImages",
    "PackedRows",
    "Rows",
    "SoundFiles",
    "Source",
    "TFDSImages",
    "Unpaired",
    "augment",
    "captioned",
    "degraded",
    "list_names",
    "load",
    "pack",
    "pairs",
    "sounds",
    "unpaired",
]
