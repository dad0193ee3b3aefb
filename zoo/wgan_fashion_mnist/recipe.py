"""Makes the preset: python zoo/wgan_fashion_mnist/recipe.py [DATA] [OUT]."""

from keras.optimizers import RMSprop

from keras_gans import WGAN, callbacks, data, publishing

gan = WGAN(
    image_shape=(28, 28, 1),
    latent_dim=128,
    width=32,
    ema_decay=0.999,
    seed=0,
    dtype="mixed_bfloat16",
)
gan.compile(**{f"{p}_optimizer": RMSprop(2e-4) for p in gan.players})
fid = callbacks.FID(data.load("fashion_mnist_10k"), num_samples=2000)
publishing.make_preset(
    gan,
    __file__,
    publishing.FASHION_MNIST,
    epochs=24,
    steps_per_epoch=300,
    callbacks=[fid],
)
