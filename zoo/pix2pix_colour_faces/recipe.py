"""Makes the preset: python zoo/pix2pix_colour_faces/recipe.py DATA [OUT].

DATA holds the folders train/ and val/ of faces.
"""

import dataclasses

from keras_gans import Pix2Pix, data, publishing

SMALL = {"width": 24, "depth": 5, "ema_decay": 0.999}
SHAPES = (64, 64, 1), (64, 64, 3)
gan = Pix2Pix(
    *SHAPES, receptive_field=34, dtype="mixed_bfloat16", seed=0, **SMALL
)
gan.compile()
publishing.make_preset(
    gan,
    __file__,
    dataclasses.replace(publishing.FACES, reader=data.pairs),
    epochs=60,
    batch_size=32,
    held_out="val",
    shown=lambda: data.pairs(publishing.portraits(64), make="grey"),
    **{"image_size": 64, "make": "grey", "flip": True, "jitter": 6},
)
