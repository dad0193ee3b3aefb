"""What each variant's paper chooses, and how its networks are called."""

import keras
import pytest
from contract import tiny
from keras import ops

import keras_gans

DCGANS = ("Adam", 2e-4, 2e-4, {"beta_1": 0.5, "beta_2": 0.999})
ADAM_0_9 = {"beta_1": 0.0, "beta_2": 0.9}
OPTIMIZERS = {
    **dict.fromkeys(("GAN", "DCGAN", "ConditionalGAN", "ACGAN"), DCGANS),
    **dict.fromkeys(("LSGAN", "SNGAN", "GANCLS"), DCGANS),
    "WGAN": ("RMSprop", 5e-5, 5e-5, {}),
    "WGANGP": ("Adam", 1e-4, 1e-4, ADAM_0_9),
    "InfoGAN": ("Adam", 1e-3, 2e-4, {"beta_1": 0.5, "beta_2": 0.999}),
    "SAGAN": ("Adam", 1e-4, 4e-4, ADAM_0_9),
    "DFGAN": ("Adam", 1e-4, 4e-4, ADAM_0_9),
    "BigGAN": ("Adam", 2e-4, 2e-4, {"beta_1": 0.0, "beta_2": 0.999}),
    "R3GAN": ("CosineAdam", 2e-4, 2e-4, {"beta_1": 0.0}),
    "TransGAN": ("Adam", 1e-4, 1e-4, {"beta_1": 0.0, "beta_2": 0.99}),
    "Pix2Pix": ("Adam", 2e-4, 2e-4, {"beta_1": 0.5}),
    "GatedInpainting": ("Adam", 1e-4, 1e-4, {"beta_1": 0.5}),
    **dict.fromkeys(("SRGAN", "ESRGAN"), ("Adam", 1e-4, 1e-4, {"beta_1": 0.9})),
    **dict.fromkeys(
        ("ProGAN", "StyleGAN"),
        ("GrowingAdam", 1e-3, 1e-3, {"beta_1": 0.0, "beta_2": 0.99}),
    ),
}
"""Kind, rate of the generator and of the discriminator, and moments."""


@pytest.mark.parametrize("variant", OPTIMIZERS)
def test_optimizers(variant):
    kind, *rates, moments = OPTIMIZERS[variant]
    chosen = tiny(variant).default_optimizers()
    assert list(chosen) == ["generator", "discriminator"]
    for optimizer, rate in zip(chosen.values(), rates, strict=True):
        assert type(optimizer).__name__ == kind
        assert float(ops.convert_to_numpy(optimizer.learning_rate)) == (
            pytest.approx(rate)
        )
        assert {n: getattr(optimizer, n) for n in moments} == moments


SLOPES = {
    **dict.fromkeys(("DCGAN", "LSGAN", "WGAN", "ACGAN", "R3GAN"), 0.2),
    **dict.fromkeys(("ProGAN", "StyleGAN"), 0.2),
    **dict.fromkeys(("SNGAN", "InfoGAN"), 0.1),
}


def test_r3gans_schedules_are_the_papers():
    for optimizer in tiny("R3GAN", burn_in=7).default_optimizers().values():
        assert optimizer.rates == (2e-4, 5e-5)
        assert (optimizer.decays, optimizer.over) == ((0.9, 0.99), 7)


@pytest.mark.parametrize(
    ("variant", "rate"), [("GAN", 0.3), ("ConditionalGAN", 0.5), ("ACGAN", 0.5)]
)
def test_rates_of_dropout(variant, rate):
    found = [
        layer.rate
        for layer in tiny(variant).discriminator.layers
        if isinstance(layer, keras.layers.Dropout)
    ]
    assert found == [rate] * len(found) != []


@pytest.mark.parametrize("variant", SLOPES)
def test_slopes_of_leaky_relus(variant):
    found = [
        layer.negative_slope
        for layer in tiny(variant).discriminator.layers
        if isinstance(layer, keras.layers.LeakyReLU)
    ]
    assert found == [SLOPES[variant]] * len(found) != []


@pytest.mark.parametrize("variant", ["DCGAN", "InfoGAN", "ACGAN"])
def test_both_networks_are_called_in_training_mode(variant, images):
    gan = tiny(variant, run_eagerly=True)
    if keras.backend.backend() == "jax":
        pytest.skip("a step is traced on JAX")
    modes = []

    def noting(call):
        def noted(*args, training=None, **kwargs):
            modes.append(training)
            return call(*args, training=training, **kwargs)

        return noted

    for player in gan.players:
        network = getattr(gan, player)
        network.call = noting(network.call)
    labels = None if variant != "ACGAN" else [0] * 16
    gan.fit(images[:16], labels, batch_size=16, verbose=0)
    assert len(modes) >= 3 and all(mode is True for mode in modes)


def test_variants_with_weights_refuse_what_is_none():
    with pytest.raises(ValueError, match="Received: num_categories=1"):
        tiny("InfoGAN", num_categories=1)
    assert tiny("InfoGAN", num_categories=2).num_categories == 2
    assert set(OPTIMIZERS) <= set(keras_gans.list_variants())
