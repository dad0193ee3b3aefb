"""Makes the preset: python zoo/pix2pix_aerial_to_map/recipe.py DATA [OUT].

DATA holds train/ and val/, pictures with an aerial photograph on the left and
its map on the right.
"""

from keras_gans import Pix2Pix, publishing

gan = Pix2Pix(
    (128, 128, 3),
    width=32,
    depth=5,
    ema_decay=0.999,
    dtype="mixed_bfloat16",
    seed=0,
)
gan.compile()
PAIRS = {"image_size": 128, "swap": False, "flip": True, "jitter": 14}
publishing.make_preset(
    gan,
    __file__,
    publishing.MAPS,
    epochs=200,
    batch_size=4,
    held_out="val",
    **PAIRS,
)
