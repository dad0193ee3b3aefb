import keras
import numpy as np
import pytest
from contract import EAGER, rows_for, tiny
from keras import layers

import keras_gans
from keras_gans.modalities import ClassLabel, Image
from keras_gans.networks.patch_gan import HALVINGS, build_patch_gan
from keras_gans.networks.unet import build_unet, default_depth

SHAPE = (4, 4, 1)


def parameters(model):
    return sum(int(np.prod(w.shape)) for w in model.trainable_weights)


def scaling(weight, num=1):
    """Returns a network from `num` images to the first one, scaled."""
    inputs = [keras.Input(SHAPE) for _ in range(num)]
    scale = layers.Conv2D(
        1,
        1,
        use_bias=False,
        kernel_initializer=keras.initializers.Constant(weight),
    )
    return keras.Model(inputs[0] if num == 1 else inputs, scale(inputs[0]))


def test_losses_by_hand():
    # G doubles the inputs 0.25, so it makes 0.5, where -0.1 is wanted; D
    # gives 3 y for an output y, so its logits are 1.5 and -0.3.
    gan = keras_gans.Pix2Pix(
        SHAPE,
        receptive_field=1,
        l1_weight=10.0,
        generator=scaling(2.0),
        discriminator=scaling(3.0, 2),
    )
    real, fake, inputs = (
        keras.ops.full((2, *SHAPE), value) for value in (-0.1, 0.5, 0.25)
    )
    given = {"inputs": inputs}
    softplus = lambda x: np.log1p(np.exp(x))  # noqa: E731
    of_d = gan.total_loss(
        "discriminator", gan.discriminator_loss, real, fake, given
    )
    expected = 0.5 * (softplus(0.3) + softplus(1.5))
    assert float(of_d) == pytest.approx(expected, abs=1e-6)
    of_g = gan.total_loss("generator", gan.generator_loss, real, given)
    assert float(of_g) == pytest.approx(softplus(-1.5) + 10 * 0.6, abs=1e-5)


def test_the_discriminator_sees_the_output_first_and_then_the_input():
    gan = keras_gans.Pix2Pix(
        SHAPE,
        receptive_field=1,
        generator=scaling(1.0),
        discriminator=scaling(1.0, 2),
    )
    assert gan.sees == ("images", "inputs")


def test_networks_have_the_papers_sizes():
    # The authors' code has 54,413,955 and 2,768,705 parameters. The two layers
    # without norm have a bias here.
    assert default_depth((256, 256, 3)) == 8
    unet = build_unet((256, 256, 3), 3, 64, 8)
    assert parameters(unet) == 54_413_955 + 64 + 512
    patches = build_patch_gan(
        {"images": (256, 256, 3), "inputs": (256, 256, 3)}, 64
    )
    assert parameters(patches) == 2_768_705
    assert patches.output_shape == (None, 32, 32, 1)


@pytest.mark.parametrize("field", HALVINGS)
def test_a_logit_depends_on_its_receptive_field_alone(field):
    if field > 70:
        pytest.skip("the same loop, on larger maps")
    side = 2 * field + 8
    judge = build_patch_gan({"images": (side, side, 1)}, 2, field, "instance")
    # Without norms, which look at the whole map.
    names = [
        x for x in judge.layers if isinstance(x, layers.GroupNormalization)
    ]
    for norm in names:
        norm.call = lambda x: x
    judge = keras.Model(judge.inputs, judge.outputs)
    image = np.zeros((1, side, side, 1), "float32")
    rows = judge(image).shape[1]
    middle = rows // 2

    def logit(place):
        changed = image.copy()
        changed[0, place, place, 0] = 100.0
        logits = keras.ops.convert_to_numpy(judge(changed))
        return logits[0, middle, middle, 0]

    base = keras.ops.convert_to_numpy(judge(image))[0, middle, middle, 0]
    touched = [i for i in range(side) if logit(i) != base]
    assert len(touched) <= field
    assert touched[-1] - touched[0] + 1 <= field
    assert len(touched) > field // 2


@pytest.mark.parametrize("shape", [(16, 16, 1), (20, 33, 3), (17, 64, 2)])
@pytest.mark.parametrize("norm", ["batch", "instance"])
def test_any_size_is_padded_and_cropped_back(shape, norm):
    unet = build_unet(shape, 3, 2, default_depth(shape), norm)
    images = np.random.default_rng(0).uniform(-1, 1, (2, *shape))
    made = keras.ops.convert_to_numpy(unet(images.astype("float32")))
    assert made.shape == (2, *shape[:2], 3)
    assert np.isfinite(made).all()


def test_held_out_pairs_are_scored():
    gan = tiny("Pix2Pix", run_eagerly=EAGER)
    logs = gan.fit(
        rows_for(gan),
        batch_size=16,
        verbose=0,
        validation_data=rows_for(gan, 8, seed=1),
    ).history
    assert {"val_l1", "val_psnr", "val_ssim"} < set(logs)


def test_it_learns_to_invert():
    # A map that a U-Net can learn: each pixel's negative.
    rng = np.random.default_rng(0)
    inputs = rng.integers(0, 256, (32, 16, 16, 1), "uint8")
    gan = keras_gans.Pix2Pix(
        (16, 16, 1), width=16, depth=2, receptive_field=16, dropout=0.0, seed=0
    )
    gan.compile(generator_optimizer=keras.optimizers.Adam(2e-3, 0.5))
    rows = {"inputs": inputs, "images": 255 - inputs}
    before = gan.evaluate(rows)["l1"]
    gan.fit(rows, batch_size=8, epochs=15, verbose=0)
    assert gan.evaluate(rows)["l1"] < 0.5 * before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"output_shape": (16, 32, 1)}, "one height and width"),
        ({"receptive_field": 70}, r"one of \[1, 16\]"),
        ({"receptive_field": 20}, "one of"),
        ({"norm": "layer"}, "norm='layer'"),
        ({"dropout": 1.0}, "dropout=1.0"),
        ({"l1_weight": -1.0}, "l1_weight"),
        ({"loss": "unknown"}, "unknown"),
    ],
)
def test_bad_arguments(arguments, message):
    given = {"input_shape": (16, 16, 1), "receptive_field": 16, **arguments}
    with pytest.raises(ValueError, match=message):
        keras_gans.Pix2Pix(width=4, **given)


def test_pairs_of_other_sizes_are_refused():
    gan = tiny("Pix2Pix")
    rows = rows_for(gan)
    rows["inputs"] = rows["inputs"][:, :8]
    with pytest.raises(ValueError, match="Received"):
        gan.fit(rows, verbose=0)


def test_arguments_come_from_pairs_and_from_nothing_else():
    data = {
        "inputs": Image(16, 8, 3),
        "images": Image(16, 8, 1),
        "labels": ClassLabel(2),
    }
    assert keras_gans.Pix2Pix.arguments_from(data) == {
        "input_shape": (16, 8, 3),
        "output_shape": (16, 8, 1),
    }
