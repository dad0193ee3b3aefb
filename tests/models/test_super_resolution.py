"""SRGAN and ESRGAN: their equations by hand, and what both share."""

import itertools

import keras
import numpy as np
import pytest
from contract import EAGER, rows_for, tiny
from keras import layers, ops

import keras_gans
from keras_gans.metrics.pairs import scores
from keras_gans.models.super_resolution import two_stages
from keras_gans.networks.super_resolution import compact, rrdb, srresnet
from keras_gans.networks.super_resolution.vgg_discriminator import (
    build_vgg_discriminator,
)
from keras_gans.pretrained import lpips_files

SHAPE = (4, 4, 1)
BOTH = pytest.mark.parametrize("variant", ["SRGAN", "ESRGAN"])


def scaling(weight, shape=SHAPE, enlarge=1):
    """Returns a network that enlarges images and multiplies them."""
    images = keras.Input(shape)
    start = keras.initializers.Constant(weight)
    scale = layers.Conv2D(1, 1, use_bias=False, kernel_initializer=start)
    return keras.Model(images, scale(layers.UpSampling2D(enlarge)(images)))


def by_hand(variant, **arguments):
    """G makes 0.5 of 0.25, where -0.1 is wanted; D gives 3 y."""
    gan = getattr(keras_gans, variant)(
        SHAPE,
        scale=2,
        perceptual=scaling(5.0),
        generator=scaling(2.0, (2, 2, 1), 2),
        discriminator=scaling(3.0),
        content_weight=0.7,
        adversarial_weight=0.3,
        pixel_weight=0.2,
        **arguments,
    )
    real = ops.full((2, *SHAPE), -0.1)
    return gan, real, {"inputs": ops.full((2, 2, 2, 1), 0.25)}


def softplus(x):
    return np.log1p(np.exp(x))


def test_srgans_losses_by_hand():
    gan, real, given = by_hand("SRGAN")
    of_pixels = gan.total_loss("generator", gan.pixel_loss, real, given)
    assert float(of_pixels) == pytest.approx(0.6**2, abs=1e-6)
    of_g = gan.total_loss("generator", gan.generator_loss, real, given)
    wanted = 0.7 * (5 * 0.6) ** 2 + 0.3 * softplus(-1.5) + 0.2 * 0.6**2
    assert float(of_g) == pytest.approx(wanted, abs=1e-5)
    fake = gan.fakes_for(real, given)
    of_d = gan.total_loss(
        "discriminator", gan.discriminator_loss, real, fake, given
    )
    assert float(of_d) == pytest.approx(softplus(0.3) + softplus(1.5), abs=1e-6)


def test_esrgans_losses_by_hand():
    gan, real, given = by_hand("ESRGAN")
    of_pixels = gan.total_loss("generator", gan.pixel_loss, real, given)
    assert float(of_pixels) == pytest.approx(0.6, abs=1e-6)
    # D's logits are -0.3 and 1.5, each the mean of its side.
    of_g = gan.total_loss("generator", gan.generator_loss, real, given)
    wanted = 0.7 * 5 * 0.6 + 0.3 * 2 * softplus(-1.8) + 0.2 * 0.6
    assert float(of_g) == pytest.approx(wanted, abs=1e-5)
    fake = gan.fakes_for(real, given)
    of_d = gan.total_loss(
        "discriminator", gan.discriminator_loss, real, fake, given
    )
    assert float(of_d) == pytest.approx(2 * softplus(1.8), abs=1e-5)


def test_without_a_network_pixels_are_the_content():
    gan, real, _ = by_hand("SRGAN")
    fake = ops.full((2, *SHAPE), 0.5)
    with_features = float(gan.content_loss(real, fake))
    gan.perceptual = None
    assert float(gan.content_loss(real, fake)) == pytest.approx(0.36, abs=1e-6)
    assert with_features == pytest.approx(6.3, abs=1e-5)


def test_the_papers_weights_and_optimizers():
    defaults = {
        "SRGAN": (0.006, 1e-3, 0.0, "non_saturating", (96, 96, 3), 16),
        "ESRGAN": (1.0, 5e-3, 1e-2, "relativistic_average", (128, 128, 3), 23),
    }
    names = ("content_weight", "adversarial_weight", "pixel_weight", "loss")
    for variant, wanted in defaults.items():
        gan = tiny(variant)
        chosen = gan.get_config()
        assert tuple(chosen[name] for name in names) == wanted[:4]
        parameters = type(gan).__init__.__signature__.parameters
        assert parameters["image_shape"].default == wanted[4]
        assert parameters["blocks"].default == wanted[5]
        assert gan.sees == ("images",)
        for optimizer in gan.default_optimizers().values():
            assert float(optimizer.learning_rate) == pytest.approx(1e-4)
            assert (optimizer.beta_1, optimizer.beta_2) == (0.9, 0.999)


