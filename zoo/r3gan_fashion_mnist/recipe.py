"""Makes the preset: python zoo/r3gan_fashion_mnist/recipe.py [DATA] [OUT]."""

from keras_gans import R3GAN, publishing
from keras_gans.schedules import CosineAdam

gan = R3GAN(
    image_shape=(28, 28, 1),
    width=32,
    blocks=1,
    gamma=0.05,
    burn_in=5400,
    ema_decay=0.999,
    seed=0,
    dtype="mixed_bfloat16",
)
adam = [CosineAdam((1e-3, 2e-4), 0.0, (0.9, 0.99), 5400) for _ in range(2)]
gan.compile(generator_optimizer=adam[0], discriminator_optimizer=adam[1])
publishing.make_preset(
    gan,
    __file__,
    publishing.FASHION_MNIST,
    batch_size=32,
    epochs=18,
    steps_per_epoch=300,
)
