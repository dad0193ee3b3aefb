import keras
import numpy as np
import pytest
from contract import assert_same_state
from keras import ops

import keras_gans
from keras_gans import backend
from keras_gans.models.styles.progan import build_generator
from keras_gans.networks.growing import (
    generator_part,
    judge_images,
    shares_of,
    sizes_of,
)
from keras_gans.stabilizers import R1, Drift, GradientPenalty

BACKEND = keras.backend.backend()
SMALL = {"latent_dim": 4, "width": 4, "seed": 1}


def small(side=8, growth=0, **kwargs):
    gan = keras_gans.ProGAN((side, side, 2), growth=growth, **SMALL, **kwargs)
    # In training mode a step is as fast op by op, but for JAX.
    gan.compile(run_eagerly=BACKEND != "jax")
    return gan


def images_of(side, num=8, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (num, side, side, 2)).astype("uint8")


def value(x):
    return ops.convert_to_numpy(x)


def halved(x):
    n, side, _, c = x.shape
    return x.reshape(n, side // 2, 2, side // 2, 2, c).mean((2, 4))


def repeated(x):
    return x.repeat(2, 1).repeat(2, 2)


def set_share(network, size, share):
    shares_of(network)[size].share.assign(share)


def test_the_generator_fades_in_by_hand():
    gan = small(16)
    z = gan.sample_latents(3, seed=0)
    old = value(generator_part(gan.generator, 4)(z))
    new = keras.Model(
        gan.generator.inputs, gan.generator.get_layer("to_images_8").output
    )
    new = value(new([z]))
    part = generator_part(gan.generator, 8)
    for share in (0.0, 0.25, 1.0):
        set_share(gan.generator, 8, share)
        made = value(part(z))
        expected = (1 - share) * repeated(old) + share * new
        np.testing.assert_allclose(made, expected, atol=1e-6)
    # The next size has not begun: the whole network repeats these pixels.
    set_share(gan.generator, 16, 0.0)
    whole = value(gan.generator(z, training=True))
    np.testing.assert_array_equal(whole, repeated(made))


def test_the_discriminator_fades_in_by_hand():
    gan = small()
    judge = gan.discriminator
    x = np.random.default_rng(0).normal(size=(4, 8, 8, 2)).astype("float32")
    smaller = judge_images(4, (8, 8, 2), 4, [4, 8], network=judge)
    set_share(judge, 8, 0.0)
    np.testing.assert_allclose(
        value(judge(x)), value(smaller(halved(x))), rtol=1e-4, atol=1e-6
    )
    maps = [
        judge.get_layer(name).output
        for name in ("from_images_4_leaky", "conv_8_1_leaky", "fade_in_8")
    ]
    set_share(judge, 8, 0.25)
    old, new, both = map(value, keras.Model(judge.inputs, maps)([x]))
    np.testing.assert_allclose(both, 0.75 * old + 0.25 * new, atol=1e-6)


def test_both_losses_by_hand():
    gan = small(growth=[(4, 0, 16), (8, 64, 0)])
    gan.steps.assign(1)  # of 64 images each, by default
    assert gan.size == 8
    set_share(gan.generator, 8, 0.75)
    real, given = gan.unpack(images_of(8))
    x = images_of(8) / 127.5 - 1
    expected = 0.25 * repeated(halved(x)) + 0.75 * x
    np.testing.assert_allclose(value(real), expected, atol=1e-5)
    fake = gan.fakes_for(real, given)
    gan.draw = lambda sampler, num, *shape: ops.full((num, 1), 0.25)
    loss = gan.total_loss(
        "discriminator", gan.discriminator_loss, real, fake, given
    )
    between = value(fake) + 0.25 * (value(real) - value(fake))
    judge = gan.discriminator
    slope = value(backend.input_gradient(judge, ops.convert_to_tensor(between)))
    norms = np.sqrt((slope**2).sum((1, 2, 3)))
    said_real, said_fake = value(judge(real)), value(judge(fake))
    expected = said_fake.mean() - said_real.mean()
    expected += 10 * ((norms - 1) ** 2).mean() + 1e-3 * (said_real**2).mean()
    assert float(loss) == pytest.approx(expected, rel=1e-4)
    verdict = gan.verdict_on(real, fake, given)
    assert float(verdict) == pytest.approx(-said_fake.mean(), rel=1e-4)


def test_sizes_and_shares_step_by_step():
    gan = small(16, [(4, 0, 16), (8, 32, 8), (16, 16, 0)])
    seen = []
    train_discriminator = gan.train_discriminator

    def noting(real, fake, given):
        shares = [value(s.share) for s in shares_of(gan.discriminator).values()]
        seen.append((real.shape[1], fake.shape[1], *shares))
        train_discriminator(real, fake, given)

    gan.train_discriminator = noting
    if BACKEND == "jax":
        gan.compile(run_eagerly=True)
    gan.fit(images_of(16, 80), batch_size=8, verbose=0)
    eight = [0.0, 0.0, 0.0, 0.25, 0.5, 0.75, 1.0, 1.0, 1.0, 1.0]
    sixteen = [0.0] * 7 + [0.0, 0.5, 1.0]
    sides = [4] * 2 + [8] * 5 + [16] * 3
    pairs = {}  # D has the same shares as G, from large to small
    for s, a, b in zip(sides, eight, sixteen, strict=True):
        pairs.setdefault(s, []).append((s, s, b, a))
    assert seen == [row for s in (4, 8, 16) for row in pairs[s]]
    for network in (gan.generator, gan.ema_generator):
        shares = {k: value(v.share) for k, v in shares_of(network).items()}
        assert shares == {8: 1.0, 16: 1.0}


def test_layers_not_reached_stay_as_they_are():
    gan = small(16, [(4, 0, 16), (8, 8, 8), (16, 8, 8)])
    late = [
        v
        for network in (gan.generator, gan.discriminator)
        for layer in network.layers
        for v in layer.trainable_variables
        if "8" in layer.name or "16" in layer.name
    ]
    assert len(late) == 24
    before = [np.copy(value(v)) for v in late]

    def slots(variable):
        for optimizer in gan.optimizer.optimizers:
            index = optimizer._trainable_variables_indices.get(
                optimizer._var_key(variable)
            )
            if index is not None:
                square = optimizer._velocities[index]
                return value(optimizer._counts[index]), value(square)

    gan.fit(images_of(16, 16), batch_size=8, verbose=0)
    for old, variable in zip(before, late, strict=True):
        np.testing.assert_array_equal(value(variable), old)
        count, square = slots(variable)
        assert count == 0 and not square.any()
    early = gan.generator.get_layer("conv_4").kernel
    assert slots(early)[0] == 2
    # The first step of 8x8 has a share of 0, and the second one has all.
    gan.fit(images_of(16, 16), batch_size=8, verbose=0)
    kernel = gan.generator.get_layer("conv_8_0").kernel
    assert slots(kernel)[0] == 1
    change = value(kernel) - before[[v is kernel for v in late].index(True)]
    moved = np.abs(change[change != 0])
    assert len(moved) > 100
    np.testing.assert_allclose(moved, 1e-3, rtol=2e-2)
    assert slots(gan.generator.get_layer("conv_16_0").kernel)[0] == 0


def test_images_are_counted_on_with_another_batch_size():
    gan = small(8, [(4, 0, 40), (8, 40, 0)])
    gan.fit(images_of(8, 32), batch_size=16, verbose=0)
    assert gan.size == 4
    gan.fit(images_of(8, 12), batch_size=4, verbose=0)
    # 32 and 12 images: 4 of the second size's 40, which the next step sees.
    assert gan.size == 8
    gan.fit(images_of(8, 4), batch_size=4, verbose=0)
    assert float(value(shares_of(gan.generator)[8].share)) == pytest.approx(0.1)


def test_data_of_other_kinds_say_their_batch_size():
    class Data(keras.utils.PyDataset):
        def __len__(self):
            return 2

        def __getitem__(self, index):
            return images_of(8, 4, index)

    gan = small(8, [(4, 0, 8), (8, 8, 0)])
    gan.fit(Data(), verbose=0)
    assert gan.size == 8


def test_resumes_in_the_middle_of_a_fade_in(tmp_path):
    def train(*callbacks):
        gan = small(8, [(4, 0, 8), (8, 32, 8)])
        gan.fit(
            images_of(8, 40), batch_size=8, verbose=0, callbacks=[*callbacks]
        )
        return gan

    class Crash(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 3:
                raise KeyboardInterrupt

    def backup():
        return keras.callbacks.BackupAndRestore(tmp_path / "backup", 3)

    whole = train()
    with pytest.raises(KeyboardInterrupt):
        train(backup(), Crash())
    fresh = small(8, [(4, 0, 8), (8, 32, 8)])
    fresh.load_weights(tmp_path / "backup" / "latest.weights.h5")
    share = float(value(shares_of(fresh.generator)[8].share))
    assert share == 0.25  # of the third step, after 16 images
    resumed = train(backup())
    assert_same_state(resumed, whole)
    assert int(resumed.steps) == 5


@pytest.mark.skipif(BACKEND == "torch", reason="runs without a trace")
def test_each_size_is_traced_once():
    gan = small(8, [(4, 0, 16), (8, 16, 16)])
    traced = []
    unpack = gan.unpack
    gan.unpack = lambda data: (traced.append(gan.size), unpack(data))[1]
    gan.compile()
    gan.fit(images_of(8, 48), batch_size=8, epochs=2, verbose=0)
    assert traced == [4, 8]


def test_pictures_have_full_size_while_it_grows():
    gan = small(16, 1000)
    gan.fit(images_of(16), batch_size=8, verbose=0)
    images = gan.generate(4, seed=0)
    assert images.shape == (4, 16, 16, 2)
    blocks = images[:, ::4, ::4]
    np.testing.assert_array_equal(images, repeated(repeated(blocks)))
    assert np.abs(blocks[:, 1:] - blocks[:, :-1]).max() > 0


def test_history_shows_the_growth():
    gan = small(8, [(4, 0, 8), (8, 16, 0)])
    logs = gan.fit(images_of(8, 24), batch_size=8, verbose=0).history
    assert logs["resolution"] == pytest.approx([(4 + 8 + 8) / 3])
    assert logs["share"] == pytest.approx([(1 + 0 + 0.5) / 3])


def test_losses_and_their_penalties():
    kinds = [type(s) for s in small().stabilizers]
    assert kinds == [GradientPenalty, Drift]
    assert [s.weight for s in small().stabilizers] == [10.0, 1e-3]
    gan = small(loss="non_saturating", penalty_weight=5.0)
    assert [type(s) for s in gan.stabilizers] == [R1]
    assert gan.stabilizers[0].weight == 5.0
    logs = gan.fit(images_of(8), batch_size=8, verbose=0).history
    assert np.isfinite([v for (v,) in logs.values()]).all() and "r1" in logs


def test_a_preset_trains_on_at_full_size(tmp_path):
    gan = small(8, 0)
    gan.fit(images_of(8), batch_size=8, verbose=0)
    gan.save_to_preset(tmp_path / "preset")
    tuned = keras_gans.ProGAN.from_preset(
        tmp_path / "preset", fine_tune=True, growth=0
    )
    assert tuned.size == 8 and not tuned.fine_tuning.anew
    # Its average starts from the preset's live weights.
    gan.ema_generator.set_weights(gan.generator.get_weights())
    np.testing.assert_array_equal(
        tuned.generate(2, seed=0), gan.generate(2, seed=0)
    )


def test_a_grown_preset_goes_on_at_full_size_by_itself(tmp_path):
    gan = small(8, [(4, 0, 4), (8, 4, 0)])
    gan.fit(images_of(8, 4), batch_size=4, verbose=0)
    gan.save_to_preset(tmp_path / "young")
    young = keras_gans.ProGAN.from_preset(tmp_path / "young", fine_tune=True)
    assert young.size == 4
    gan.fit(images_of(8), batch_size=4, epochs=2, verbose=0)
    gan.save_to_preset(tmp_path / "grown")
    grown = keras_gans.ProGAN.from_preset(tmp_path / "grown", fine_tune=True)
    grown.compile(run_eagerly=BACKEND != "jax")
    grown.fit(images_of(8, 4), batch_size=4, verbose=0)
    assert grown.size == 8
    assert np.ptp(grown.generate(1, seed=0)[0, :2, :2], (0, 1)).max() > 0
    again = keras_gans.ProGAN.from_preset(
        tmp_path / "grown", fine_tune=True, growth=4
    )
    assert again.size == 4


def test_single_batches_count_their_images():
    gan = small(8, [(4, 0, 12), (8, 8, 0)])
    sizes = []
    for rows in (4, 8, 4):
        sizes.append(gan.size)
        gan.train_on_batch(images_of(8, rows))
    assert [*sizes, gan.size] == [4, 4, 8, 8]
    clock = ops.convert_to_numpy(gan.clock)
    assert clock[1] + (3 - clock[0]) * clock[2] == 16


def test_the_authors_counts_at_1024_pixels():
    # As their code prints them; the paper's table 2 has 23.1 million each.
    generator = build_generator((1024, 1024, 3), 512, 512)
    judge = judge_images(1024, (1024, 1024, 3), 512, sizes_of((1024, 1024, 3)))
    counts = [
        sum(int(np.prod(v.shape)) for v in network.trainable_variables)
        for network in (generator, judge)
    ]
    assert counts == [23_079_115, 23_087_249]
    for size, channels in [(4, 512), (32, 512), (64, 256), (1024, 16)]:
        name = "conv_4" if size == 4 else f"conv_{size}_1"
        made = generator.get_layer(name).output
        assert made.shape == (None, size, size, channels)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"image_shape": (48, 48, 3)}, r"power of two.*Received: .*\(48, 48"),
        ({"image_shape": (16, 32, 3)}, r"power of two.*Received: .*\(16, 32"),
        ({"image_shape": (4, 4, 3)}, r"from 8 to 1024.*Received: .*\(4, 4"),
        ({"image_shape": (2048, 2048, 3)}, r"to 1024.*Received: .*\(2048"),
        ({"growth": [(4, 0, 9), (8, 9, 9)]}, r"full size, 64.*\[4, 8\]"),
        ({"growth": -1}, r"at least 0.*Received"),
        ({"loss": "wassertein"}, r"wasserstein.*Received: 'wassertein'"),
        ({"drift_weight": -1.0}, "Received: drift_weight=-1"),
        ({"penalty_weight": -1.0}, "Received: penalty_weight=-1"),
    ],
)
def test_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        keras_gans.ProGAN(**{"width": 1, "latent_dim": 2, **arguments})
