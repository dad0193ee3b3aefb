"""Makes the preset: python zoo/cyclegan_maps/recipe.py DATA [OUT].

DATA holds trainA/ and trainB/, aerial photographs and maps of other places,
and valA/ and valB/.
"""

from dataclasses import replace

from keras_gans import CycleGAN, data, publishing

SMALL = {"width": 24, "ema_decay": 0.999, "dtype": "mixed_bfloat16", "seed": 0}
gan = CycleGAN((128, 128, 3), **SMALL)
gan.compile()
publishing.make_preset(
    gan,
    __file__,
    replace(publishing.MAPS, reader=data.unpaired),
    epochs=167,
    batch_size=4,
    held_out="val",
    shown=lambda: data.Rows(
        {"images_a": publishing.aerials(128)}, name="aerials"
    ),
    **{"image_size": 128, "flip": True, "jitter": 14},
)
