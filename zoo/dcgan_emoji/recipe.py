"""Makes the preset: python zoo/dcgan_emoji/recipe.py DATA [OUT]."""

from keras_gans import DCGAN, publishing
from keras_gans.stabilizers import DiffAugment

gan = DCGAN(
    image_shape=(32, 32, 3),
    width=48,
    stabilizers=[DiffAugment("translation")],
    ema_decay=0.999,
    seed=0,
)
gan.compile()
publishing.make_preset(
    gan,
    __file__,
    publishing.EMOJI,
    epochs=720,
    image_size=32,
    num_samples=5000,
)
