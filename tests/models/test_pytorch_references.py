"""The PyTorch references of tests/benchmarks are the GANs that they measure."""

import importlib
import sys
from pathlib import Path
from unittest import mock

import keras
import numpy as np
import pytest
from keras import ops

import keras_gans

torch = pytest.importorskip("torch")
if keras.backend.backend() == "jax":
    pytest.skip("takes JAX five minutes", allow_module_level=True)
sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

SIZE, START, LATENTS, BATCH, RATE = 28, 7, 5, 6, 0.1
CASES = [
    ("dcgan", "DCGAN", {}),
    ("wgan_gp", "WGANGP", {"critic_steps": 2}),
    ("wgan_gp", "WGANGP", {"critic_steps": 2, "networks": "dcgan"}),
    # PyTorch starts from the right vector of the last pass, here it is made
    # anew from the left one: the same after enough steps of the power method.
    ("sngan", "SNGAN", {"power_iterations": 50}),
]
each_variant = pytest.mark.parametrize("variant, class_name, extra", CASES)


def make_gan(class_name, width=4, **settings):
    shape = (SIZE, SIZE, 1)
    return getattr(keras_gans, class_name)(
        shape, LATENTS, width, seed=1, **settings
    )


def move_vectors(gan):
    """Changes what starts as zeros and ones, which would hide mistakes."""
    rng = np.random.default_rng(2)
    for v in gan.generator.weights + gan.discriminator.weights:
        if len(v.shape) == 1 and v.name != "u":
            v.assign(v + 0.2 * rng.random(v.shape))


def make_trainer(variant, width=4, **settings):
    torch.manual_seed(0)
    reference = importlib.import_module(f"pytorch_{variant}")
    return reference.Trainer(SIZE, 1, LATENTS, width, **settings)


def random(*shape):
    return np.random.default_rng(3).standard_normal(shape).astype("float32")


def real_images():
    shape = (BATCH, SIZE, SIZE, 1)
    return np.random.default_rng(4).integers(0, 256, shape, dtype="uint8")


def channels_first(images):
    return torch.from_numpy(images).permute(0, 3, 1, 2)


def weights_of(network):
    """Returns a Keras network's weights in the shapes of PyTorch."""
    return [to_torch(w) for w in network.get_weights()]


def to_torch(weight):
    if weight.ndim == 4:  # transposed convolutions too have outputs elsewhere
        return weight.transpose(3, 2, 0, 1)
    for axis, size in enumerate(weight.shape):
        if size % START**2 == 0:  # maps, flattened with the channels last
            w = np.moveaxis(weight, axis, -1)
            maps = w.reshape(*w.shape[:-1], START**2, -1)
            w = maps.swapaxes(-1, -2).reshape(w.shape)
            weight = np.moveaxis(w, -1, axis)
    return weight.T


def tensors_of(module):
    """Returns a PyTorch network's tensors in the order of Keras's weights."""
    tensors = []
    for layer in module.modules():
        if hasattr(layer, "parametrizations"):
            (normalised,) = layer.parametrizations.weight
            original = layer.parametrizations.weight.original
            tensors += [original, layer.bias, normalised._u]
        elif isinstance(getattr(layer, "weight", None), torch.nn.Parameter):
            names = ("weight", "bias", "running_mean", "running_var")
            found = [getattr(layer, name, None) for name in names]
            tensors += [t for t in found if t is not None]
    return tensors


@torch.no_grad()
def copy_weights(gan, trainer):
    pairs = [
        (gan.generator, trainer.generator),
        (gan.discriminator, trainer.discriminator),
    ]
    if trainer.average is not None:
        pairs.append((gan.generator, trainer.average))
    for network, module in pairs:
        for weight, tensor in zip(
            weights_of(network), tensors_of(module), strict=True
        ):
            assert weight.shape == tensor.shape
            tensor.copy_(torch.from_numpy(weight.copy()))
    for layer in trainer.discriminator:
        if hasattr(layer, "parametrizations"):
            (normalised,) = layer.parametrizations.weight
            matrix = layer.parametrizations.weight.original.flatten(1)
            v = torch.mv(matrix.T, normalised._u)
            normalised._v.copy_(v / v.norm())


