"""Makes the preset: python zoo/dfgan_anime/recipe.py DATA RUN [OUT].

RUN is the folder words_64/dfgan_0 that is left beside RESULTS by

    KERAS_BACKEND=jax python tests/benchmarks/words_anime.py dfgan --data DATA \
        --size 64 --width 24 --batch 64 --rates 2e-4 4e-4 --epochs 72 \
        --out RESULTS

which keeps fifteen pairs of colours, and half of all images, from the GAN.
"""

import functools
import pathlib
import sys

import keras

import keras_gans
from keras_gans.presets import publishing

HERE = pathlib.Path(__file__).parent
sys.path.append(str(HERE.parents[1] / "tests/benchmarks"))
from words_data import Anime  # noqa: E402

data, run, *out = map(pathlib.Path, sys.argv[1:])
anime = Anime(data, 64)
gan = keras_gans.load(run / "preset")
adam = functools.partial(keras.optimizers.Adam, beta_1=0.0, beta_2=0.9)
gan.compile(generator_optimizer=adam(2e-4), discriminator_optimizer=adam(4e-4))
unseen = anime.unseen
publishing.publish(
    gan,
    out[0] if out else f"runs/{HERE.name}",
    keras_gans.data.Rows(
        {"images": unseen.images, "prompts": anime.prompts(unseen.pairs)},
        modalities={"prompts": anime.text},
        name="anime faces that were not learned from",
    ),
    description="DFGAN, 64x64x3, trained on anime faces and their colours",
    dataset="Anime faces with the colours of hair and eyes, "
    f"{len(anime.train.images):,} training images, as 64x64",
    license="none stated",
    rows_seen=int(gan.steps.numpy()) * 64,
)
