from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable("keras_gans")
class NoiseInput(keras.layers.Layer):
    """Adds noise, one number of N(0, 1) for each pixel, times a learned factor.

    In training the noise is drawn anew for each image. Otherwise it is fixed,
    drawn when the layer is made and saved with it, so that the same latents
    make the same image; or it is given (`networks.noise.given_noise`).

    Karras et al. 2019, section 2, has a factor for each channel; Karras et al.
    2020, section 2.1, one for all channels. Factors start at zero.

    Args:
        per_channel: Whether each channel has a factor of its own.
        **kwargs: As in `keras.layers.Layer`.
    """

    def __init__(self, per_channel: bool = False, **kwargs: Any):
        super().__init__(**kwargs)
        self.per_channel = per_channel
        self.seed_generator = keras.random.SeedGenerator()

    def build(self, input_shape: Any) -> None:
        """Creates the factor and the fixed noise."""
        _, height, width, channels = input_shape
        self.factor = self.add_weight(
            name="factor",
            shape=(channels,) if self.per_channel else (),
            initializer="zeros",
        )
        self.noise = self.add_weight(
            name="noise",
            shape=(height, width, 1),
            initializer=keras.initializers.RandomNormal(stddev=1.0),
            trainable=False,
        )

    def call(self, x: Any, training: bool = False, noise: Any = None) -> Any:
        """Maps (N, H, W, C) to the same shape.

        Args:
            x: Maps.
            training: Whether to draw the noise.
            noise: Noise (N, H * W) in place of either.
        """
        if noise is not None:
            noise = ops.reshape(noise, (-1, *self.noise.shape))
        elif training:
            shape = (ops.shape(x)[0], *self.noise.shape)
            noise = keras.random.normal(shape, seed=self.seed_generator)
        else:
            noise = ops.convert_to_tensor(self.noise)[None]
        return x + ops.cast(noise, x.dtype) * ops.cast(self.factor, x.dtype)

    def get_config(self) -> dict[str, Any]:
        """Returns the layer's arguments."""
        return {**super().get_config(), "per_channel": self.per_channel}
