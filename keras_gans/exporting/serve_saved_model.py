"""Runs a SavedModel on 0.npz, 1.npz, ..., where there is no Keras.

Arguments: the model's folder, the number of batches. What it makes is written
to made_0.npz, made_1.npz, ...
"""

import sys

# Neither Keras nor this package can be imported from here on.
sys.modules.update({"keras": None, "keras_gans": None})  # type: ignore

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

folder, count = sys.argv[1:]
serve = tf.saved_model.load(folder).signatures["serving_default"]
for i in range(int(count)):
    inputs = {k: tf.constant(v) for k, v in np.load(f"{i}.npz").items()}
    made = {k: v.numpy() for k, v in serve(**inputs).items()}
    np.savez(f"made_{i}.npz", **made)
