"""Makes the preset: python zoo/lsgan_fashion_mnist/recipe.py [DATA] [OUT]."""

from keras_gans import LSGAN, publishing

gan = LSGAN(
    image_shape=(28, 28, 1),
    latent_dim=128,
    ema_decay=0.999,
    seed=0,
    dtype="mixed_bfloat16",
)
gan.compile()
publishing.make_preset(
    gan,
    __file__,
    publishing.FASHION_MNIST,
    epochs=8,
)
