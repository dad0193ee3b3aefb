"""Makes the preset: python zoo/gan_fashion_mnist/recipe.py [DATA] [OUT]."""

from keras_gans import GAN, publishing

gan = GAN(
    image_shape=(28, 28, 1),
    latent_dim=100,
    units=800,
    ema_decay=0.999,
    seed=0,
    dtype="mixed_bfloat16",
)
gan.compile()
publishing.make_preset(
    gan,
    __file__,
    publishing.FASHION_MNIST,
    batch_size=128,
    epochs=25,
)
