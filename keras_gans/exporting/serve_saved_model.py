"""Runs a SavedModel on 0.npz, 1.npz, ..., where there is no Keras.

Arguments: the model's folder, the output's name, the number of batches.
"""

import sys

# Neither Keras nor this package can be imported from here on.
sys.modules.update({"keras": None, "keras_gans": None})  # type: ignore

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

folder, output, count = sys.argv[1:]
serve = tf.saved_model.load(folder).signatures["serving_default"]
for i in range(int(count)):
    inputs = {k: tf.constant(v) for k, v in np.load(f"{i}.npz").items()}
    np.save(f"{i}.npy", serve(**inputs)[output].numpy())
