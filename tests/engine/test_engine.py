import signal
import subprocess
import sys

import keras
import numpy as np
import pytest
from contract import EAGER, rows_for, state, tiny
from keras import layers, ops

from keras_gans import backend, losses
from keras_gans.engine.model import AdversarialModel
from keras_gans.engine.training import fitting
from keras_gans.latents import between
from keras_gans.modalities import Latents
from keras_gans.models.gan import GAN
from keras_gans.stabilizers import R1, GradientPenalty, Packing

BACKEND = keras.backend.backend()


class Toy(AdversarialModel):
    """G(z) = w z and D(x) = v x, whose steps can be done by hand."""

    logged = ("seen",)

    def __init__(self, phases, w=2.0, v=3.0, generator=None, **kwargs):
        super().__init__(
            {
                "generator": generator or linear(1, w, "generator"),
                "discriminator": linear(1, v, "discriminator"),
            },
            takes={"latents": Latents(1)},
            **kwargs,
        )
        self.phases = phases

    def train_step(self, data):
        real, _ = self.unpack(data)
        self.phases(self, real)
        return self.get_metrics_result()


def linear(features, value, name):
    inputs = keras.Input((1, 1, features) if name != "generator" else (1,))
    dense = layers.Dense(
        1, use_bias=False, kernel_initializer=keras.initializers.Constant(value)
    )
    x = dense(layers.Flatten()(inputs))
    x = layers.Reshape((1, 1, 1))(x) if name == "generator" else x
    return keras.Model(inputs, x, name=name)


def run(gan, *, steps=1, value=0.5, **sgd):
    rates = {"generator": 0.1, "discriminator": 0.1, **sgd}
    gan.compile(
        **{f"{p}_optimizer": keras.optimizers.SGD(r) for p, r in rates.items()}
    )
    images = np.full((steps, 1, 1, 1), value, "float32")
    images[:, 0, 0, 0] *= -1  # negative: could not be 0..1 floats
    return gan.fit(images, batch_size=1, verbose=0).history


def weight(network):
    return network.get_weights()[0].item()


def test_minimize_is_one_gradient_step():
    # d(w * 1)^2/dw = 2w = 4 at w = 2, so w becomes 2 - 0.1 * 4.
    def phases(gan, real):
        gan.minimize(
            lambda: ops.sum(gan.generator(ops.ones((1, 1))) ** 2),
            gan.generator,
        )

    gan = Toy(phases)
    history = run(gan)
    assert weight(gan.generator) == pytest.approx(1.6)
    assert weight(gan.discriminator) == 3.0
    assert history["generator_loss"] == [4.0]


def test_each_player_has_its_own_rate_and_steps():
    # D: dL/dv = x = -0.5, five steps of rate 0.2: v = 3 + 5 * 0.1.
    # G after it: dL/dw = v = 3.5, one step of rate 0.01: w = 2 - 0.035.
    def phases(gan, real):
        for _ in range(5):
            gan.minimize(
                lambda x: ops.sum(gan.discriminator(x)),
                gan.discriminator,
                real,
            )
        fake = gan.generator(ops.ones((1, 1)))
        del fake
        gan.minimize(
            lambda: ops.sum(gan.discriminator(gan.generator(ops.ones((1, 1))))),
            gan.generator,
        )

    gan = Toy(phases)
    run(gan, discriminator=0.2, generator=0.01)
    assert weight(gan.discriminator) == pytest.approx(3.5)
    assert weight(gan.generator) == pytest.approx(2 - 0.035)
    iterations = [int(o.iterations) for o in gan.optimizer.optimizers]
    assert iterations == [1, 5]
    assert int(gan.steps) == 1


