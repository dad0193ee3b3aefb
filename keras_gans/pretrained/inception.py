"""The Inception network of FID, KID and the Inception Score.

Architecture: Szegedy et al. 2016, "Rethinking the Inception architecture for
computer vision". The FID of papers uses one trained copy of it, the TensorFlow
graph `inception-2015-12-05`, with particulars that are kept here: 1008 logits;
average pools that do not count the padding; and in `mixed_10` a maximum pool
where the other blocks have an average pool.
"""

from typing import Any

import keras
from keras import layers, ops

TAPS = (64, 192, 768, 2048, "logits")
"""The outputs of `build_inception`: pooled features, or the 1008 logits."""

SIZE = 299
"""Height and width of the images that the network was trained on."""


def build_inception(
    tap: int | str = 2048, kernel_initializer: Any = "he_normal"
) -> keras.Model:
    """Builds the graph `inception-2015-12-05` up to a tap.

    Batch normalisation (epsilon 1e-3) is folded into the convolutions, which
    have a bias. Layers have the names of the 2015 graph, with `_` in place of
    `/`.

    Args:
        tap: 64 (after the first maximum pool), 192 (after the second), 768
            (after `mixed_7`) or 2048 (after `mixed_10`) features, each
            averaged over all positions; or `"logits"`, the 1008 logits with
            their bias.
        kernel_initializer: Initializer of the kernels; `load_inception` loads
            trained weights.

    Returns:
        A Functional model from images, float32 `(batch, 299, 299, 3)` as
        `(pixel - 128) / 128`, to `(batch, tap)`.

    Raises:
        ValueError: For another tap.
    """
    if tap not in TAPS:
        raise ValueError(f"`tap` must be one of {TAPS}. Received: {tap!r}")
    inputs = keras.Input((SIZE, SIZE, 3), name="images", dtype="float32")
    outputs = _Builder(kernel_initializer).build(inputs, tap)
    return keras.Model(inputs, outputs, name=f"inception_{tap}")


def with_original_scale(network: keras.Model) -> keras.Model:
    """Adds the scale of the graph, `(pixel - 128) / 128`, before a network.

    pytorch-fid scales images to `pixel / 127.5 - 1` instead, without this.

    Args:
        network: A model from `build_inception`.

    Returns:
        A model of the same name, from images in [-1, 1],
        `pixel / 127.5 - 1`, to the outputs of the network.
    """
    images = keras.Input(network.input_shape[1:], dtype="float32")
    scaled = layers.Rescaling(127.5 / 128, -0.5 / 128, dtype="float32")(images)
    return keras.Model(images, network(scaled), name=network.name)


class _Pointwise(layers.Conv2D):
    """A 1x1 convolution, computed as a matrix product.

    As a convolution it is slower on a CPU in JAX and PyTorch.
    """

    def call(self, inputs: Any) -> Any:
        x = ops.matmul(inputs, self.kernel[0, 0]) + self.bias
        return self.activation(x)


