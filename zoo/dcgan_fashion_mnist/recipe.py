"""Makes the preset: python zoo/dcgan_fashion_mnist/recipe.py [DATA] [OUT]."""

from keras_gans import DCGAN, publishing

gan = DCGAN(
    image_shape=(28, 28, 1),
    latent_dim=128,
    ema_decay=0.999,
    seed=0,
)
gan.compile()
publishing.make_preset(
    gan,
    __file__,
    publishing.FASHION_MNIST,
    epochs=16,
)
