"""The variants that enlarge images, on photographs."""

import numpy as np
import pytest
from networks import noise

import keras_gans
from keras_gans.modalities.image import to_float
from keras_gans.networks.super_resolution import compact, rrdb, srresnet
from keras_gans.photographs import receptive_field
from keras_gans.photographs.making import Maker
from keras_gans.photographs.reading import Photograph
from keras_gans.photographs.tasks import check_task

SMALL = {"width": 4, "blocks": 1, "discriminator_width": 4, "seed": 1}
SMALL |= {"perceptual": None}


def esrgan(scale, **options):
    shape = (8 * scale, 8 * scale, 3)
    if options.get("network") != "compact":
        options["growth"] = 2
    return keras_gans.ESRGAN(shape, scale=scale, **{**SMALL, **options})


GANS = {
    "ESRGAN x1, in blocks of 4": lambda: esrgan(1),
    "ESRGAN x2, in blocks of 2": lambda: esrgan(2),
    "ESRGAN x4": lambda: esrgan(4),
    "compact x3": lambda: esrgan(3, network="compact"),
    "SRGAN x2": lambda: keras_gans.SRGAN((32, 32, 3), scale=2, **SMALL),
}


@pytest.mark.parametrize("name", GANS)
def test_tiled_equals_untiled(name):
    gan = GANS[name]()
    rng = np.random.default_rng(0)
    generator = gan.generator
    generator.set_weights(
        [w + 0.1 * rng.normal(size=w.shape) for w in generator.get_weights()]
    )
    field = receptive_field(generator)
    side = 2 * field.overlap + 24
    # Two tiles and a half across, and no multiples of the blocks.
    photograph = to_float(noise(side + 29, 2 * side + 41))
    whole = gan.generate(inputs=photograph[None])[0]
    maker = Maker(gan, check_task(gan, "upscale"), tile=side,
                  overlap=field.overlap)  # fmt: skip
    made = maker.make(Photograph(photograph))
    assert made.note == ""
    parts = np.concatenate([*made.bands])
    assert parts.shape == made.shape == whole.shape
    assert whole.std() > 0.05
    np.testing.assert_allclose(parts, whole, atol=3e-5)


FIELDS = {
    "RRDB x4": (lambda: rrdb.build_rrdb(3, 4, 4, 3, 2),
                rrdb.rrdb_field(4, 3)),
    "RRDB x2": (lambda: rrdb.build_rrdb(3, 2, 4, 2, 2, 2),
                rrdb.rrdb_field(2, 2, 2)),
    "compact x4": (lambda: compact.build_compact(3, 4, 4, 5),
                   compact.compact_field(5)),
    "SRResNet x4": (lambda: srresnet.build_srresnet(3, 4, 4, 2, "norm"),
                    srresnet.srresnet_field(4, 2)),
}  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
def test_the_receptive_field_is_what_the_networks_files_say(name):
    build, side = FIELDS[name]
    field = receptive_field(build())
    assert side - 2 <= 2 * field.overlap + 1 <= side + 4
    assert field.unbounded == ()


def test_a_gan_of_scale_1_upscales_and_does_not_translate():
    gan = esrgan(1)
    one = noise(9, 14)
    assert gan.upscale(one).shape == (9, 14, 3)
    with pytest.raises(ValueError, match="another task: `upscale`"):
        gan.translate(one)


def test_a_trained_average_is_what_upscales():
    gan = esrgan(2, ema_decay=0.9)
    one = noise(8, 8)
    before = gan.upscale(one)
    gan.generator.set_weights([0 * w for w in gan.generator.get_weights()])
    np.testing.assert_array_equal(gan.upscale(one), before)
