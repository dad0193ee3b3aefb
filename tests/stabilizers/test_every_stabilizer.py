"""Every stabilizer fits every variant, by one argument.

Remedies are tried on one cheap variant; `EVERY_PAIR=1` tries them on all.
"""

import functools
import os

import keras
import numpy as np
import pytest
from contract import ALL, EAGER, class_of, rows_for, tiny
from remedies import REMEDIES

from keras_gans.modalities import Image
from keras_gans.stabilizers import R1, STABILIZERS, DiffAugment

ARGUMENTS = {
    "OrthogonalRegularisation": {"weight": 0.01},
    "ADA": {"policy": "cutout", "p": 0.5},  # the others take long
}

OF_IMAGES = ("ADA", "ConsistencyRegularisation", "DiffAugment")
OF_EVERY_STEP = (
    "ADA",
    "DiffAugment",
    "InstanceNoise",
    "LabelFlipping",
    "Packing",
    "TopK",
)
# Their judges see or predict labels, codes or sounds, or grow.
OF_ONE_ROW = (
    *("ConditionalGAN", "ACGAN", "InfoGAN", "SAGAN", "BigGAN"),
    *("ProGAN", "StyleGAN", "StyleGAN2", "Sound", "GANCLS", "DFGAN"),
    "Worded",
)

# Their judges have batch norm.
OF_BATCHES = (
    *("DCGAN", "LSGAN", "WGAN", "ACGAN", "InfoGAN", "Pix2Pix", "SRGAN"),
    *("ESRGAN", "GANCLS"),
)


@functools.cache
def plain(variant):
    """One of each variant, to be asked what it takes and makes."""
    return tiny(variant)


def makes_images(variant):
    return any(isinstance(m, Image) for m in plain(variant).makes.values())


def made(name):
    return STABILIZERS[name](**ARGUMENTS.get(name, {}))


def tried(variant):
    """Returns the stabilizers to train a variant with."""
    is_all = variant == "GAN" or "EVERY_PAIR" in os.environ
    return [n for n in STABILIZERS if is_all or n not in REMEDIES]


def refusal(name, variant):
    """Returns what a variant says that a stabilizer does not fit, or None."""
    if name in OF_IMAGES and not makes_images(variant):
        return r"Received: .* of \('audio'"
    cls = class_of(variant)
    if name == "PathLength" and not hasattr(cls, "synthesize"):
        return f"Received: {variant}"
    if name == "GradientPenalty" and variant in OF_BATCHES:
        return f"Received: {variant}, whose discriminator has the layer 'batch"
    if name == "Packing" and variant in OF_ONE_ROW:
        return f"Received: {variant} of"
    several = "discriminator" not in cls.judges or hasattr(cls, "size")
    if name == "FeatureMatching" and several:
        return f"Received: {variant}$"
    if name == "FeatureMatching" and variant in ("DFGAN", "GANCLS"):
        return "Received: the network"  # which lies within another
    if name == "LatentConsistency":
        takes = plain(variant).takes
        no_latents = "latents" not in takes or hasattr(cls, "styles_for")
        unseen = ("ACGAN", "GANCLS", "DFGAN")  # labels, ids
        if no_latents or variant in unseen:
            return f"Received: {variant} of"
    return None


# Every second one in a training, so that the two augmentations are apart.
@pytest.mark.parametrize("variant", ALL)
@pytest.mark.parametrize("first", [0, 1])
def test_trains_an_epoch(first, variant):
    names = [n for n in tried(variant)[first::2] if not refusal(n, variant)]
    stabilizers = [made(name) for name in names]
    gan = tiny(variant, run_eagerly=EAGER, stabilizers=stabilizers)
    for name in names:
        kind = STABILIZERS[name]
        assert sum(isinstance(s, kind) for s in gan.stabilizers) == 1
    logs = gan.fit(rows_for(gan, 8), batch_size=8, verbose=0).history
    for stabilizer in stabilizers:
        assert set(stabilizer.logged) <= set(logs)
    assert np.isfinite([v for (v,) in logs.values()]).all()


@pytest.mark.parametrize("variant", ALL)
def test_refuses_a_variant_that_it_does_not_fit(variant):
    for name in STABILIZERS:
        if refusal(name, variant):
            with pytest.raises(ValueError, match=refusal(name, variant)):
                tiny(variant, stabilizers=[made(name)])


@pytest.mark.parametrize("name", STABILIZERS)
def test_is_a_part_of_the_config(name):
    stabilizer = made(name)
    # The first two have stabilizers of their own.
    variant = "StyleGAN2" if name == "PathLength" else "TransGAN"
    variant = "GAN" if name in REMEDIES else variant
    gan = tiny(variant, stabilizers=[stabilizer])
    config = keras.saving.serialize_keras_object(gan)
    again = keras.saving.deserialize_keras_object(config)
    kinds = [type(s) for s in gan.stabilizers]
    assert [type(s) for s in again.stabilizers] == kinds
    same = keras.saving.serialize_keras_object(again)
    assert same["config"] == config["config"]


def test_the_users_take_the_place_of_the_papers_of_their_class():
    own = DiffAugment("colour")
    gan = tiny("TransGAN", stabilizers=[own])
    found = [s for s in gan.stabilizers if isinstance(s, DiffAugment)]
    assert found == [own]
    assert len(gan.stabilizers) == 2


@pytest.mark.parametrize(
    ("stabilizers", "received"),
    [
        ("R1", r"such as R1\(\).*Received: \['R1'\]"),
        (["R1"], r"such as R1\(\).*Received: \['R1'\]"),
        ([R1], r"such as R1\(\).*Received: .*R1"),
        (["Pakcing"], r"such as Packing\(\).*Received: \['Pakcing'\]"),
        ([DiffAugment(), DiffAugment("colour")], "Received: .*DiffAugment"),
    ],
)
def test_refuses_what_is_no_list_of_stabilizers(stabilizers, received):
    with pytest.raises(ValueError, match=received):
        tiny("GAN", stabilizers=stabilizers)


@pytest.mark.parametrize("name", STABILIZERS)
@pytest.mark.parametrize("every", [0, -1, 1.5, "2"])
def test_every_is_a_whole_number(name, every):
    refused = "Received: every="
    if name in OF_EVERY_STEP:
        refused = "'every'"  # no argument of it
    with pytest.raises(ValueError, match=refused):
        STABILIZERS[name](every=every)


@pytest.mark.parametrize("name", STABILIZERS)
@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf"), "10"])
def test_weights_are_finite_and_not_negative(name, weight):
    if name in (*OF_EVERY_STEP, "WeightClipping"):
        pytest.skip("has no weight")
    with pytest.raises(ValueError, match="Received: weight="):
        STABILIZERS[name](weight=weight)
