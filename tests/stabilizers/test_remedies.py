"""Remedies: wrong arguments, GANs that lack something, and resuming."""

import keras
import pytest
from contract import EAGER, assert_same_state, rows_for, tiny
from remedies import REMEDIES

from keras_gans.stabilizers import (
    ADA,
    DRAGAN,
    R1,
    STABILIZERS,
    ConsistencyRegularisation,
    FeatureMatching,
    GradientPenalty,
    InstanceNoise,
    LabelFlipping,
    LatentConsistency,
    LeCam,
    MatchingAwarePenalty,
    Packing,
    PathLength,
    TopK,
    WeightClipping,
)


@pytest.mark.parametrize(
    ("kind", "arguments", "received"),
    [
        (LeCam, {"decay": 1.0}, "decay=1.0"),
        (LeCam, {"decay": -0.1}, "decay=-0.1"),
        (DRAGAN, {"scale": 0.0}, "scale=0.0"),
        (InstanceNoise, {"deviation": 0.0}, "deviation=0.0"),
        (InstanceNoise, {"steps": 0}, "steps=0"),
        (InstanceNoise, {"steps": 1.5}, "steps=1.5"),
        (Packing, {"pack": 1}, "pack=1"),
        (Packing, {"pack": 2.0}, "pack=2.0"),
        (TopK, {"fraction": 0.0}, "fraction=0.0"),
        (TopK, {"fraction": 1.1}, "fraction=1.1"),
        (TopK, {"steps": 0}, "steps=0"),
        (ConsistencyRegularisation, {"shift": 0.6}, "shift=0.6"),
        (LatentConsistency, {"deviation": 0.0}, "deviation=0.0"),
        (LatentConsistency, {"spread": -1.0}, "spread=-1.0"),
        (WeightClipping, {"clip": 0.0}, "clip=0.0"),
        (LabelFlipping, {"p": 0.5}, "p=0.5"),
        (LabelFlipping, {"p": -0.1}, "p=-0.1"),
    ],
)
def test_numbers_out_of_range(kind, arguments, received):
    with pytest.raises(ValueError, match=f"Received: {received}$"):
        kind(**arguments)


def test_the_smallest_numbers_are_taken():
    assert InstanceNoise(steps=1).steps == 1
    assert TopK(1.0, steps=1).fraction == 1.0
    assert R1(0.0).get_config()["weight"] == 0.0
    assert ADA(images=1, interval=1).images == 1
    assert PathLength(shrink=1, decay=1).shrink == 1


@pytest.mark.parametrize(
    ("remedy", "variant", "received"),
    [
        (FeatureMatching("flaten"), "GAN", "such as .*flatten.*'flaten'"),
        (FeatureMatching("xyz"), "GAN", "Received: layer='xyz'"),
        (FeatureMatching(), "CycleGAN", "Received: CycleGAN$"),
        (FeatureMatching(), "ProGAN", "Received: ProGAN$"),
        (LatentConsistency(), "ACGAN", r"ACGAN of \('latents', 'labels"),
        (LatentConsistency(), "Pix2Pix", r"Pix2Pix of \('inputs',\)"),
        (LatentConsistency(), "StyleGAN2", r"StyleGAN2 of \('latents', "),
    ],
)
def test_gans_that_lack_what_a_remedy_needs(remedy, variant, received):
    with pytest.raises(ValueError, match=received):
        tiny(variant, stabilizers=[remedy])


def test_schedules_are_part_of_the_config():
    schedule = keras.optimizers.schedules.PolynomialDecay(1.0, 10)
    remedy = LatentConsistency(spread=schedule, weight=schedule)
    again = LatentConsistency.from_config(remedy.get_config())
    assert again.get_config() == remedy.get_config()
    assert float(again.spread(5)) == pytest.approx(float(schedule(5)))


def test_resume_bit_for_bit(tmp_path):
    remedies = [STABILIZERS[name]() for name in REMEDIES]
    gan = tiny("GAN", run_eagerly=EAGER, stabilizers=remedies)
    rows = rows_for(gan, 16)
    gan.fit(rows, batch_size=8, verbose=0)
    for remedy in remedies:
        assert len(remedy.weights) == {LeCam: 3, FeatureMatching: 1}.get(
            type(remedy), 0
        )
        for weight in remedy.weights:
            assert keras.ops.convert_to_numpy(weight).any()
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert_same_state(gan, loaded)
    gan.fit(rows, batch_size=8, verbose=0)
    loaded.fit(rows, batch_size=8, verbose=0)
    assert_same_state(gan, loaded)


def test_feature_matching_belongs_to_one_gan():
    remedy = FeatureMatching()
    tiny("GAN", stabilizers=[remedy])
    with pytest.raises(ValueError, match="Received: feature_matching"):
        tiny("GAN", stabilizers=[remedy])


def test_features_are_not_those_of_labels():
    remedy = FeatureMatching()
    gan = tiny("StyleGAN2", stabilizers=[remedy])
    layers = [layer for layer in gan.discriminator.layers if layer.weights]
    assert layers[-1].input.name == "labels"
    assert remedy.real_mean.shape == layers[-2].input.shape[1:]


def test_features_of_networks_within_a_network():
    x = keras.Input((16, 16, 1))
    inner = keras.Sequential(
        [keras.layers.Flatten(), keras.layers.Dense(3), keras.layers.Dense(1)]
    )
    judge = keras.Model(x, inner(x))
    with pytest.raises(ValueError, match="must be no input"):
        tiny("GAN", discriminator=judge, stabilizers=[FeatureMatching()])
    plain = keras.Model(x, keras.layers.GlobalMaxPooling2D()(x))
    with pytest.raises(ValueError, match="must be no input"):
        tiny("GAN", discriminator=plain, stabilizers=[FeatureMatching()])


@pytest.mark.parametrize("variant", ["CycleGAN", "DFGAN"])
def test_the_matching_aware_penalty_takes_what_a_judge_sees(variant):
    gan = tiny(variant, stabilizers=[MatchingAwarePenalty()], run_eagerly=EAGER)
    logs = gan.fit(rows_for(gan, 8), batch_size=8, verbose=0).history
    assert logs["matching_penalty"][0] > 0


def test_true_is_no_word():
    for call in (
        lambda: ConsistencyRegularisation(balanced="False"),
        lambda: GradientPenalty(one_sided="no"),
    ):
        with pytest.raises(ValueError, match="must be True or False"):
            call()
