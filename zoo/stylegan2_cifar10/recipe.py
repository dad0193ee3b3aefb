"""Makes the preset: python zoo/stylegan2_cifar10/recipe.py [DATA] [OUT].

The settings are those of Karras et al. 2020b for CIFAR-10 (figure 24) but for
the width: no path length, no style mixing, a mapping network of two layers.
The optimizers began anew after epoch 46, where the run was stopped.
"""

from keras_gans import StyleGAN2, publishing
from keras_gans.stabilizers import ADA

gan = StyleGAN2(
    image_shape=(32, 32, 3),
    num_classes=10,
    latent_dim=128,
    width=128,
    mapping_layers=2,
    r1_weight=0.01,
    path_weight=0.0,
    mixing=0.0,
    stabilizers=[ADA()],
    seed=0,
    dtype="mixed_bfloat16",
)
gan.compile()
publishing.make_preset(
    gan, __file__, publishing.CIFAR10, epochs=59, steps_per_epoch=250
)
