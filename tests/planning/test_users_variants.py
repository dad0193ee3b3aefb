import keras
import numpy as np
import pytest
from contract import tiny
from keras import layers, ops

from keras_gans import losses, planning
from keras_gans.engine.model import AdversarialModel
from keras_gans.engine.two_players import TwoPlayerGAN
from keras_gans.modalities import Audio, Image, Latents
from keras_gans.planning.measuring import batch_for
from keras_gans.planning.tracing import activation_bytes, forward_flops


class Sounds(TwoPlayerGAN):
    """Latents and labels to waveforms; networks of dictionaries."""

    def __init__(self, **kwargs):
        z = keras.Input((4,), name="latents")
        y = keras.Input((3,), name="styles")
        made = layers.Dense(32)(layers.Concatenate()([z, y]))
        wave = keras.Input((32, 1), name="waveforms")
        x = layers.Concatenate()([layers.Flatten()(wave), y])
        super().__init__(
            keras.Model(
                {"latents": z, "styles": y}, layers.Reshape((32, 1))(made)
            ),
            keras.Model([wave, y], layers.Dense(1)(x)),
            {"latents": Latents(4), "styles": Styles()},
            "non_saturating",
            makes={"waveforms": Audio(32)},
            **kwargs,
        )


class Styles(Latents):
    """Three real numbers, which come from the data."""

    is_data, is_drawn, options = True, False, ()

    def __init__(self):
        super().__init__(3)


def test_a_variant_of_sounds():
    gan = Sounds(seed=1)
    gan.compile()
    batch = batch_for(gan, 8)
    assert {n: (v.shape, v.dtype) for n, v in batch.items()} == {
        "waveforms": ((8, 32, 1), "int16"),
        "styles": ((8, 3), "float32"),
    }
    assert np.ptp(batch["waveforms"].astype("int32")) > 30_000
    plan = planning.plan(gan, [1], 8, step_seconds=1.0)
    assert plan.makes == {"waveforms": (32, 1)}
    g, d = plan.players
    g_weights, d_weights = 7 * 32, 35
    assert (g.forward_flops, d.forward_flops) == (2 * g_weights, 2 * d_weights)
    assert (g.parameters, d.parameters) == (g_weights + 32, d_weights + 1)
    assert 0 < planning.measure_step(gan, 8, rounds=1) < 60


def test_labels_are_some_of_all_classes():
    gan = tiny("ConditionalGAN")
    assert gan.learns_from["labels"].num_classes == 3
    batch = batch_for(gan, 64)
    assert batch["images"].dtype == "uint8"
    assert set(batch["labels"].tolist()) == {0, 1, 2}


class Unpaired(AdversarialModel):
    """Two generators and two discriminators, two optimizers."""

    maker, averaged, judges = "makers", (), ("critics",)

    def __init__(self):
        side = Image(4, 4, 1)
        super().__init__(
            {"makers": [maker] * 2, "critics": [critic] * 2},
            {"inputs": side},
            {"images": side},
            {"photos": side, "paintings": side},
            seed=1,
        )

    def train_step(self, data):
        rows = self.rows(data)
        real = list(rows.values())

        def critics_loss():
            total = 0.0
            for network, x in zip(self.critics, real, strict=True):
                said, _ = self.look(x, None, by=network)
                total += ops.mean(said)
            return total

        def makers_loss():
            total = 0.0
            for g, d, x in zip(self.makers, self.critics, real, strict=True):
                _, said = self.look(None, g(x, training=True), by=d)
                total += ops.mean(said)
            return total

        self.minimize(critics_loss, self.critics)
        self.minimize(makers_loss, self.makers)
        return self.get_metrics_result()


def maker():
    x = keras.Input((4, 4, 1))
    y = layers.Dense(16)(layers.Flatten()(x))
    return keras.Model(x, layers.Reshape((4, 4, 1))(y))


def critic():
    x = keras.Input((4, 4, 1))
    return keras.Model(x, layers.Dense(1)(layers.Flatten()(x)))


def test_players_of_several_networks():
    gan = Unpaired()
    gan.compile()
    plan = planning.plan(gan, [2], 8, step_seconds=1.0)
    makers, critics = plan.players
    assert (makers.name, critics.name) == ("makers", "critics")
    assert (makers.steps, critics.steps) == (1, 1)
    assert makers.parameters == 2 * (256 + 16)
    assert critics.parameters == 2 * (16 + 1)
    assert makers.forward_flops == 2 * 2 * 256
    # Two networks, forward and to the weights.
    assert critics.training_flops == 2 * 2 * 2 * 16
    # The makers so, and the critics forward and back to what they see.
    assert makers.training_flops == 2 * 2 * (2 * 256 + 2 * 16)
    assert plan.scales[0].bytes_sent == 4 * (
        makers.parameters + critics.parameters
    )


def test_phases_within_phases():
    # DCGAN's discriminator takes its step in the midst of the generator's.
    gan = tiny("DCGAN", critic_steps=2)
    costs = planning.trace_step(gan, batch_for(gan, 8))
    assert costs.steps == {"generator": 1, "discriminator": 2}
    g, d = (activation_bytes(n) for n in (gan.generator, gan.discriminator))
    # At its most the generator's pass is kept, and D's of real and fake.
    assert costs.activation_bytes == 8 * (g + 2 * d)
    once = planning.trace_step(tiny("DCGAN"), batch_for(gan, 8)).flops
    assert costs.flops["discriminator"] == 2 * once["discriminator"]
    assert costs.flops["generator"] == once["generator"]
    # Forward, to the weights and, but for latents, to the inputs; what D does
    # for it comes on top.
    forward = 8 * forward_flops(gan.generator)
    judge = 8 * forward_flops(gan.discriminator)
    assert once["generator"] > 2.5 * forward + 1.5 * judge


class Growing(TwoPlayerGAN):
    """The discriminator takes two steps from the third step on."""

    def __init__(self):
        z = keras.Input((4,))
        made = layers.Reshape((4, 4, 1))(layers.Dense(16)(z))
        super().__init__(
            keras.Model(z, made),
            critic,
            {"latents": Latents(4)},
            (losses.wasserstein_critic, losses.wasserstein_generator),
            seed=1,
        )

    def stage(self, step):
        return step >= 2

    def train_step(self, data):
        self.critic_steps = 1 + self.current_stage
        return super().train_step(data)


@pytest.mark.parametrize("step, steps", [(0, 1), (2, 2)])
def test_the_stage_is_that_of_the_next_step(step, steps):
    gan = Growing()
    gan.compile()
    gan.steps.assign(step)
    costs = planning.trace_step(gan, batch_for(gan, 8))
    assert costs.steps == {"generator": 1, "discriminator": steps}
    gan.fit(batch_for(gan, 8), batch_size=8, verbose=0)
    assert int(gan.steps) == step + 1


class Inner(keras.Model):
    """A user's subclassed model, whose layers have no outputs to ask for."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(6)

    def call(self, x):
        return self.dense(x)


def test_networks_of_ones_own():
    z = keras.Input((4,))
    network = keras.Model(z, layers.Dense(5)(Inner()(z)))
    assert activation_bytes(network) == 4 * (6 + 5)
    assert forward_flops(network) == 2 * (4 * 6 + 6 * 5)
    network = keras.Sequential(
        [keras.Input((4,)), layers.Dense(6), layers.Dense(5)]
    )
    assert activation_bytes(network) == 4 * (6 + 5)
    assert forward_flops(network) == 2 * (4 * 6 + 6 * 5)
