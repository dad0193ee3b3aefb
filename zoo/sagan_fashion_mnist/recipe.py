"""Makes the preset: python zoo/sagan_fashion_mnist/recipe.py [DATA] [OUT]."""

from keras_gans import SAGAN, publishing

gan = SAGAN(
    image_shape=(28, 28, 1),
    width=32,
    ema_decay=0.999,
    seed=0,
    dtype="mixed_bfloat16",
)
gan.compile()
publishing.make_preset(
    gan,
    __file__,
    publishing.FASHION_MNIST,
    epochs=10,
)
