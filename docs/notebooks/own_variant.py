# %% [markdown]
# # A variant of your own
#
# A variant is a subclass of `AdversarialModel`. Its constructor hands over the networks and says what
# the generator takes and makes; its `train_step` reads like the paper. It then trains, resumes, is
# saved and exported like the variants of the package, on every backend.

# %%
import keras_gans
import keras
import numpy as np
from keras import layers, ops

from keras_gans import losses
from keras_gans.modalities import Image, Latents
from keras_gans.stabilizers import R1


# %%
def build_generator():
    z = keras.Input((32,))
    x = layers.Reshape((7, 7, 16))(layers.Dense(7 * 7 * 16, "relu")(z))
    x = layers.Conv2DTranspose(8, 4, 2, "same", activation="relu")(x)
    return keras.Model(
        z, layers.Conv2DTranspose(1, 4, 2, "same", activation="tanh")(x)
    )


def build_discriminator():
    images = keras.Input((28, 28, 1))
    x = layers.Conv2D(16, 4, 2, "same", activation="leaky_relu")(images)
    x = layers.Conv2D(32, 4, 2, "same", activation="leaky_relu")(x)
    return keras.Model(images, layers.Dense(1)(layers.Flatten()(x)))


@keras.saving.register_keras_serializable("notebook")
class HingeGAN(keras_gans.AdversarialModel):
    def __init__(self, **kwargs):
        super().__init__(
            players={
                "generator": build_generator,
                "discriminator": build_discriminator,
            },
            takes={"latents": Latents(32)},
            makes={"images": Image(28, 28, 1)},
            own_stabilizers=[R1(weight=1.0, every=16)],
            **kwargs,
        )

    def train_step(self, data):
        real, _ = self.unpack(data)
        fake = ops.stop_gradient(self.fakes_for(real))
        self.minimize(self.judge_loss, self.discriminator, real, fake)
        self.minimize(self.maker_loss, self.generator, real)
        return self.get_metrics_result()

    def judge_loss(self, real, fake):
        return losses.hinge_discriminator(*self.look(real, fake))

    def maker_loss(self, real):
        _, fake_logits = self.look(None, self.fakes_for(real))
        return losses.wasserstein_generator(fake_logits)


# %%
gan = HingeGAN(seed=0)
gan.compile()
images = keras_gans.data.load("fashion_mnist_10k")
history = gan.fit(images[:1280], epochs=2, verbose=2)
assert np.isfinite(history.history["r1"]).all()

# %% [markdown]
# The result is a preset like any other.

# %%
gan.save_to_preset("hinge_gan")
again = keras_gans.AdversarialModel.from_preset("hinge_gan")
np.testing.assert_array_equal(
    gan.generate(4, seed=0), again.generate(4, seed=0)
)