def assert_close(ours, theirs, tolerance, floor=0.0):
    ours, theirs = ops.convert_to_numpy(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape
    assert np.abs(theirs).max() > 0 or floor
    error = np.linalg.norm(ours - theirs)
    assert error <= tolerance * np.linalg.norm(theirs) + floor


@each_variant
@pytest.mark.parametrize("training", [False, True])
def test_gives_the_same_outputs(variant, class_name, extra, training):
    gan = make_gan(class_name, **extra)
    move_vectors(gan)
    trainer = make_trainer(variant, **extra)
    copy_weights(gan, trainer)
    latents, images = random(BATCH, LATENTS), random(BATCH, SIZE, SIZE, 1)
    trainer.generator.train(training)
    trainer.discriminator.train(training)
    with torch.no_grad():
        made = trainer.generator(torch.from_numpy(latents))
        logits = trainer.discriminator(channels_first(images))
    ours = gan.generator(latents, training=training)
    assert_close(ours, made.permute(0, 2, 3, 1), 1e-4)
    assert_close(gan.discriminator(images, training=training), logits, 1e-4)


@each_variant
def test_takes_the_same_step(variant, class_name, extra):
    gan = make_gan(class_name, ema_decay=0.999, **extra)
    move_vectors(gan)
    gan.ema_generator.set_weights(gan.generator.get_weights())
    trainer = make_trainer(variant, ema_decay=0.999, freeze=True, **extra)
    copy_weights(gan, trainer)
    latents = random(BATCH, LATENTS)
    share = np.linspace(0, 1, BATCH, dtype="float32").reshape(-1, 1, 1, 1)

    gan.random_latents = lambda num: ops.convert_to_tensor(latents)
    gan.draw = lambda *arguments: ops.convert_to_tensor(share)
    sgd = keras.optimizers.SGD
    gan.compile(
        generator_optimizer=sgd(RATE),
        discriminator_optimizer=sgd(RATE),
        # TensorFlow takes half a minute to lay out the power method's steps.
        run_eagerly=keras.backend.backend() == "tensorflow",
    )
    networks = (gan.generator, gan.discriminator, gan.ema_generator)
    before = [weights_of(network) for network in networks]
    gan.fit(real_images(), batch_size=BATCH, shuffle=False, verbose=0)

    modules = (trainer.generator, trainer.discriminator)
    trainer.g_optimizer, trainer.d_optimizer = (
        torch.optim.SGD(module.parameters(), RATE) for module in modules
    )
    with (
        mock.patch("torch.randn", return_value=torch.from_numpy(latents)),
        mock.patch("torch.rand", return_value=torch.from_numpy(share)),
    ):
        trainer.step(channels_first(real_images()))

    for network, module, old in zip(
        networks, (*modules, trainer.average), before, strict=True
    ):
        ours = [a - b for a, b in zip(weights_of(network), old, strict=True)]
        tensors = [t.detach().numpy() for t in tensors_of(module)]
        theirs = [a - b for a, b in zip(tensors, old, strict=True)]
        # Biases before batch norm move by rounding alone.
        total = np.sqrt(sum(np.sum(t**2) for t in theirs))
        for a, b, v in zip(ours, theirs, network.weights, strict=True):
            # PyTorch's variance is that of a sample, n / (n - 1) of ours. And
            # where two singular values are near, u turns slowly.
            loose = v.name in ("moving_variance", "u")
            assert_close(a, b, 0.02 if loose else 1e-3, floor=1e-5 * total)


@each_variant
def test_starts_from_the_same_distributions(variant, class_name, extra):
    gan = make_gan(class_name, width=16, **extra)
    trainer = make_trainer(variant, width=16, **extra)
    for network, module in (
        (gan.generator, trainer.generator),
        (gan.discriminator, trainer.discriminator),
    ):
        for v, ours, theirs in zip(
            network.weights,
            weights_of(network),
            tensors_of(module),
            strict=True,
        ):
            theirs = theirs.detach().numpy()
            assert ours.shape == theirs.shape
            if ours.size > 1000:
                quantiles = (0.02, 0.25, 0.75, 0.98)
                np.testing.assert_allclose(
                    np.quantile(ours, quantiles),
                    np.quantile(theirs, quantiles),
                    atol=0.2 * np.std(theirs),
                )
            elif ours.ndim == 1 and v.name != "u":
                assert (np.ptp(ours) == 0) == (np.ptp(theirs) == 0)
                assert np.mean(ours) == pytest.approx(np.mean(theirs), abs=0.1)


def state(trainer):
    parts = trainer._parts().values()
    return torch.utils._pytree.tree_leaves([p.state_dict() for p in parts])


@each_variant
def test_goes_on_as_if_never_stopped(variant, class_name, extra, tmp_path):
    images = channels_first(real_images())
    through = make_trainer(variant, ema_decay=0.9)
    for _ in range(2):
        through.step(images)
    through.save(tmp_path / "state.pt")
    for _ in range(2):
        through.step(images)
    wanted = through.generate(3)
    resumed = make_trainer(variant, ema_decay=0.9)
    resumed.load(tmp_path / "state.pt")
    for _ in range(2):
        resumed.step(images)
    assert resumed.steps == 4
    for a, b in zip(state(resumed), state(through), strict=True):
        assert torch.equal(a, b) if torch.is_tensor(a) else a == b
    np.testing.assert_array_equal(resumed.generate(3), wanted)


def test_penalty_has_its_gradient_in_bfloat16_too():
    gradients = []
    for bfloat16 in (False, True):
        trainer = make_trainer("wgan_gp", width=16, bfloat16=bfloat16)
        real = trainer.to_float(channels_first(real_images()))
        torch.manual_seed(5)
        penalty = trainer.penalty(real, torch.randn(real.shape))
        parts = torch.autograd.grad(
            penalty,
            trainer.discriminator.parameters(),
            allow_unused=True,  # the biases next to the mean
            materialize_grads=True,
        )
        gradients.append(torch.cat([part.flatten() for part in parts]))
    ours, exact = gradients[::-1]
    assert torch.cosine_similarity(ours, exact, dim=0) > 0.99
    assert ours.norm().item() == pytest.approx(exact.norm().item(), rel=0.05)


def test_dcgans_networks_take_a_step_in_bfloat16_too():
    # Their images are bfloat16 under autocast, the real ones float32.
    trainer = make_trainer("wgan_gp", networks="dcgan", bfloat16=True)
    losses = trainer.step(channels_first(real_images()))
    assert all(torch.isfinite(loss) for loss in losses)
