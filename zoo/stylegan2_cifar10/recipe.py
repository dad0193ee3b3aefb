"""Makes the preset: python zoo/stylegan2_cifar10/recipe.py [DATA] [OUT].

The settings are those of Karras et al. 2020b for CIFAR-10 (figure 24) but for
the width. The optimizers began anew after epoch 46.
"""

from keras_gans import StyleGAN2, publishing
from keras_gans.stabilizers import ADA

SMALL = {"latent_dim": 128, "width": 128, "mapping_layers": 2}
gan = StyleGAN2(
    (32, 32, 3),
    num_classes=10,
    r1_weight=0.01,
    path_weight=0.0,
    mixing=0.0,
    stabilizers=[ADA()],
    seed=0,
    dtype="mixed_bfloat16",
    **SMALL,
)
gan.compile()
TRAINING = {"epochs": 59, "steps_per_epoch": 250}
publishing.make_preset(gan, __file__, publishing.CIFAR10, **TRAINING)
