"""Follows the largest singular value of SNGAN's layers while it trains.

    python tests/benchmarks/sngan_sigmas.py --data fashion_mnist --steps 1000

Every `--every` steps NumPy computes the largest singular value of each kernel
as the next training pass would use it: one, where the power iteration keeps up
(Miyato et al. 2018, section 2.1). Printed are the smallest and the largest of
all layers.
"""

import argparse

import keras
import numpy as np

import keras_gans
from keras_gans.layers.spectral_normalization import SpectralNormalization


def sigmas_of(discriminator):
    """Returns the largest singular value of each layer's normalised kernel."""
    sigmas = {}
    for layer in discriminator.layers:
        if isinstance(layer, SpectralNormalization):
            u = np.copy(keras.ops.convert_to_numpy(layer.u))
            kernel = layer.normalised(layer.kernel, training=True)
            layer.u.assign(u)  # looking changes nothing
            matrix = keras.ops.convert_to_numpy(kernel).astype("float64")
            matrix = matrix.reshape(-1, matrix.shape[-1])
            sigmas[layer.name] = np.linalg.norm(matrix, 2)
    return sigmas


class Follow(keras.callbacks.Callback):
    """Prints the range every so many steps and keeps the widest."""

    def __init__(self, every):
        super().__init__()
        self.every = every
        self.seen = []

    def on_train_batch_end(self, batch, logs=None):
        steps = int(self.model.steps)
        if steps % self.every == 0:
            sigmas = sigmas_of(self.model.discriminator)
            self.seen += sigmas.values()
            worst = max(sigmas, key=lambda name: abs(sigmas[name] - 1))
            print(
                f"step {steps}: {min(sigmas.values()):.4f} to "
                f"{max(sigmas.values()):.4f} ({worst})",
                flush=True,
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", default="fashion_mnist")
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--power-iterations", type=int, default=None)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--every", type=int, default=20)
    parser.add_argument("--dtype", default="mixed_bfloat16")
    args = parser.parse_args()
    images = keras_gans.data.load(args.data)
    chosen = {}
    if args.power_iterations:
        chosen["power_iterations"] = args.power_iterations
    gan = keras_gans.SNGAN(
        images.image_shape, width=args.width, seed=0, dtype=args.dtype, **chosen
    )
    gan.compile()
    follow = Follow(args.every)
    gan.fit(images, steps_per_epoch=args.steps, callbacks=[follow], verbose=0)
    print(
        f"{args.steps} steps, {len(follow.seen)} values: "
        f"{min(follow.seen):.4f} to {max(follow.seen):.4f}"
    )


if __name__ == "__main__":
    main()
