"""Makes the preset: python zoo/srgan_faces_x4/recipe.py DATA [OUT].

DATA holds train/ and val/ of faces; KERAS_GANS_LPIPS names SqueezeNet's file.
"""

from dataclasses import replace

from keras import optimizers

from keras_gans import SRGAN, data, publishing

RATE = optimizers.schedules.PiecewiseConstantDecay([4500], [5e-4, 1e-4])
SMALL = {"width": 48, "blocks": 8, "discriminator_width": 24, "seed": 0}
LOSS = {"perceptual": "squeeze", "content_weight": 1e-3, "pixel_weight": 1.0}
BFLOAT16 = {"dtype": "mixed_bfloat16", "ema_decay": 0.999}
gan = SRGAN((64, 64, 3), pixel_steps=4500, **SMALL, **LOSS, **BFLOAT16)
gan.compile(generator_optimizer=optimizers.Adam(RATE, 0.9))
SHOWN = {"shown": lambda: data.pairs(publishing.portraits(64), make="quarter")}
FACES = {"image_size": 64, "flip": True, "make": "quarter", "held_out": "val"}
PAIRS = replace(publishing.FACES, reader=data.pairs)
TRAINING = {"epochs": 50, "batch_size": 32, **FACES}
publishing.make_preset(gan, __file__, PAIRS, **TRAINING, **SHOWN)
