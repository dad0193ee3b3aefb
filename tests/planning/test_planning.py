import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from contract import tiny
from keras import ops

import keras_gans
from keras_gans import backend, planning
from keras_gans.planning import tracing

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

on_jax = keras.backend.backend() == "jax"


def flops_of(fn, *shapes):
    arrays = [np.zeros(shape, "float32") for shape in shapes]
    return sum(flops for _, flops in tracing._backend.products(fn, *arrays))


def images(num, side, channels):
    return {"images": np.zeros((num, side, side, channels), "uint8")}


def test_a_ring_sends_every_part_round_twice():
    assert planning.bytes_sent(1, 600) == 0
    assert planning.bytes_sent(2, 600) == 600  # a half, and a half
    assert planning.bytes_sent(4, 600) == 900  # 2 * 3 turns of 150
    assert planning.bytes_sent(3, 600) == 800


def test_a_step_on_four_devices():
    link = planning.Link(gbps=8.0, latency_us=1000.0)  # 1e9 bytes a second
    # 1.5 * (4 MB + 2 MB) take 9 ms; two messages of 6 turns take 12 ms.
    found = planning.scale(4, 0.079, [4_000_000, 2_000_000], link)
    assert found.devices == 4 and found.bytes_sent == 9_000_000
    assert found.communication_seconds == pytest.approx(0.021)
    assert found.step_seconds == pytest.approx(0.1)
    assert found.efficiency == pytest.approx(0.79)


def test_one_device_sends_nothing():
    found = planning.scale(1, 0.1, [4_000_000], planning.Link(1.0, 50.0))
    assert (found.bytes_sent, found.efficiency) == (0, 1)


@pytest.mark.parametrize("link", [(0, 1), (-1, 1), (float("nan"), 1), (1, -1)])
def test_links_that_cannot_be(link):
    with pytest.raises(ValueError, match="Received: Link"):
        planning.Link(*link)


@pytest.mark.parametrize(
    "fn, shapes, flops",
    [
        (ops.matmul, [(3, 4), (4, 5)], 2 * 3 * 4 * 5),
        (ops.matmul, [(2, 3, 4), (2, 4, 5)], 2 * 2 * 3 * 4 * 5),
        (
            lambda q, k: ops.einsum("bqd,bkd->bqk", q, k),
            [(2, 3, 4), (2, 5, 4)],
            2 * 2 * 3 * 5 * 4,
        ),
        (
            lambda x, k: ops.conv(x, k, 2, "same", "channels_last"),
            [(2, 8, 8, 3), (4, 4, 3, 5)],
            2 * (2 * 4 * 4) * (4 * 4 * 3 * 5),
        ),
        (
            lambda x, k: ops.conv_transpose(
                x, k, 2, "same", data_format="channels_last"
            ),
            [(2, 4, 4, 3), (4, 4, 5, 3)],
            2 * (2 * 4 * 4) * (4 * 4 * 3 * 5),
        ),
        (
            lambda x: ops.cond(
                ops.sum(x) >= 0, lambda: ops.matmul(x, x), lambda: x
            ),
            [(4, 4)],
            2 * 4**3,
        ),
    ],
    ids=["matmul", "batched", "einsum", "conv", "conv_transpose", "cond"],
)
def test_flops_of_products(fn, shapes, flops):
    assert flops_of(fn, *shapes) == flops


def test_costs_of_the_first_gan():
    gan = tiny(
        "GAN", units=20
    )  # 4 latents, 20 units, 16x16x1; 4 maxouts of 5 pieces
    plan = planning.plan(gan, [1, 2], 8, step_seconds=1.0)
    g, d = plan.players
    assert g.name == "generator" and d.name == "discriminator"
    g_weights = 4 * 20 + 20 * 20 + 20 * 256
    d_weights = 256 * 20 + 4 * 20 + 4
    assert g.forward_flops == 2 * g_weights
    assert d.forward_flops == 2 * d_weights
    assert g.parameters == g_weights + 20 + 20 + 256
    assert d.parameters == d_weights + 20 + 20 + 1
    # Two dense layers of 20 and one of 256, and its tanh.
    assert g.activation_bytes == 4 * (20 + 20 + 256 + 256)
    assert (g.steps, d.steps) == (1, 1)
    # D: real and fake, forward and weights, and inputs but the images'.
    assert d.training_flops == 2 * 2 * (3 * d_weights - 256 * 20)
    # G: forward, weights, inputs but the latents'; D's forward and inputs.
    assert g.training_flops == 2 * (3 * g_weights - 4 * 20 + 2 * d_weights)
    # The fakes for D are drawn between the phases.
    total = g.training_flops + d.training_flops + g.forward_flops
    assert plan.training_flops == total
    messages = 4 * (g.parameters + d.parameters)
    assert [s.bytes_sent for s in plan.scales] == [0, messages]


