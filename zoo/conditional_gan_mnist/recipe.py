"""Makes the preset: python zoo/conditional_gan_mnist/recipe.py [DATA] [OUT]."""

from keras_gans import ConditionalGAN, publishing

gan = ConditionalGAN(
    latent_dim=100,
    networks="dcgan",
    width=32,
    ema_decay=0.999,
    seed=0,
    dtype="mixed_bfloat16",
)
gan.compile()
publishing.make_preset(
    gan,
    __file__,
    publishing.MNIST,
    epochs=16,
    callbacks=[publishing.rate_to_zero(2e-4, epochs=16)],
)