class _Builder:
    """The blocks of the graph."""

    dtype = "float32"  # also where a GAN trains in mixed precision

    def __init__(self, kernel_initializer: Any):
        self.kernel_initializer = kernel_initializer

    def build(self, x: Any, tap: int | str) -> Any:
        x = self.conv(x, "conv", 32, 3, strides=2, padding="valid")
        x = self.conv(x, "conv_1", 32, 3, padding="valid")
        x = self.conv(x, "conv_2", 64, 3)
        x = self.max_pool(x, "pool")
        if tap == 64:
            return self.mean(x, "features")
        x = self.conv(x, "conv_3", 80, 1)
        x = self.conv(x, "conv_4", 192, 3, padding="valid")
        x = self.max_pool(x, "pool_1")
        if tap == 192:
            return self.mean(x, "features")
        x = self.block_35(x, "mixed", 32)
        x = self.block_35(x, "mixed_1", 64)
        x = self.block_35(x, "mixed_2", 64)
        x = self.reduce_to_17(x, "mixed_3")
        x = self.block_17(x, "mixed_4", 128)
        x = self.block_17(x, "mixed_5", 160)
        x = self.block_17(x, "mixed_6", 160)
        x = self.block_17(x, "mixed_7", 192)
        if tap == 768:
            return self.mean(x, "features")
        x = self.reduce_to_8(x, "mixed_8")
        x = self.block_8(x, "mixed_9", self.mean_tower)
        x = self.block_8(x, "mixed_10", self.max_tower)
        x = self.mean(x, "pool_3")
        if tap == 2048:
            return x
        return layers.Dense(
            1008,
            kernel_initializer=self.kernel_initializer,
            name="softmax",
            dtype=self.dtype,
        )(x)

    def block_35(self, x: Any, name: str, pool_filters: int) -> Any:
        branches = [
            self.conv(x, f"{name}_conv", 64, 1),
            self.tower(x, f"{name}_tower", (48, 1), (64, 5)),
            self.tower(x, f"{name}_tower_1", (64, 1), (96, 3), (96, 3)),
            self.mean_tower(x, f"{name}_tower_2", pool_filters),
        ]
        return self.join(branches, name)

    def reduce_to_17(self, x: Any, name: str) -> Any:
        tower = self.tower(x, f"{name}_tower", (64, 1), (96, 3))
        branches = [
            self.conv(x, f"{name}_conv", 384, 3, 2, "valid"),
            self.conv(tower, f"{name}_tower_conv_2", 96, 3, 2, "valid"),
            self.max_pool(x, f"{name}_pool"),
        ]
        return self.join(branches, name)

    def block_17(self, x: Any, name: str, width: int) -> Any:
        wide, tall = (1, 7), (7, 1)
        twice = ((width, 1), (width, tall), (width, wide), (width, tall))
        branches = [
            self.conv(x, f"{name}_conv", 192, 1),
            self.tower(
                x, f"{name}_tower", (width, 1), (width, wide), (192, tall)
            ),
            self.tower(x, f"{name}_tower_1", *twice, (192, wide)),
            self.mean_tower(x, f"{name}_tower_2", 192),
        ]
        return self.join(branches, name)

    def reduce_to_8(self, x: Any, name: str) -> Any:
        first = self.tower(x, f"{name}_tower", (192, 1))
        second = self.tower(
            x, f"{name}_tower_1", (192, 1), (192, (1, 7)), (192, (7, 1))
        )
        branches = [
            self.conv(first, f"{name}_tower_conv_1", 320, 3, 2, "valid"),
            self.conv(second, f"{name}_tower_1_conv_3", 192, 3, 2, "valid"),
            self.max_pool(x, f"{name}_pool"),
        ]
        return self.join(branches, name)

    def block_8(self, x: Any, name: str, pool_tower: Any) -> Any:
        first = self.tower(x, f"{name}_tower", (384, 1))
        second = self.tower(x, f"{name}_tower_1", (448, 1), (384, 3))
        branches = [
            self.conv(x, f"{name}_conv", 320, 1),
            *self.fork(first, f"{name}_tower_mixed"),
            *self.fork(second, f"{name}_tower_1_mixed"),
            pool_tower(x, f"{name}_tower_2", 192),
        ]
        return self.join(branches, name)

    def fork(self, x: Any, name: str) -> list[Any]:
        return [
            self.conv(x, f"{name}_conv", 384, (1, 3)),
            self.conv(x, f"{name}_conv_1", 384, (3, 1)),
        ]

    def tower(self, x: Any, name: str, *stages: tuple[int, Any]) -> Any:
        for index, (filters, kernel) in enumerate(stages):
            suffix = f"_{index}" if index else ""
            x = self.conv(x, f"{name}_conv{suffix}", filters, kernel)
        return x

    def conv(
        self,
        x: Any,
        name: str,
        filters: int,
        kernel: int | tuple[int, int],
        strides: int = 1,
        padding: str = "same",
        activation: str | None = "relu",
    ) -> Any:
        backend = keras.backend.backend()
        pointwise = kernel == 1 and backend != "tensorflow"
        # On a CPU XLA computes convolutions with padding itself, up to five
        # times faster than the library that it calls for those without.
        cropped = backend == "jax" and (strides, padding) == (1, "valid")
        x = (_Pointwise if pointwise else layers.Conv2D)(
            filters,
            kernel,
            strides=strides,
            padding="same" if cropped else padding,
            activation=activation,
            kernel_initializer=self.kernel_initializer,
            name=name,
            dtype=self.dtype,
        )(x)
        if cropped:
            x = layers.Cropping2D(1, dtype=self.dtype)(x)  # All are 3x3.
        return x

    def join(self, branches: list[Any], name: str) -> Any:
        return layers.Concatenate(name=f"{name}_join", dtype=self.dtype)(
            branches
        )

    def max_pool(self, x: Any, name: str) -> Any:
        return layers.MaxPooling2D(3, 2, name=name, dtype=self.dtype)(x)

    def mean_tower(self, x: Any, name: str, filters: int) -> Any:
        # The graph pools first. The order does not matter for a linear
        # convolution, after which there are fewer channels to pool.
        x = self.conv(x, f"{name}_conv", filters, 1, activation=None)
        x = layers.AveragePooling2D(
            3, 1, "same", name=f"{name}_pool", dtype=self.dtype
        )(x)
        return layers.ReLU(name=f"{name}_relu", dtype=self.dtype)(x)

    def max_tower(self, x: Any, name: str, filters: int) -> Any:
        x = layers.MaxPooling2D(
            3, 1, "same", name=f"{name}_pool", dtype=self.dtype
        )(x)
        return self.tower(x, name, (filters, 1))

    def mean(self, x: Any, name: str) -> Any:
        return layers.GlobalAveragePooling2D(name=name, dtype=self.dtype)(x)