@pytest.mark.parametrize("variant", ["WGAN", "GatedInpainting", "SRGAN"])
def test_the_critic_takes_its_steps_and_the_generator_one(variant):
    gan = tiny(variant, critic_steps=3, run_eagerly=True)
    if variant == "SRGAN":  # whose pixels come first
        gan.pixel_steps = 0
    seen = []
    look = gan.look

    def noting(real, fake, **given):
        if real is not None:
            seen.append(ops.convert_to_numpy(real))
        return look(real, fake, **given)

    gan.look = noting
    rows = rows_for(gan, 16)
    gan.fit(rows, batch_size=16, verbose=0, shuffle=False)
    assert int(gan.optimizer["discriminator"].iterations) == 3
    assert int(gan.optimizer["generator"].iterations) == 1
    first = gan.optimizer[gan.players[0]].iterations
    assert int(gan.optimizer.iterations) == int(first)
    assert len(seen) == 3
    for real in seen:
        np.testing.assert_allclose(
            real, rows["images"] / 127.5 - 1.0, atol=1e-5
        )


def test_what_makes_several_things_returns_them_by_name():
    made = tiny("Tree").generate(2, seed=0)
    assert {n: v.shape for n, v in made.items()} == {
        "images": (2, 16, 16, 1),
        "maps": (2, 16, 16, 1),
    }
    assert isinstance(tiny("GAN").generate(2, seed=0), np.ndarray)
    assert tiny("GAN").generate(seed=0).shape == (1, 16, 16, 1)


def test_rows_may_be_made_one_by_one_and_seeds_are_drawn_from_many():
    gan = tiny("GAN")
    one_by_one = gan.generate(3, seed=0, batch_size=1)
    np.testing.assert_allclose(one_by_one, gan.generate(3, seed=0), atol=1e-6)
    seeds = [GAN((8, 8, 1), latent_dim=2, units=6).seed for _ in range(6)]
    assert max(seeds) > 2**20
    assert not tiny("GAN", ema_decay=0.5).ema_generator.trainable_weights


def test_an_epoch_has_the_number_that_fit_was_given(tmp_path, images):
    gan = tiny("GAN", run_eagerly=EAGER)

    def fit(epochs):
        backup = keras.callbacks.BackupAndRestore(
            tmp_path, delete_checkpoint=False
        )
        return gan.fit(
            images[:32],
            batch_size=16,
            initial_epoch=2,
            epochs=epochs,
            verbose=0,
            callbacks=[backup],
        ).epoch

    assert fit(4) == [2, 3] and int(gan.steps) == 4
    assert fit(5) == [4] and int(gan.steps) == 6


def test_a_lazy_term_is_due_at_its_steps():
    assert not tiny("DCGAN", stabilizers=[R1(10.0, every=1)]).steps_differ
    gan = tiny("DCGAN", stabilizers=[R1(10.0, every=2)])
    assert gan.steps_differ
    due = []
    for step in range(5):  # outside of `fit`
        gan.steps.assign(step)
        due.append(gan.is_due(2))
    assert due == [True, False, True, False, True]


def test_rows_that_are_judged_together_divide_the_batch_of_each_device(
    monkeypatch,
):
    gan = tiny("DCGAN", stabilizers=[Packing(4)], run_eagerly=EAGER)
    rows = rows_for(gan, 12)
    gan.fit(rows, batch_size=12, verbose=0)
    monkeypatch.setattr(fitting.distribution, "num_replicas", lambda: 2)
    with pytest.raises(ValueError, match="Received: batches of 12 rows on 2"):
        gan.fit(rows, batch_size=12, verbose=0)


def test_gradient_penalty_differentiates_an_input_gradient():
    # D(x) = v x, so (dD/dx - 1)^2 = (v - 1)^2 = 4 with slope 2 (v - 1) = 4.
    def penalty(gan, x):
        slope = backend.input_gradient(gan.discriminator, x)
        return ops.sum((slope - 1.0) ** 2)

    def phases(gan, real):
        gan.minimize(lambda x: penalty(gan, x), gan.discriminator, real)

    gan = Toy(phases)
    history = run(gan)
    assert history["discriminator_loss"] == [4.0]
    assert weight(gan.discriminator) == pytest.approx(3 - 0.1 * 4)


