r"""FID of variants on faces of 64x64 after the same number of images.

    KERAS_BACKEND=jax python tests/benchmarks/same_images_fid.py FACES

FACES is a folder of faces. Each variant sees the same number of them, in
batches of 64, at its own rate; 5,000 samples of the average of its weights are
compared with all faces, on the networks that `--networks` names. A GPU trains
them in minutes, a core in hours. It prints a row for each variant.
"""

import argparse
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans
from keras_gans import data, metrics
from keras_gans.presets.publication.standing import standing_statistics
from keras_gans.schedules import CosineAdam
from keras_gans.stabilizers import ADA, DiffAugment

BURN_IN = 3000
COMMON = {"image_shape": (64, 64, 3), "dtype": "mixed_bfloat16", "seed": 0}


def dcgan():
    gan = keras_gans.DCGAN(
        width=48,
        stabilizers=[DiffAugment("translation,colour")],
        ema_decay=0.999,
        **COMMON,
    )
    gan.compile()
    return gan


def r3gan():
    gan = keras_gans.R3GAN(
        width=128,
        blocks=1,
        gamma=0.5,
        burn_in=BURN_IN,
        ema_decay=0.998,
        **COMMON,
    )
    rates, betas = (2e-4, 5e-5), (0.9, 0.99)
    adam = [CosineAdam(rates, 0.0, betas, BURN_IN) for _ in range(2)]
    gan.compile(generator_optimizer=adam[0], discriminator_optimizer=adam[1])
    return gan


def stylegan2():
    gan = keras_gans.StyleGAN2(
        latent_dim=128, width=128, stabilizers=[ADA()], **COMMON
    )
    gan.compile()
    return gan


ARMS = {"DCGAN": dcgan, "R3GAN": r3gan, "StyleGAN2": stylegan2}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faces")
    parser.add_argument("--arms", nargs="+", default=list(ARMS), choices=ARMS)
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--samples", type=int, default=5000)
    parser.add_argument("--networks", nargs="+", default=["colour_classifier"])
    options = parser.parse_args()
    faces = data.load(options.faces, 64, cache=True)
    for arm in options.arms:
        gan = ARMS[arm]()
        gan.fit(faces, batch_size=64, epochs=options.epochs, verbose=2)
        standing_statistics(gan)
        images = gan.generate(options.samples, seed=0)
        for network in options.networks:
            print(arm, metrics.fid(faces, images, network), flush=True)


if __name__ == "__main__":
    main()
