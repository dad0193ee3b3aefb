"""Makes the preset: python zoo/pix2pix_map_to_aerial/recipe.py DATA [OUT].

DATA holds train/ and val/, pictures with an aerial photograph on the left and
its map on the right.
"""

from pathlib import Path

from keras_gans import Pix2Pix, data, publishing

SMALL = {"width": 24, "depth": 5, "ema_decay": 0.999}
gan = Pix2Pix((256, 256, 3), dtype="mixed_bfloat16", seed=0, **SMALL)
gan.compile()
drawn = data.load(Path(__file__).parent / "drawn", 256)[:]
publishing.make_preset(
    gan,
    __file__,
    publishing.MAPS,
    epochs=200,
    batch_size=4,
    held_out="val",
    shown=data.Rows({"inputs": drawn}, name="maps drawn for this card"),
    **{"image_size": 256, "swap": True, "flip": True, "jitter": 30},
)