def test_input_gradient_through_batch_norm_leaves_its_averages_alone(images):
    # On JAX a moving average written inside would be a leaked tracer.
    class Penalised(type(tiny("DCGAN"))):
        def discriminator_loss(self, real, fake, given):
            slope = backend.input_gradient(
                lambda x: self.discriminator(x, training=True), real
            )
            loss = super().discriminator_loss(real, fake, given)
            return loss + ops.mean(ops.square(slope))

    gan = Penalised((16, 16, 1), latent_dim=4, width=4, seed=1)
    gan.compile()
    history = gan.fit(images, batch_size=16, verbose=0).history
    assert np.isfinite(history["discriminator_loss"]).all()
    assert np.isfinite(np.concatenate([s.ravel() for s in state(gan)])).all()


def test_average_ramps_up_and_takes_in_statistics():
    # w falls by 0.1 a step from 2. decay = (1 + t) / (10 + t) for t = 0, 1:
    # a0 = 1.9 + 0.1 * (2 - 1.9) = 1.91; a1 = 1.8 + 2/11 * (1.91 - 1.8) = 1.82.
    # The mean: a0 = 0.5 + 0.1 * (0 - 0.5) = 0.45;
    # a1 = 0.75 + 2/11 * (0.45 - 0.75) = 0.69545.
    z = keras.Input((1,))
    dense = layers.Dense(
        1, use_bias=False, kernel_initializer=keras.initializers.Constant(2.0)
    )
    norm = layers.BatchNormalization(momentum=0.5, scale=False, center=False)
    x = layers.Reshape((1, 1, 1))(norm(dense(z)))
    generator = keras.Model(z, x, name="generator")

    def phases(gan, real):
        norm(ops.ones((1, 1)), training=True)  # mean: 0, 0.5, 0.75
        gan.minimize(lambda: ops.sum(dense.kernel), gan.generator)

    gan = Toy(phases, generator=generator, ema_decay=0.999)
    run(gan, steps=2)
    kernel, mean, _ = gan.ema_generator.get_weights()
    assert kernel.item() == pytest.approx(1.82)
    assert mean.item() == pytest.approx(0.69545, abs=1e-5)
    assert gan.inference_generator is gan.ema_generator


def test_average_keeps_at_most_its_decay():
    gan = Toy(
        lambda gan, real: gan.minimize(
            lambda: ops.sum(gan.generator.trainable_variables[0]),
            gan.generator,
        ),
        ema_decay=0.0,
    )
    run(gan, steps=3)
    assert weight(gan.ema_generator) == weight(gan.generator)


def test_logs_are_means_over_the_epoch():
    def phases(gan, real):
        gan.log("seen", ops.cast(gan.steps, "float32"))

    assert run(Toy(phases), steps=4)["seen"] == [1.5]


def test_a_schedule_sets_the_rate_of_each_step():
    constant = keras.optimizers.schedules.PiecewiseConstantDecay

    def phases(gan, real):
        gan.minimize(
            lambda: ops.sum(gan.generator.trainable_variables[0]),
            gan.generator,
        )

    gan = Toy(phases)
    run(gan, steps=3, generator=constant([1], [0.1, 1.0]))
    # Rates 0.1, 0.1 (the boundary belongs to the first) and 1.
    assert weight(gan.generator) == pytest.approx(2 - 0.1 - 0.1 - 1.0)


