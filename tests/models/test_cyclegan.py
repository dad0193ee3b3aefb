import keras
import numpy as np
import pytest
from contract import EAGER, assert_same_state, rows_for, tiny
from keras import layers, ops

import keras_gans
from keras_gans import data
from keras_gans.networks.patch_gan import build_patch_gan
from keras_gans.networks.resnet import build_resnet

SHAPE = (4, 4, 1)


def parameters(model):
    return sum(int(np.prod(w.shape)) for w in model.trainable_weights)


def scaling(weight, shape=SHAPE):
    """Returns a network that scales images."""
    inputs = keras.Input(shape)
    scale = layers.Conv2D(
        1,
        1,
        use_bias=False,
        kernel_initializer=keras.initializers.Constant(weight),
    )
    return keras.Model(inputs, scale(inputs))


def linear_gan(**kwargs):
    """G doubles, F takes -1/4, D_B takes 3 and D_A -1 times an image."""
    return keras_gans.CycleGAN(
        SHAPE,
        receptive_field=1,
        generators=[scaling(2.0), scaling(-0.25)],
        discriminators=[scaling(3.0), scaling(-1.0)],
        seed=0,
        **kwargs,
    )


def full(value, num=2):
    return ops.full((num, *SHAPE), value)


def test_losses_by_hand():
    # a = 0.25 and b = -0.4, so G(a) = 0.5 and F(b) = 0.1. The logits are
    # D_B(b) = -1.2, D_B(G(a)) = 1.5, D_A(a) = -0.25 and D_A(F(b)) = -0.1.
    gan = linear_gan(cycle_weight=8.0, identity_weight=0.25)
    real, fakes = [full(0.25), full(-0.4)], [full(0.5), full(0.1)]
    of_d = gan.discriminators_loss(real, fakes)
    expected = 0.5 * (2.2**2 + 1.5**2) + 0.5 * (1.25**2 + 0.1**2)
    assert float(of_d) == pytest.approx(expected, abs=1e-5)
    # F(G(a)) = -0.125, G(F(b)) = 0.2; G(b) = -0.8, F(a) = -0.0625.
    of_g = gan.generators_loss(real, fakes)
    cycle, identity = 0.375 + 0.6, 0.4 + 0.3125
    expected = 0.5**2 + 1.1**2 + 8 * cycle + 8 * 0.25 * identity
    assert float(of_g) == pytest.approx(expected, abs=1e-5)
    assert float(gan._means["cycle_l1"].result()) == pytest.approx(cycle / 2)
    assert float(gan._means["real_score"].result()) == pytest.approx(-0.725)
    assert float(gan._means["fake_score"].result()) == pytest.approx(0.7)


def test_no_identity_loss_and_another_pair_of_losses():
    gan = linear_gan(identity_weight=0.0, loss="relativistic")
    real, fakes = [full(0.25), full(-0.4)], [full(0.5), full(0.1)]
    softplus = lambda x: np.log1p(np.exp(x))  # noqa: E731
    # Fakes over real images are 1.5 + 1.2 and -0.1 + 0.25.
    of_d = gan.discriminators_loss(real, fakes)
    expected = 0.5 * (softplus(2.7) + softplus(0.15))
    assert float(of_d) == pytest.approx(expected, abs=1e-5)
    of_g = gan.generators_loss(real, fakes)
    expected = softplus(-2.7) + softplus(-0.15) + 10 * (0.375 + 0.6)
    assert float(of_g) == pytest.approx(expected, abs=1e-5)


def test_discriminators_see_fakes_by_way_of_their_pools():
    gan = linear_gan(pool_size=3)
    gan.compile(run_eagerly=EAGER)
    shown = []
    minimize = gan.minimize

    def spy(loss_fn, player, *args):
        if player is gan.discriminators:
            shown.append([ops.convert_to_numpy(x) for x in args[1]])
        return minimize(loss_fn, player, *args)

    if EAGER:
        gan.minimize = spy
    rows = rows_of(2)
    gan.fit(rows, batch_size=2, shuffle=False, verbose=0)
    # What the generators made before their step, and in their order.
    made = [2.0 * rows["images_a"], -0.25 * rows["images_b"]]
    for pool, fakes in zip(gan.image_pools, made, strict=True):
        assert int(pool.count) == 2
        images = ops.convert_to_numpy(pool.images)
        np.testing.assert_allclose(images[:2], fakes, rtol=1e-5)
        assert not images[2:].any()
    for of_step, fakes in zip(shown, [made], strict=EAGER):
        np.testing.assert_allclose(of_step, fakes, rtol=1e-5)


