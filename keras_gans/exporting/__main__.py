"""The process in which TensorFlow converts for other backends."""

import json
import sys

from keras_gans.exporting.conversion import answer

try:
    answer(json.load(sys.stdin))
except Exception as error:
    sys.exit(str(error)[:1500])
