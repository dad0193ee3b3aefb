from typing import Any

import keras
from keras import ops

from keras_gans.layers.batch_normalization import BatchNormalization
from keras_gans.layers.spectral_normalization import SpectralDense


@keras.saving.register_keras_serializable("keras_gans")
class ConditionalBatchNormalization(keras.layers.Layer):
    """Batch norm whose scale and offset depend on a condition.

    De Vries et al. 2017, as in Brock et al. 2019, section 3 and appendix B:
    scale = 1 + A c and offset = B c are linear functions of the condition c.
    Where c is a one-hot label, every class has its own scale and offset.

    Args:
        synchronized: As in `BatchNormalization`.
        momentum: Momentum of the moving averages.
        epsilon: Small number that is added to the variance.
        spectral: Whether A and B have spectral normalisation.
        kernel_initializer: Initializer of A and B.
        **kwargs: As in `keras.layers.Layer`.
    """

    def __init__(
        self,
        synchronized: bool = False,
        momentum: float = 0.9,
        epsilon: float = 1e-5,
        spectral: bool = False,
        kernel_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.synchronized = synchronized
        self.momentum = momentum
        self.epsilon = epsilon
        self.spectral = spectral
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.norm = BatchNormalization(
            synchronized,
            momentum=momentum,
            epsilon=epsilon,
            scale=False,
            center=False,
            dtype=self.dtype_policy,
        )

    def build(self, input_shape: Any) -> None:
        """Creates the weights, for maps (N, H, W, C) and conditions (N, D)."""
        maps, condition = input_shape
        self.norm.build(maps)
        linear_map = SpectralDense if self.spectral else keras.layers.Dense
        for name in ("scale", "offset"):
            linear = linear_map(
                maps[-1],
                use_bias=False,
                kernel_initializer=self.kernel_initializer.clone(),
                dtype=self.dtype_policy,
                name=name,
            )
            linear.build(condition)
            setattr(self, name, linear)

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Normalises [maps (N, H, W, C), conditions (N, D)]: (N, H, W, C)."""
        maps, condition = inputs
        mode = {"training": training} if self.spectral else {}
        scale = _over_maps(self.scale(condition, **mode))
        offset = _over_maps(self.offset(condition, **mode))
        return self.norm(maps, training=training) * (1.0 + scale) + offset

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Returns the shape of the maps."""
        return input_shape[0]

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        return {
            **super().get_config(),
            "synchronized": self.synchronized,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "spectral": self.spectral,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }


def _over_maps(x: Any) -> Any:
    return ops.reshape(x, (-1, 1, 1, x.shape[-1]))