def rows_of(num):
    """Returns images of both sets that linear networks leave in [-1, 1]."""
    rng = np.random.default_rng(0)
    names = ("images_a", "images_b")
    return {n: rng.uniform(-0.4, 0.4, (num, *SHAPE)) for n in names}


def test_a_full_pool_resumes_in_the_middle(tmp_path):
    def run(*callbacks):
        gan = linear_gan(pool_size=3)
        gan.compile()
        gan.fit(rows_of(16), batch_size=2, verbose=0, callbacks=[*callbacks])
        return gan

    class Crash(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 5:
                assert [int(p.count) for p in self.model.image_pools] == [3, 3]
                raise KeyboardInterrupt

    def backup():
        return keras.callbacks.BackupAndRestore(tmp_path / "backup", 4)

    whole = run()
    with pytest.raises(KeyboardInterrupt):
        run(backup(), Crash())
    assert_same_state(run(backup()), whole)


def test_compiled_and_eager_steps_decide_alike():
    pools = []
    for run_eagerly in (True, False):
        gan = linear_gan(pool_size=4)
        gan.compile(run_eagerly=run_eagerly)
        gan.fit(rows_of(24), batch_size=3, verbose=0)
        pools.append([ops.convert_to_numpy(p.images) for p in gan.image_pools])
    np.testing.assert_allclose(*pools, atol=1e-5)


def test_networks_have_the_papers_sizes():
    # The authors' code has 11,378,179, 7,837,699 and 2,764,737 parameters,
    # with a bias before each instance norm, which the norm removes. Here a
    # norm has a scale and a shift for each channel, and no bias before it.
    normed = 64 + 128 + 256 + 128 + 64
    for size, blocks, count in ((256, 9, 11_378_179), (128, 6, 7_837_699)):
        resnet = build_resnet((size, size, 3), 3, 64)
        assert parameters(resnet) == count + normed + 2 * 256 * blocks
    wide = build_resnet((16, 129, 1), 1, 1)
    assert sum(isinstance(x, layers.Add) for x in wide.layers) == 9
    judge = build_patch_gan({"images": (256, 256, 3)}, 64, norm="instance")
    assert parameters(judge) == 2_764_737 + 128 + 256 + 512


def test_the_generator_is_the_authors():
    torch = pytest.importorskip("torch")
    nn = torch.nn

    def conv(i, o, side, *args):
        return [nn.Conv2d(i, o, side, *args, bias=False), norm(o), nn.ReLU()]

    def norm(channels):
        return nn.InstanceNorm2d(channels, affine=True)

    class Block(nn.Module):
        def __init__(self, n):
            super().__init__()
            pad = nn.ReflectionPad2d
            first = [pad(1), *conv(n, n, 3), pad(1), *conv(n, n, 3)[:2]]
            self.body = nn.Sequential(*first)

        def forward(self, x):
            return x + self.body(x)

    def up(i, o):
        layer = nn.ConvTranspose2d(i, o, 3, 2, 1, 1, bias=False)
        return [layer, norm(o), nn.ReLU()]

    theirs = nn.Sequential(
        nn.ReflectionPad2d(3), *conv(2, 4, 7),
        *conv(4, 8, 3, 2, 1), *conv(8, 16, 3, 2, 1),
        Block(16), Block(16),
        *up(16, 8), *up(8, 4),
        nn.ReflectionPad2d(3), nn.Conv2d(4, 3, 7), nn.Tanh(),
    )  # fmt: skip
    ours = build_resnet((12, 20, 2), 3, 4, 2)
    rng = np.random.default_rng(0)
    values = [rng.normal(0, 0.3, w.shape) for w in ours.trainable_weights]
    ours.set_weights(values)
    with torch.no_grad():
        for mine, value in zip(theirs.parameters(), values, strict=True):
            # Kernels (H, W, in, out) and (H, W, out, in) of the transposed.
            order = (3, 2, 0, 1) if value.ndim == 4 else (0,)
            mine.copy_(torch.from_numpy(value.transpose(order)))
        images = rng.uniform(-1, 1, (2, 12, 20, 2)).astype("float32")
        expected = theirs(torch.from_numpy(images.transpose(0, 3, 1, 2)))
    made = ops.convert_to_numpy(ours(images))
    np.testing.assert_allclose(
        made, expected.numpy().transpose(0, 2, 3, 1), atol=2e-5
    )


@pytest.mark.parametrize("shape", [(8, 8, 1), (9, 30, 3), (17, 64, 2)])
def test_any_size_is_padded_and_cropped_back(shape):
    images = np.random.default_rng(0).uniform(-1, 1, (2, *shape))
    made = build_resnet(shape, 3, 2, 1)(images.astype("float32"))
    assert made.shape == (2, *shape[:2], 3)
    assert np.isfinite(ops.convert_to_numpy(made)).all()


def test_both_directions(tmp_path):
    gan = keras_gans.CycleGAN(
        (16, 20, 1), (16, 20, 3), width=4, blocks=1, receptive_field=16,
        identity_weight=0.0, ema_decay=0.5, seed=0,
    )  # fmt: skip
    gan.compile(run_eagerly=EAGER)
    rows = rows_for(gan, 4)
    gan.fit(rows, batch_size=2, verbose=0)
    a, b = (rows[name] / 127.5 - 1.0 for name in ("images_a", "images_b"))
    there, back = (
        ops.convert_to_numpy(network(x.astype("float32")))
        for network, x in zip(gan.ema_generators, (a, b), strict=True)
    )
    near = {"atol": 1e-5}
    np.testing.assert_allclose(gan.generate(inputs=a), there, **near)
    np.testing.assert_allclose(gan.generate(images_a=a), there, **near)
    np.testing.assert_allclose(gan.generate(images_b=b), back, **near)
    reverse = gan.reversed()
    np.testing.assert_allclose(reverse.generate(inputs=b), back, **near)
    np.testing.assert_allclose(reverse.generate(images_a=a), there, **near)
    np.testing.assert_array_equal(
        reverse.reversed().generate(inputs=a), gan.generate(inputs=a)
    )
    scores, swapped = gan.evaluate(rows), reverse.evaluate(rows)
    assert scores["cycle_l1"] == pytest.approx(swapped["back_cycle_l1"])
    reverse.save_to_preset(tmp_path / "back")
    loaded = keras_gans.CycleGAN.from_preset(tmp_path / "back")
    assert list(loaded.takes) == ["images_b"]
    np.testing.assert_allclose(loaded.generate(inputs=b), back, **near)
    with pytest.raises(ValueError, match=r"takes images_a.*Received: images"):
        gan.generate(images=a)
    with pytest.raises(ValueError, match=r"Received: inputs"):
        gan.generate(inputs=a, images_a=a)


def test_scores_are_distances_there_and_back():
    # F(G(a)) = -a / 2 and G(F(b)) = -b / 2.
    gan = linear_gan()
    a = np.full((3, *SHAPE), -0.2, "float32")
    b = np.linspace(-0.8, 0.8, 16 * 5, dtype="float32").reshape(5, *SHAPE)
    sides = data.Unpaired(
        data.Rows({"images_a": a}), data.Rows({"images_b": b})
    )
    scores = gan.evaluate(sides)
    assert scores["cycle_l1"] == pytest.approx(0.3, abs=1e-6)
    expected = 1.5 * np.abs(b).mean()
    assert scores["back_cycle_l1"] == pytest.approx(expected, abs=1e-6)


def test_a_preset_has_no_pool(tmp_path):
    gan = tiny("CycleGAN", pool_size=3, run_eagerly=EAGER)
    rows = rows_for(gan, 8)
    gan.fit(rows, batch_size=8, verbose=0)
    gan.save_to_preset(tmp_path / "preset")
    loaded = keras_gans.CycleGAN.from_preset(tmp_path / "preset")
    assert [int(pool.count) for pool in loaded.image_pools] == [0, 0]
    made = [g.generate(inputs=rows["images_a"]) for g in (gan, loaded)]
    np.testing.assert_array_equal(*made)
    gan.save(tmp_path / "gan.keras")
    whole = keras.saving.load_model(tmp_path / "gan.keras")
    assert [int(pool.count) for pool in whole.image_pools] == [3, 3]


def test_the_rate_falls_in_the_second_half():
    rates = {
        player: [float(adam.learning_rate)]
        for player, adam in linear_gan().default_optimizers().items()
    }
    assert rates == {
        "generators": [pytest.approx(2e-4)],
        "discriminators": [pytest.approx(2e-4)],
    }
    gan = linear_gan(total_steps=8)
    for adam in gan.default_optimizers().values():
        assert adam.beta_1 == 0.5
        schedule = adam._learning_rate
        found = [float(schedule(step)) for step in (0, 4, 6, 7, 8, 9)]
        wanted = [2e-4, 2e-4, 1e-4, 0.5e-4, 0.0, 0.0]
        np.testing.assert_allclose(found, wanted, rtol=1e-6)


@pytest.mark.parametrize("networks", ["resnet", "unet"])
@pytest.mark.parametrize("norm", ["instance", "batch"])
def test_networks_by_name(networks, norm):
    gan = tiny("CycleGAN", networks=networks, norm=norm)
    kinds = {type(layer) for g in gan.generators for layer in g.layers}
    assert (layers.Concatenate in kinds) == (networks == "unet")
    assert (layers.Add in kinds) == (networks == "resnet")
    is_batch = keras_gans.layers.BatchNormalization in kinds
    assert is_batch == (norm == "batch")
    assert layers.Dropout not in kinds
    made = gan.generate(inputs=rows_for(gan, 2)["images_a"])
    assert made.shape == (2, 16, 16, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"output_shape": (16, 32, 1)}, "one height and width"),
        ({"output_shape": (16, 16, 3)}, "`identity_weight` must be 0"),
        ({"receptive_field": 70}, r"one of \[1, 16\]"),
        ({"input_shape": (7, 9, 1), "receptive_field": 1}, "at least 8x8"),
        ({"norm": "layer"}, "norm='layer'"),
        ({"networks": "vit"}, "'vit'"),
        ({"loss": "unknown"}, "unknown"),
        ({"pool_size": 0}, "pool_size=0"),
        ({"total_steps": 0}, "total_steps=0"),
        ({"names": ("a", "a")}, "two different names"),
        ({"generators": [scaling(1.0)]}, "`generators` must be a list of two"),
        ({"discriminators": scaling(1.0)}, "`discriminators` must be a list"),
        (
            {"generators": [scaling(1.0, (16, 16, 1)), scaling(1.0)]},
            "must take",
        ),
        (
            {"discriminators": [scaling(1.0, (16, 16, 1)), scaling(1.0)]},
            "must take",
        ),
    ],
)
def test_bad_arguments(arguments, message):
    given = {"input_shape": (16, 16, 1), "receptive_field": 16, **arguments}
    with pytest.raises(ValueError, match=message):
        keras_gans.CycleGAN(width=4, blocks=1, **given)