def test_the_step_itself_is_counted():
    once, twice = (
        planning.trace_step(tiny("GAN", critic_steps=n), images(8, 16, 1))
        for n in (1, 2)
    )
    assert once.steps == {"generator": 1, "discriminator": 1}
    assert twice.steps == {"generator": 1, "discriminator": 2}
    d = "discriminator"
    assert twice.flops[d] == 2 * once.flops[d]
    assert twice.flops["generator"] == once.flops["generator"]


class Penalised(keras_gans.GAN):
    def discriminator_loss(self, real, fake, given):
        slope = backend.input_gradient(self.discriminator, real)
        loss = super().discriminator_loss(real, fake, given)
        return loss + ops.mean(ops.square(slope))


def test_gradients_of_gradients_are_counted():
    seen = keras.Input((16, 16, 1))
    x = keras.layers.Flatten()(seen)
    x = keras.layers.Dense(20, "tanh")(x)
    d = keras.Model(seen, keras.layers.Dense(1)(x))
    kwargs = {"image_shape": (16, 16, 1), "latent_dim": 4, "units": 20}
    gan = Penalised(**kwargs, discriminator=d, seed=0)
    gan.compile()
    costs = planning.trace_step(gan, images(8, 16, 1))
    flops = costs.flops["discriminator"]
    first, last = 2 * 256 * 20, 2 * 20
    plain = 2 * (2 * first + 3 * last)
    # Forward, and back to the images: the slope. From it back to the weights
    # and to the slope of tanh, and from there to the weights once more.
    assert flops / 8 - plain == pytest.approx(5 * first, rel=0.02)


def subpixel_factor(side):
    """UpsamplingConv2D on JAX computes one row and column more."""
    return ((side + 1) / side) ** 2 if on_jax else 1.0


def test_flops_of_dcgan_equal_those_of_pytorch():
    torch = pytest.importorskip("torch")
    from pytorch_dcgan import Discriminator, Generator
    from torch.utils.flop_counter import FlopCounterMode

    gan = keras_gans.DCGAN(seed=0)
    with FlopCounterMode(display=False) as counter:
        Discriminator()(torch.zeros(1, 3, 64, 64))
    d = tracing.forward_flops(gan.discriminator)
    assert d == counter.get_total_flops()
    with FlopCounterMode(display=False) as counter:
        Generator()(torch.zeros(2, 100))
    g = tracing.forward_flops(gan.generator)
    # All four doublings have as much to do; the rest is the dense layer.
    dense, conv = 2 * 100 * 8192, 2 * 16 * 16 * 512 * 256
    convs = [conv, conv, conv, 2 * 32 * 32 * 16 * 64 * 3]
    assert 2 * (dense + sum(convs)) == counter.get_total_flops()
    factors = map(subpixel_factor, (4, 8, 16, 32))
    wanted = sum(c * f for c, f in zip(convs, factors, strict=True))
    assert g == pytest.approx(dense + wanted, abs=1)


@pytest.mark.skipif(on_jax, reason="JAX's upsampling computes more")
def test_flops_of_a_whole_dcgan_step():
    from train_step import flops_per_step

    gan = keras_gans.DCGAN(seed=0)
    gan.compile()
    costs = planning.trace_step(gan, images(4, 64, 3))
    assert sum(costs.flops.values()) == flops_per_step() / 64 * 4


def test_a_model_is_left_as_it_was():
    gan = tiny("DCGAN")
    planning.trace_step(gan, images(8, 16, 1))
    assert gan.minimize.__func__ is keras_gans.AdversarialModel.minimize
    gan.fit(images(16, 16, 1), batch_size=8, verbose=0)


@pytest.mark.parametrize("dtype, size", [("float32", 4), ("mixed_bfloat16", 2)])
def test_activations_follow_the_dtype(dtype, size):
    gan = tiny("DCGAN", dtype=dtype)
    # 16x16x1 from latents: dense, norm and ReLU at 4x4x8; then 8x8x4; then
    # the images, whose tanh is float32.
    maps = 3 * 4 * 4 * 8 + 3 * 8 * 8 * 4 + 16 * 16
    assert tracing.activation_bytes(gan.generator) == size * maps + 4 * 256


def test_measures_a_step():
    assert 0 < planning.measure_step(tiny("GAN"), 8, rounds=1) < 60


@pytest.mark.parametrize(
    "arguments",
    [{"devices": [0]}, {"batch_size": 0}, {"step_seconds": 0.0}],
    ids=str,
)
def test_plans_that_cannot_be(arguments):
    with pytest.raises(ValueError, match="Received: devices="):
        planning.plan(tiny("GAN"), **{"step_seconds": 1.0, **arguments})
