"""The process in which TensorFlow converts for the other backends."""

import json
import sys

from keras_gans.exporting.conversion import answer

answer(json.loads(sys.argv[1]))
