"""A model of Keras's own on several hosts: see test_keras_fault.py."""

import keras
import numpy as np
import tensorflow as tf

from keras_gans import distribution


class Model(keras.Sequential):
    """Spares Keras its other fault there, as our engine does."""

    def _maybe_symbolic_build(self, *args, **kwargs):
        pass


with distribution.start(timeout=60):
    model = Model([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
data = tf.data.Dataset.from_tensor_slices(
    (np.ones((8, 2), "float32"), np.ones((8, 1), "float32"))
)
model.fit(data.batch(4), verbose=0)
