"""Makes the preset: python zoo/srgan_x4/recipe.py T91 [OUT].

T91 is a folder of the 91 images. KERAS_GANS_LPIPS names the file or the folder
of SqueezeNet. The steps with a discriminator, from epoch 249 on, began with new
optimizers.
"""

import keras

from keras_gans import SRGAN, publishing

RATE = keras.optimizers.schedules.PiecewiseConstantDecay([20000], [5e-4, 1e-4])
SMALL = {"width": 48, "blocks": 12, "discriminator_width": 24, "seed": 0}
LOSS = {"perceptual": "squeeze", "content_weight": 1e-3, "pixel_weight": 1.0}
BFLOAT16 = {"dtype": "mixed_bfloat16", "ema_decay": 0.999}
gan = SRGAN((72, 72, 3), pixel_steps=22568, **SMALL, **LOSS, **BFLOAT16)
gan.compile(generator_optimizer=keras.optimizers.Adam(RATE, 0.9))
CROPS = {"image_size": 72, "crops": 16, "turn": True, "cache": True}
SHOWN = {"shown": publishing.photograph_tiles(96, 4)}
TRAINING = {"epochs": 286, "batch_size": 16, **CROPS}
publishing.make_preset(gan, __file__, publishing.T91, **TRAINING, **SHOWN)
