"""Makes the preset: python zoo/conditional_gan_flowers/recipe.py DATA [OUT]."""

from keras_gans import ConditionalGAN, publishing
from keras_gans.stabilizers import R1, DiffAugment

gan = ConditionalGAN(
    image_shape=(32, 32, 3),
    num_classes=5,
    networks="dcgan",
    width=48,
    stabilizers=[DiffAugment("colour,translation"), R1(0.0032, every=16)],
    ema_decay=0.999,
    seed=0,
)
gan.compile()
publishing.make_preset(
    gan,
    __file__,
    publishing.FLOWERS,
    epochs=100,
    image_size=32,
)
