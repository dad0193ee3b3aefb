"""Makes the preset: python zoo/pix2pix_aerial_to_map/recipe.py DATA [OUT].

DATA holds train/ and val/, pictures with an aerial photograph on the left and
its map on the right.
"""

from keras_gans import Pix2Pix, data, publishing

SMALL = {"width": 24, "depth": 5, "ema_decay": 0.999}
gan = Pix2Pix((256, 256, 3), dtype="mixed_bfloat16", seed=0, **SMALL)
gan.compile()
publishing.make_preset(
    gan,
    __file__,
    publishing.MAPS,
    epochs=200,
    batch_size=4,
    held_out="val",
    shown=lambda: data.Rows(
        {"inputs": publishing.aerials(256)}, name="aerials"
    ),
    **{"image_size": 256, "flip": True, "jitter": 30},
)