@pytest.mark.skipif(BACKEND == "torch", reason="Keras has none on PyTorch")
@pytest.mark.parametrize("per_execution", [2, 3])
def test_steps_per_execution_changes_nothing(per_execution, images):
    runs = []
    for n in (1, per_execution):
        gan = tiny("DCGAN")
        gan.compile(steps_per_execution=n)
        gan.fit(images[:40], batch_size=8, epochs=2, verbose=0)
        runs.append(gan)
    assert [int(g.steps) for g in runs] == [10, 10]
    for a, b in zip(*map(state, runs), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_mixed_precision_trains_and_survives_saving(policy, images, tmp_path):
    gan = tiny("DCGAN", dtype=policy, ema_decay=0.9)
    assert gan.generator.layers[1].compute_dtype == policy.split("_")[1]
    assert gan.generate(1, seed=0).dtype == np.float32
    scales = isinstance(
        gan.optimizer["generator"], keras.optimizers.LossScaleOptimizer
    )
    assert scales == (policy == "mixed_float16")
    gan.fit(images, batch_size=16, verbose=0)
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    for a, b in zip(state(gan), state(loaded), strict=True):
        np.testing.assert_array_equal(a, b)
    assert loaded.dtype_policy.name == policy
    assert keras.config.dtype_policy().name == "float32"


def test_scaled_losses_give_the_unscaled_step():
    def phases(gan, real):
        gan.minimize(
            lambda: ops.sum(gan.generator.trainable_variables[0]) * 1.0,
            gan.generator,
        )

    gan = Toy(phases, dtype="mixed_float16")
    history = run(gan)
    assert weight(gan.generator) == pytest.approx(1.9)
    assert history["generator_loss"] == [2.0]


def test_xla_is_for_accelerators():
    gan = tiny("DCGAN")
    if BACKEND == "tensorflow":
        import tensorflow as tf

        assert gan.jit_compile == bool(tf.config.list_physical_devices("GPU"))
    else:
        assert gan.jit_compile == (BACKEND == "jax")
    gan.compile(jit_compile=False)
    assert gan.jit_compile is False


def test_one_seed_is_one_run(images):
    one, other = tiny("DCGAN"), tiny("DCGAN")
    new = tiny("DCGAN", seed=2)
    for gan in (one, other, new):
        gan.fit(images, batch_size=16, verbose=0)
    np.testing.assert_array_equal(
        one.generate(2, seed=0), other.generate(2, seed=0)
    )
    assert np.abs(one.generate(2, seed=0) - new.generate(2, seed=0)).max() > 0


def test_generating_leaves_training_alone_and_batches_alone():
    gan = tiny("DCGAN")
    before = state(gan)
    images = gan.generate(7, seed=3)
    np.testing.assert_allclose(
        images, gan.generate(7, seed=3, batch_size=2), atol=1e-6
    )
    assert np.abs(gan.generate(7) - gan.generate(7)).max() > 0
    for a, b in zip(before, state(gan), strict=True):
        np.testing.assert_array_equal(a, b)


def test_latents_differ_between_draws_and_follow_the_seed():
    a, b = tiny("DCGAN"), tiny("DCGAN")
    first = ops.convert_to_numpy(a.random_latents(500))
    second = ops.convert_to_numpy(a.random_latents(500))
    assert np.abs(first - second).max() > 0
    np.testing.assert_array_equal(
        first, ops.convert_to_numpy(b.random_latents(500))
    )
    assert abs(first.mean()) < 0.1
    assert abs(first.std() - 1) < 0.1


def test_optimizers_are_the_players_own():
    gan = tiny("DCGAN")
    adam = keras.optimizers.Adam()
    with pytest.raises(ValueError, match="Received: "):
        gan.compile(generator_optimizer=adam, discriminator_optimizer=adam)
    with pytest.raises(ValueError, match="Received: critic_optimizer='sgd'"):
        gan.compile(critic_optimizer="sgd")
    gan.compile(generator_optimizer="sgd")
    assert isinstance(gan.optimizer["generator"], keras.optimizers.SGD)
    rate = float(gan.optimizer["discriminator"].learning_rate)
    assert rate == pytest.approx(2e-4)


def test_unknown_arguments_are_refused():
    with pytest.raises(TypeError, match="no argument 'widht'"):
        tiny("DCGAN", widht=3)
    with pytest.raises(TypeError, match="no argument 'critic_steps'"):
        tiny("InfoGAN", critic_steps=5)  # a base class's, not heeded here


def test_weights_without_a_part_in_the_loss_stay_as_they_are():
    def phases(gan, real):
        gan.minimize(
            lambda x: ops.sum(gan.discriminator(x)) * 0.0 + ops.sum(x),
            gan.discriminator,
            real,
        )
        gan.minimize(
            lambda x: ops.sum(gan.discriminator(x)), gan.generator, real
        )

    gan = Toy(phases)
    run(gan)
    assert weight(gan.generator) == 2.0
    assert weight(gan.discriminator) == 3.0


@pytest.mark.parametrize(
    ("arguments", "received"),
    [
        ({"critic_steps": 0}, "critic_steps=0"),
        ({"latent_dim": 0}, "latent_dim=0"),
        ({"ema_decay": 1.5}, "ema_decay=1.5"),
        ({"loss": "hinges"}, "'hinges'"),
    ],
)
def test_impossible_arguments_are_named(arguments, received):
    with pytest.raises(ValueError, match=f"Received: .*{received}"):
        tiny("GAN", **arguments)


def test_networks_must_fit_together():
    generator = tiny("GAN", image_shape=(8, 8, 1)).generator
    with pytest.raises(ValueError, match=r"Received: \[\(16, 16, 1\)\]"):
        tiny("GAN", generator=generator)


def test_tensors_are_checked_as_arrays_are(images):
    gan = tiny("GAN")
    with pytest.raises(ValueError, match="Received: float32 from 0 to 255"):
        levels = np.linspace(0, 255, 48 * 256, dtype="float32")
        gan.fit(ops.convert_to_tensor(levels.reshape(48, 16, 16, 1)))
    gan.fit(ops.convert_to_tensor(images), batch_size=16, verbose=0)
    assert int(gan.steps) == 3


def test_generate_wants_a_latent_for_each_image():
    with pytest.raises(ValueError, match="Received: num_images=0"):
        tiny("GAN").generate(0)
    with pytest.raises(ValueError, match=r"Received: \(3, 4\)"):
        tiny("GAN").generate(5, latents=np.zeros((3, 4), "float32"))
    with pytest.raises(ValueError, match=r"Received: .*batch_size=0"):
        tiny("GAN").generate(5, batch_size=0)
    latents = np.zeros((2, 4), "float32")
    np.testing.assert_array_equal(
        tiny("GAN").generate(2, latents=ops.convert_to_tensor(latents)),
        tiny("GAN").generate(2, latents=latents.tolist()),
    )


@pytest.mark.parametrize("note", ["", '{"epo', None])
def test_a_backup_half_written_is_gone_on_from(note, images, tmp_path):
    def run(epochs):
        gan = tiny("GAN")
        backup = keras.callbacks.BackupAndRestore(
            tmp_path, delete_checkpoint=False
        )
        gan.fit(
            images, batch_size=16, epochs=epochs, verbose=0, callbacks=[backup]
        )
        return gan

    run(epochs=1)
    path = tmp_path / "training_metadata.json"
    path.unlink() if note is None else path.write_text(note)
    assert int(run(epochs=3).steps) == 9


def test_users_own_networks(images):
    def network(name, inputs, *stack):
        x = inputs
        for layer in stack:
            x = layer(x)
        return keras.Model(inputs, x, name=name)

    generator = network(
        "mine",
        keras.Input((6,)),
        layers.Dense(256, "tanh"),
        layers.Reshape((16, 16, 1)),
    )
    discriminator = network(
        "yours", keras.Input((16, 16, 1)), layers.Flatten(), layers.Dense(1)
    )
    gan = tiny(
        "GAN", latent_dim=6, generator=generator, discriminator=discriminator
    )
    gan.fit(images, batch_size=16, verbose=0)
    config = keras.saving.serialize_keras_object(gan)["config"]
    again = type(gan).from_config(config)
    assert [w.shape for w in again.weights] == [w.shape for w in gan.weights]


@pytest.mark.skipif(BACKEND == "tensorflow", reason="is TensorFlow itself")
def test_import_leaves_tensorflow_out():
    code = (
        "import sys, keras_gans; keras_gans.DCGAN((16, 16, 1), width=4); "
        "assert 'tensorflow' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_import_adds_little_to_keras():
    code = """
import sys, keras
before = {m.split(".")[0] for m in sys.modules}
import keras_gans
after = {m.split(".")[0] for m in sys.modules}
assert after - before == {"keras_gans"}, after - before
assert "keras_gans.engine.model" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_layer_starts_with_numbers_of_its_own():
    for name in ("GAN", "DCGAN"):
        starts = [
            ops.convert_to_numpy(w).ravel()[:3]
            for seed in (1, 2)
            for w in tiny(name, seed=seed).trainable_variables
            if "kernel" in w.path
        ]
        assert len(np.unique(np.stack(starts), axis=0)) == len(starts)


def test_a_config_does_not_double_the_stabilizers_of_a_paper():
    gan = tiny(
        "WGANGP", own_stabilizers=[R1()], stabilizers=[GradientPenalty(5.0)]
    )
    for _ in range(2):
        penalty, r1 = gan.stabilizers
        assert isinstance(r1, R1) and isinstance(penalty, GradientPenalty)
        assert penalty.weight == 5.0
        config = keras.saving.serialize_keras_object(gan)
        gan = type(gan).from_config(config["config"])


def test_a_config_of_objects_builds_it_again():
    gan = tiny(
        "DCGAN",
        stabilizers=[R1(2.0, every=4)],
        loss=(losses.wasserstein_critic, losses.wasserstein_generator),
    )
    again = type(gan).from_config(gan.get_config())
    (r1,) = again.stabilizers
    assert (r1.weight, r1.every) == (2.0, 4)
    assert r1 is not gan.stabilizers[0]
    assert again.of_generator is losses.wasserstein_generator


def test_a_batch_by_itself_takes_a_compiled_step(images):
    gan = tiny("GAN")
    before = state(gan)
    logs = gan.train_on_batch(images[:16], return_dict=True)
    assert np.isfinite(list(map(float, logs.values()))).all()
    assert int(gan.steps) == 1
    changed = [(a != b).any() for a, b in zip(before, state(gan), strict=True)]
    assert sum(changed) > len(gan.trainable_variables)


def test_ctrl_c_in_a_step_costs_no_weights(images):
    class Interrupted(Exception):
        """What Ctrl-C raises here, so that pytest goes on."""

    def interrupt(number, frame):
        raise Interrupted

    def broken_off(state, iterator):
        made = step(state, iterator)
        signal.raise_signal(signal.SIGINT)
        return made

    gan = tiny("GAN")
    gan.make_train_function()
    old = signal.signal(signal.SIGINT, interrupt)
    try:
        if BACKEND == "jax":  # Elsewhere variables hold the state.
            from keras_gans.backend import whole_steps

            step = gan.train_function.__wrapped__
            gan.train_function = whole_steps(gan, broken_off)
            with pytest.raises(Interrupted):
                gan.fit(images, batch_size=16, epochs=3, verbose=0)
            assert int(gan.steps) == 1
            gan.make_train_function(force=True)
            assert signal.getsignal(signal.SIGINT) is interrupt
        assert np.isfinite(gan.generate(2, seed=0)).all()
    finally:
        signal.signal(signal.SIGINT, old)
    gan.fit(images, batch_size=16, verbose=0)


def test_nothing_that_generates_uses_up_the_weights(images):
    """On JAX a call may be told to reuse the memory of what it is given."""
    gan = tiny("Worded")
    told = gan.takes["prompts"]
    held = [v.value for v in gan.weights]
    gan.generate(4, seed=0)
    gan.predict(gan.sample_latents(2, seed=0))
    between(gan, told.examples[:2], frames=3)
    for value in held:
        if BACKEND == "jax":
            assert not value.is_deleted()
    for variable, value in zip(gan.weights, held, strict=True):
        assert variable.value is value
