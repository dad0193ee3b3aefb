"""Makes the preset: python zoo/gated_inpainting_faces/recipe.py DATA [OUT].

DATA holds the folders train/ and val/ of faces. Their maps are too small for
the patches that contextual attention compares. The optimizers began anew after
epoch 60.
"""

from keras_gans import GatedInpainting, publishing

SMALL = {"width": 24, "dilations": (2, 4, 8), "critic_width": 32}
gan = GatedInpainting(
    (64, 64, 3),
    attention=False,
    ema_decay=0.999,
    dtype="mixed_bfloat16",
    seed=0,
    **SMALL,
)
gan.compile()
FACES = {"held_out": "val", "shown": lambda: publishing.portraits(64)}
TRAINING = {"epochs": 140, "batch_size": 32, "image_size": 64}
publishing.make_preset(gan, __file__, publishing.FACES, **TRAINING, **FACES)