def test_it_learns_the_way_there_and_back():
    # Dark pictures and bright ones with an edge at a random place.
    rng = np.random.default_rng(0)
    places = rng.integers(3, 13, (2, 24))
    edges = np.arange(16) < places[..., None, None]
    steps = np.broadcast_to(edges[..., None], (2, 24, 16, 16, 1))
    a, b = (64 * steps[0] + 20).astype("uint8"), (64 * steps[1] + 170)
    gan = keras_gans.CycleGAN(
        (16, 16, 1), width=8, blocks=1, receptive_field=16,
        identity_weight=0.0, seed=0,
    )  # fmt: skip
    gan.compile(generators_optimizer=keras.optimizers.Adam(2e-3, 0.5))
    rows = {"images_a": a, "images_b": b.astype("uint8")}
    before = gan.evaluate(rows)
    gan.fit(rows, batch_size=4, epochs=12, verbose=0)
    after = gan.evaluate(rows)
    for score in before:
        assert after[score] < 0.5 * before[score]
    assert gan.generate(inputs=a).mean() > 0.2
    assert gan.generate(images_b=rows["images_b"]).mean() < -0.2


def test_the_second_generator_takes_what_the_first_one_makes():
    gan = tiny("CycleGAN")
    assert gan.taken_by(0) is gan.takes
    assert gan.taken_by(1) is gan.makes
    assert tiny("GAN").taken_by(1).keys() == {"latents"}
    b = np.zeros((2, 16, 16, 1), "float32")
    back = gan.generate(2, 7, images_b=b)  # how many, and a seed
    np.testing.assert_array_equal(back, gan.generate(images_b=b))
