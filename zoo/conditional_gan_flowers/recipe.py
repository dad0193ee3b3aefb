"""Makes the preset: python zoo/conditional_gan_flowers/recipe.py DATA [OUT].

DATA is a folder with 320 photographs of each class, the hour of the guide on
one's own photographs: tests/benchmarks/first_hour.py makes it.
"""

from keras_gans import ConditionalGAN, publishing
from keras_gans.stabilizers import DiffAugment

gan = ConditionalGAN(
    image_shape=(32, 32, 3),
    num_classes=5,
    networks="dcgan",
    stabilizers=[DiffAugment("colour,translation")],
    ema_decay=0.999,
    dtype="mixed_bfloat16",
    seed=0,
)
gan.compile()
FLOWERS = publishing.FLOWERS
publishing.make_preset(gan, __file__, FLOWERS, epochs=600, image_size=32)
