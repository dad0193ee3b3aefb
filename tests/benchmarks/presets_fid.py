r"""FIDs of presets or saved states beside each other, on several networks.

    python tests/benchmarks/presets_fid.py --data faces --image-size 64 \
        zoo/stylegan2_faces zoo/progan_faces zoo/dcgan_faces

Statistics of batch norm are measured anew for the averaged weights, as
publishing does. KERAS_GANS_INCEPTION names the file of Inception's weights.
It prints a row for each preset.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_gans
from keras_gans import data, metrics
from keras_gans.presets.publication.standing import standing_statistics

NETWORKS = ["colour_classifier", "inception_768"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("presets", nargs="+")
    parser.add_argument("--data", required=True)
    parser.add_argument("--image-size", type=int)
    parser.add_argument("--networks", nargs="+", default=NETWORKS)
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    source = data.load(options.data, options.image_size)
    for network in options.networks:
        real = metrics.feature_statistics(source, network)
        for preset in options.presets:
            gan = keras_gans.load(Path(preset))
            standing_statistics(gan)
            made = data.GeneratedImages(gan, options.samples, options.seed)
            record = metrics.fid(real, made, network)
            print(f"{preset}: {record}", flush=True)


if __name__ == "__main__":
    main()
