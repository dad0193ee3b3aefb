"""Makes the preset: python zoo/biggan_fashion_mnist/recipe.py [DATA] [OUT]."""

from keras_gans import BigGAN, publishing

gan = BigGAN(
    image_shape=(28, 28, 1),
    width=32,
    critic_steps=2,
    ema_decay=0.999,
    seed=0,
    dtype="mixed_bfloat16",
)
gan.compile()
publishing.make_preset(
    gan,
    __file__,
    publishing.FASHION_MNIST,
    epochs=5,
)
