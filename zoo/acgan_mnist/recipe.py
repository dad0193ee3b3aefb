"""Makes the preset: python zoo/acgan_mnist/recipe.py [DATA] [OUT]."""

from keras_gans import ACGAN, publishing

gan = ACGAN(
    image_shape=(28, 28, 1),
    latent_dim=100,
    width=32,
    dropout=0.0,
    ema_decay=0.999,
    seed=0,
    dtype="mixed_bfloat16",
)
gan.compile()
publishing.make_preset(
    gan,
    __file__,
    publishing.MNIST,
    epochs=20,
    callbacks=[publishing.rate_to_zero(2e-4, epochs=20)],
)
