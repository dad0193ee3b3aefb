"""Makes the preset: python zoo/stylegan2_faces/recipe.py [DATA] [OUT].

The optimizers began anew after epoch 81, where the run was stopped.
"""

from keras_gans import StyleGAN2, publishing
from keras_gans.stabilizers import ADA

gan = StyleGAN2(
    image_shape=(64, 64, 3),
    latent_dim=128,
    width=128,
    stabilizers=[ADA()],
    seed=0,
    dtype="mixed_bfloat16",
)
gan.compile()
publishing.make_preset(
    gan, __file__, publishing.FACES, epochs=114, image_size=64
)
