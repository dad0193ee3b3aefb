"""Makes the preset: python zoo/progan_faces/recipe.py [DATA] [OUT]."""

from keras_gans import ProGAN, publishing

gan = ProGAN(
    image_shape=(64, 64, 3),
    latent_dim=128,
    width=96,
    growth=60_000,
    loss="non_saturating",
    penalty_weight=1.0,
    seed=0,
    dtype="mixed_bfloat16",
)
gan.compile()
publishing.make_preset(
    gan, __file__, publishing.FACES, epochs=100, image_size=64
)
