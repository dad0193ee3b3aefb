"""Makes the preset: python zoo/dcgan_faces/recipe.py [DATA] [OUT]."""

from keras_gans import DCGAN, publishing
from keras_gans.stabilizers import DiffAugment

gan = DCGAN(
    image_shape=(64, 64, 3),
    width=24,
    stabilizers=[DiffAugment("translation,colour")],
    ema_decay=0.999,
    seed=0,
)
gan.compile()
publishing.make_preset(
    gan,
    __file__,
    publishing.FACES,
    epochs=26,
    image_size=64,
)
