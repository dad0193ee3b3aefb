"""Makes the preset: python zoo/gated_inpainting_faces/recipe.py DATA [OUT].

DATA holds the folders train/ and val/ of faces. Their maps are too small for
the patches that contextual attention compares, and the rates of dilation end
with the maps' side of 16. The optimizers began anew after epoch 60.
"""

from keras_gans import GatedInpainting, publishing

gan = GatedInpainting(
    image_shape=(64, 64, 3),
    width=24,
    dilations=(2, 4, 8),
    attention=False,
    critic_width=32,
    ema_decay=0.999,
    dtype="mixed_bfloat16",
    seed=0,
)
gan.compile()
publishing.make_preset(
    gan,
    __file__,
    publishing.FACES,
    epochs=140,
    batch_size=32,
    held_out="val",
    shown=publishing.portraits(64),
    image_size=64,
)
