"""Makes the preset: python zoo/transgan_mnist/recipe.py [DATA] [OUT]."""

from keras.optimizers import Adam

from keras_gans import TransGAN, publishing

gan = TransGAN(
    image_shape=(32, 32, 1),
    patch_size=2,
    augment=False,
    critic_steps=1,
    ema_decay=0.999,
    seed=0,
    dtype="mixed_bfloat16",
)
gan.compile(**{f"{p}_optimizer": Adam(2e-4, 0.0, 0.99) for p in gan.players})
publishing.make_preset(
    gan,
    __file__,
    publishing.MNIST,
    batch_size=32,
    epochs=18,
    steps_per_epoch=300,
    image_size=32,
)