@BOTH
def test_pixels_first_and_then_the_adversary(variant):
    gan = tiny(variant, run_eagerly=EAGER, pixel_steps=1)
    assert [gan.stage(i) for i in (0, 1, 2)] == [
        "pixels",
        "adversarial",
        "adversarial",
    ]
    assert tiny(variant, pixel_steps=None).stage(0) == "adversarial"

    def weights():
        networks = (gan.generator, gan.discriminator)
        return [
            np.concatenate([*map(np.ravel, n.get_weights())]) for n in networks
        ]

    states = [weights()]
    for epochs in (1, 2):
        gan.fit(
            rows_for(gan, 16),
            batch_size=16,
            epochs=epochs,
            verbose=0,
            initial_epoch=epochs - 1,
        )
        states.append(weights())
    moved = [
        [bool((a != b).any()) for a, b in zip(one, other, strict=True)]
        for one, other in itertools.pairwise(states)
    ]
    assert moved == [[True, False], [True, True]]


@pytest.mark.parametrize(
    ("build", "field", "scale"),
    [
        (lambda: srresnet.build_srresnet(1, 4, 2, 1), (4, 1), 4),
        (lambda: srresnet.build_srresnet(1, 2, 2, 2), (2, 2), 2),
        (lambda: rrdb.build_rrdb(1, 4, 2, 1, 1), (4, 1), 4),
        (lambda: rrdb.build_rrdb(1, 2, 2, 1, 1, 2), (2, 1, 2), 2),
        (lambda: compact.build_compact(1, 3, 2, 2), (2,), 3),
    ],
)
def test_receptive_fields(build, field, scale):
    of = {2: srresnet.srresnet_field, 1: compact.compact_field}
    network = build()
    names = {layer.name for layer in network.layers}
    compute = rrdb.rrdb_field if "conv_hr" in names else of[len(field)]
    side = compute(*field)
    # Positive kernels and no biases: nothing cancels, and black stays 0.
    for layer in network.layers:
        if isinstance(layer, layers.Conv2D):
            kernel, *bias = layer.get_weights()
            layer.set_weights(
                [np.full_like(kernel, 0.1), *(0 * b for b in bias)]
            )
    middle, size = side + 1, 2 * side + 3
    images = np.full((1, 1, size, 1), -1.0, "float32")
    changed = images.copy()
    changed[0, 0, middle] = 1.0
    features = keras.Model(
        network.inputs,
        network.get_layer(
            "conv_last" if "conv_last" in names else "body_6"
        ).output,
    )
    one, other = (
        np.asarray(ops.convert_to_numpy(features(x))) for x in (images, changed)
    )
    touched = np.flatnonzero(np.abs(one - other).max(axis=(0, 1, 3)) > 0)
    per_input = 1 if "conv_last" not in names else scale
    reach = np.abs(touched // per_input - middle).max()
    assert side // 2 - 2 <= reach <= side // 2


def test_srgan_knows_its_receptive_field():
    gan = tiny("SRGAN", blocks=3)
    assert gan.receptive_field == srresnet.srresnet_field(gan.scale, 3)
    assert gan.receptive_field != srresnet.srresnet_field(3, gan.scale)


@pytest.mark.parametrize(
    ("variant", "activated"), [("SRGAN", True), ("ESRGAN", False)]
)
def test_features_are_those_before_or_after_the_activation(
    variant, activated, monkeypatch
):
    asked = []
    monkeypatch.setattr(
        two_stages,
        "load_features",
        lambda *given: asked.append(given) or keras.Sequential(),
    )
    shape = (16, 16, 3)
    gan = tiny(variant, image_shape=shape, perceptual="vgg19")
    gan.helper("perceptual")
    assert asked == [("vgg19", activated)]
    own = gan.generator
    gan = tiny(variant, image_shape=shape, generator=own)
    assert gan.receptive_field is None


def test_a_named_network_sees_grey_images_in_three_channels():
    gan = tiny("SRGAN")
    grey = ops.convert_to_tensor(np.arange(4.0).reshape(1, 2, 2, 1))
    gan.perceptual = "vgg19"
    seen = ops.convert_to_numpy(gan._seen(grey))
    np.testing.assert_array_equal(seen, np.repeat(grey, 3, -1))


@pytest.mark.parametrize(("scale", "folded"), [(1, 4), (2, 2), (4, 1)])
def test_real_esrgan_folds_what_it_enlarges_little(scale, folded):
    gan = tiny("ESRGAN", scale=scale)
    assert gan.receptive_field == rrdb.rrdb_field(scale, 1, folded)


@BOTH
def test_any_size_is_enlarged(variant):
    gan = tiny(variant, scale=2)
    images = np.random.default_rng(0).integers(0, 256, (2, 5, 9, 1), "uint8")
    made = gan.generate(inputs=images)
    assert made.shape == (2, 10, 18, 1)
    assert np.abs(made).max() <= 1
    with pytest.raises(ValueError, match="1 channels"):
        gan.generate(inputs=np.repeat(images, 3, axis=-1))


def test_parts_give_what_the_whole_gives():
    gan = tiny("SRGAN", width=2)
    rng = np.random.default_rng(0)
    for weight in gan.generator.weights:
        weight.assign(weight + rng.normal(0, 0.02, weight.shape))
    images = rng.uniform(-1, 1, (1, 12, 60, 1)).astype("float32")
    margin = gan.receptive_field // 2
    whole = gan.generate(inputs=images)
    part = gan.generate(inputs=images[:, :, 20 - margin : 40 + margin])
    np.testing.assert_allclose(
        part[:, :, 4 * margin : -4 * margin], whole[:, :, 80:160], atol=1e-5
    )


@BOTH
def test_networks_are_interpolated(variant):
    one, other = (tiny(variant, seed=seed, ema_decay=0.5) for seed in (1, 2))
    ours, theirs = (g.ema_generator.get_weights() for g in (one, other))
    one.interpolate(other, alpha=0.8)  # equation 16
    for network in (one.generator, one.ema_generator):
        for made, a, b in zip(network.get_weights(), ours, theirs, strict=True):
            np.testing.assert_allclose(made, 0.2 * b + 0.8 * a, atol=1e-6)
    with pytest.raises(ValueError, match="alpha=2"):
        one.interpolate(other, 2)
    with pytest.raises(ValueError, match="same shapes"):
        one.interpolate(tiny(variant, width=2), 0.5)


def test_networks_have_the_papers_sizes():
    # SRResNet of the paper has about 1.5 million parameters; RRDBNet 16.7.
    assert rrdb.build_rrdb(3, 4, 64, 23, 32).count_params() == 16_697_987
    slopes, norms = 64 * (1 + 16 + 2), 4 * 64 * 33
    convolutions = (
        81 * 3 * 64
        + 64
        + 33 * 9 * 64**2
        + 2 * (9 * 64 * 256 + 256)
        + 81 * 64 * 3
        + 3
    )
    network = srresnet.build_srresnet(3, 4, 64, 16)
    assert network.count_params() == convolutions + slopes + norms
    judge = build_vgg_discriminator((96, 96, 3), 64, 4, 3, 1024)
    sizes = [x.output.shape[1:] for x in judge.layers if "conv" in x.name]
    assert sizes[0] == (96, 96, 64) and sizes[-1] == (6, 6, 512)
    # ESRGAN's code: VGG of 128 pixels, 14,499,401 parameters with its biases
    # and running statistics left out.
    judge = build_vgg_discriminator((128, 128, 3), 64, 5, 4, 100)
    sizes = [x.output.shape[1:] for x in judge.layers if "conv" in x.name]
    assert sizes[-1] == (4, 4, 512)


def test_held_out_images_are_scored(monkeypatch, tmp_path):
    gan = tiny("SRGAN", image_shape=(32, 32, 3))
    monkeypatch.setenv("KERAS_GANS_LPIPS", str(tmp_path))
    assert set(gan.scores) == {"l1", "psnr", "ssim"}
    for file in (
        lpips_files.BACKBONE_FILES["alex"],
        lpips_files.HEAD_FILES["alex"],
    ):
        (tmp_path / file.name).touch()
    assert set(gan.scores) == {"l1", "psnr", "ssim", "lpips"}
    monkeypatch.setattr(
        scores, "load_lpips", lambda name: lambda a, b: (a - b).mean((1, 2, 3))
    )
    rng = np.random.default_rng(0)
    real, made = rng.uniform(-1, 1, (2, 20, 32, 32, 3))
    np.testing.assert_allclose(
        gan.scores["lpips"](real, made), (real - made).mean((1, 2, 3))
    )
    assert "lpips" not in tiny("SRGAN").scores  # of 16 pixels


def test_arguments_follow_from_the_data():
    from keras_gans.modalities import Image

    kinds = {"inputs": Image(12, 12, 3), "images": Image(36, 36, 3)}
    arguments = keras_gans.ESRGAN.arguments_from(kinds)
    assert arguments == {"image_shape": (36, 36, 3), "scale": 3}


@pytest.mark.parametrize(
    ("variant", "arguments", "message"),
    [
        ("SRGAN", {"scale": 3, "image_shape": (15, 15, 1)}, "scale=3"),
        ("SRGAN", {"image_shape": (18, 16, 1)}, "multiples of the scale"),
        ("SRGAN", {"tail": "relu"}, "tail='relu'"),
        ("SRGAN", {"perceptual": "vgg11"}, "perceptual='vgg11'"),
        ("ESRGAN", {"network": "unet"}, "network='unet'"),
        ("ESRGAN", {"unshuffle": 3}, "unshuffle=3"),
        ("ESRGAN", {"scale": 3, "image_shape": (15, 15, 1)}, "scale=3"),
        (
            "ESRGAN",
            {"perceptual": "vgg16", "image_shape": (16, 16, 2)},
            "1 or 3 channels",
        ),
    ],
)
def test_bad_arguments(variant, arguments, message):
    with pytest.raises(ValueError, match=message):
        tiny(variant, **arguments)
