"""Makes the preset: python zoo/gated_inpainting_faces/recipe.py [DATA] [OUT].

Faces of 64x64. Their maps are too small for the patches that contextual
attention compares, and the rates of dilation end with the maps' side of 16.
"""

from keras_gans import GatedInpainting, publishing

gan = GatedInpainting(
    image_shape=(64, 64, 3),
    width=16,
    dilations=(2, 4, 8),
    attention=False,
    critic_width=32,
    ema_decay=0.999,
    seed=0,
)
gan.compile()
publishing.make_preset(
    gan,
    __file__,
    publishing.FACES,
    epochs=20,
    batch_size=16,
    image_size=64,
)
