"""GANs that data parallelism could break, each in its own way."""

import keras
from contract import tiny
from keras import layers, ops

from keras_gans import AdversarialModel, backend
from keras_gans.modalities import ClassLabel, Latents


def network(inputs, units, name):
    x = inputs = keras.Input(inputs)
    x = layers.LeakyReLU(0.2)(layers.Dense(32)(layers.Flatten()(x)))
    x = layers.Dense(units)(x)
    if name == "generator":
        x = layers.Reshape((16, 16, 1))(ops.tanh(x))
    return keras.Model(inputs, x, name=name)


class Penalised(AdversarialModel):
    """Wasserstein with a gradient penalty: two steps of the critic."""

    def __init__(self, seed=0):
        keras.utils.set_random_seed(seed)
        super().__init__(
            {
                "generator": network((4,), 256, "generator"),
                "discriminator": network((16, 16, 1), 1, "discriminator"),
            },
            takes={"latents": Latents(4)},
            ema_decay=0.9,
            seed=seed,
        )
        self.noisy = layers.Dropout(0.5, seed=1)

    def train_step(self, data):
        real, _ = self.unpack(data)
        for _ in range(2):
            fake = self.generator(self.random_latents(ops.shape(real)[0]))
            self.minimize(self.critic_loss, self.discriminator, real, fake)
        self.minimize(self.generator_loss, self.generator, real)
        return self.get_metrics_result()

    def critic_loss(self, real, fake):
        num = ops.shape(real)[0]
        mix = self.draw(keras.random.uniform, num, 1, 1, 1)
        slope = backend.input_gradient(
            self.discriminator, ops.stop_gradient(fake + mix * (real - fake))
        )
        norm = ops.sqrt(ops.sum(ops.square(slope), (1, 2, 3)) + 1e-12)
        verdict = self.discriminator(fake) - self.discriminator(real)
        return ops.mean(verdict) + 10 * ops.mean(ops.square(norm - 1))

    def generator_loss(self, real):
        fake = self.generator(self.random_latents(ops.shape(real)[0]))
        return -ops.mean(self.discriminator(fake))


class Conditional(AdversarialModel):
    """Labels travel with the images."""

    logged = ("share_of_zeros",)

    def __init__(self, seed=0):
        keras.utils.set_random_seed(seed)
        labels = keras.Input((), dtype="int32")
        latents = keras.Input((4,))
        both = ops.concatenate([latents, ops.one_hot(labels, 3)], -1)
        inner = network((7,), 256, "generator")
        super().__init__(
            {
                "generator": keras.Model([latents, labels], inner(both)),
                "discriminator": network((16, 16, 4), 1, "discriminator"),
            },
            takes={"latents": Latents(4), "labels": ClassLabel(3)},
            seed=seed,
        )

    def train_step(self, data):
        real, given = self.unpack(data)
        labels = given["labels"]
        self.log("share_of_zeros", ops.cast(labels == 0, "float32"))
        self.minimize(self.critic_loss, self.discriminator, real, labels)
        self.minimize(self.generator_loss, self.generator, labels)
        return self.get_metrics_result()

    def verdict(self, images, labels):
        labels = ops.one_hot(labels, 3)
        maps = ops.ones_like(images) * labels[:, None, None, :]
        return self.discriminator(ops.concatenate([images, maps], -1))

    def fakes(self, labels):
        return self.fakes_for(labels, {"labels": labels})

    def critic_loss(self, real, labels):
        return ops.mean(
            ops.softplus(-self.verdict(real, labels))
            + ops.softplus(self.verdict(self.fakes(labels), labels))
        )

    def generator_loss(self, labels):
        return ops.mean(ops.softplus(-self.verdict(self.fakes(labels), labels)))


def make(
    variant,
    generator="adam",
    discriminator="adam",
    seed=1,
    dropout=False,
    **arguments,
):
    """Returns a small GAN, compiled, or a network of features."""
    if variant == "features":
        keras.utils.set_random_seed(0)
        return network((16, 16, 1), 4, "features")
    own = {"Penalised": Penalised, "Conditional": Conditional}
    if variant in own:
        gan = own[variant](seed)
    else:
        gan = tiny(variant, seed=seed, **arguments)
    for layer in gan.discriminator.layers:
        if isinstance(layer, layers.Dropout) and not dropout:
            layer.rate = 0.0  # whose masks differ between replicas
    # SGD's momentum after one step is the gradient.
    made = {
        "sgd": lambda: keras.optimizers.SGD(0.01, 0.9),
        "adam": lambda: keras.optimizers.Adam(1e-4, 0.5),
    }
    gan.compile(
        generator_optimizer=made[generator](),
        discriminator_optimizer=made[discriminator](),
    )
    return gan
