import keras
import numpy as np
import pytest
from contract import EAGER, rows_for, tiny
from keras import layers, ops
from PIL import Image, ImageDraw

import keras_gans
from keras_gans.layers import ContextualAttention, CutHoles, GatedConv2D
from keras_gans.modalities import Mask
from keras_gans.models.gated_inpainting import hole_l1
from keras_gans.networks.gated_inpainting import build_gated_generator
from keras_gans.networks.sn_patch_gan import build_sn_patch_gan, default_depth

SHAPE = (16, 16, 1)


def numpy(x):
    return ops.convert_to_numpy(x)


def small(**kwargs):
    """Returns a model that is quick to build."""
    arguments = {"width": 2, "dilations": (2,), "attention": False, **kwargs}
    return keras_gans.GatedInpainting(
        **{"image_shape": SHAPE, "critic_width": 2, "seed": 0, **arguments}
    )


def constant(value, **kwargs):
    """Returns a layer from images to a constant."""
    bias = keras.initializers.Constant(value)
    return layers.Conv2D(
        1, 1, kernel_initializer="zeros", bias_initializer=bias, **kwargs
    )


def test_losses_by_hand():
    # The photograph is 0.5, the stages make 0.7 and -0.4, and D gives 3 y for
    # an image y: 1.5 for the photograph, and -1.2 in the hole of a quarter of
    # it, 1.5 beside it.
    inputs, masks = keras.Input(SHAPE), keras.Input((16, 16, 1))
    coarse = constant(0.7, name="coarse")(inputs)
    refined = constant(-0.4, name="refined")(coarse)
    filled = masks * refined + (1 - masks) * inputs
    generator = keras.Model([inputs, masks], filled)
    images = keras.Input(SHAPE)
    scale = keras.initializers.Constant(3.0)
    judge = layers.Conv2D(1, 1, use_bias=False, kernel_initializer=scale)
    judge = keras.Model([images, masks], judge(images))
    gan = small(l1_weight=10.0, generator=generator, discriminator=judge)
    real = ops.full((2, *SHAPE), 0.5)
    hole = np.zeros((2, *SHAPE), "float32")
    hole[:, :8, :8] = 1
    given = {"inputs": real, "masks": ops.convert_to_tensor(hole)}
    fake = gan.fakes_for(real, given)
    of_d = gan.total_loss(
        "discriminator", gan.discriminator_loss, real, fake, given
    )
    # max(0, 1 - 1.5) = 0; max(0, 1 - 1.2) = 0 and max(0, 1 + 1.5) = 2.5.
    assert float(of_d) == pytest.approx(0.75 * 2.5, abs=1e-6)
    of_g = gan.total_loss("generator", gan.generator_loss, real, given)
    verdict = -(0.25 * -1.2 + 0.75 * 1.5)
    assert float(of_g) == pytest.approx(verdict + 10 * (0.2 + 0.9), abs=1e-5)


def test_l1_counts_within_the_hole():
    real = np.full((2, 2, 2, 2), 0.25, "float32")
    made, masks = real.copy(), np.zeros((2, 2, 2, 1), "float32")
    masks[0, 0] = 1
    masks[1, 1, 1] = 1
    made[1, 1, 1] += 0.75  # the one pixel of its hole
    made[0, 0, 0] += [0.5, -0.3]
    made[0, 1, 1] = 9.0
    np.testing.assert_allclose(
        hole_l1(real, made, masks), [0.2, 0.75], rtol=1e-6
    )


def test_gated_convolution_by_numpy():
    rng = np.random.default_rng(0)
    layer = GatedConv2D(2, 3, dilation_rate=2, padding="valid")
    x = rng.normal(size=(1, 6, 5, 3)).astype("float32")
    layer.build(x.shape)
    bias = rng.normal(size=4).astype("float32")
    layer.bias.assign(bias)
    kernel = numpy(layer.kernel)
    assert kernel.shape == (3, 3, 3, 4)
    y = np.zeros((1, 2, 1, 4)) + bias
    for i in range(3):
        for j in range(3):
            y += x[:, 2 * i : 2 * i + 2, 2 * j : 2 * j + 1] @ kernel[i, j]
    features, gates = y[..., :2], y[..., 2:]
    elu = np.where(features > 0, features, np.exp(features) - 1)
    made = numpy(layer(x))
    np.testing.assert_allclose(made, elu / (1 + np.exp(-gates)), atol=1e-5)
    assert layer.compute_output_shape(x.shape) == made.shape
    again = GatedConv2D.from_config(layer.get_config())
    assert again.compute_output_shape(x.shape) == made.shape


def attended(maps, holes):
    """Contextual attention as the paper writes it, one place at a time."""
    height, width, _ = holes.shape
    places = [(i, j) for i in range(height) for j in range(width)]
    pad = lambda x, n: np.pad(x, [(n, n), (n, n), (0, 0)])  # noqa: E731
    few = pad(maps[::2, ::2], 1)
    patches = [few[i : i + 3, j : j + 3].ravel() for i, j in places]
    known = [not pad(holes, 1)[i : i + 3, j : j + 3].any() for i, j in places]
    units = [p / np.linalg.norm(p) for p in patches]
    cosine = {p: dict(zip(places, [u @ v for v in units], strict=True))
              for p, u in zip(places, units, strict=True)}  # fmt: skip

    def moved(scores, di, dj):
        return {
            (i, j): {
                (k, n): sum(
                    scores.get((i + s * di, j + s * dj), {}).get(
                        (k + s * di, n + s * dj), 0.0
                    )
                    for s in (-1, 0, 1)
                )
                for k, n in places
            }
            for i, j in places
        }

    scores = moved(moved(cosine, 0, 1), 1, 0)
    large = pad(maps, 1)
    total, counts = np.zeros_like(large), np.zeros_like(large)
    for i, j in places:
        weights = np.exp([10 * scores[i, j][p] for p in places]) * known
        weights /= weights.sum()
        for w, (k, n) in zip(weights, places, strict=True):
            total[2 * i : 2 * i + 4, 2 * j : 2 * j + 4] += (
                w * large[2 * k : 2 * k + 4, 2 * n : 2 * n + 4]
            )
        counts[2 * i : 2 * i + 4, 2 * j : 2 * j + 4] += 1
    return (total / counts)[1:-1, 1:-1]


def test_contextual_attention_place_by_place():
    rng = np.random.default_rng(0)
    maps = rng.uniform(size=(2, 8, 10, 3)).astype("float32")
    holes = np.zeros((2, 4, 5, 1), "float32")
    holes[0, 0, 0] = holes[1, 3, 3:] = 1
    made = numpy(ContextualAttention()([maps, holes]))
    for i in range(2):
        wanted = attended(maps[i].astype("float64"), holes[i])
        np.testing.assert_allclose(made[i], wanted, atol=2e-5)
    everywhere = numpy(ContextualAttention()([maps, np.ones_like(holes)]))
    assert not everywhere.any()


def test_networks_have_the_papers_sizes():
    # The paper: 4.1 million parameters, and logits of 4x4x256.
    paper = build_gated_generator((256, 256, 3), 24, (2, 4, 8, 16), True)
    assert round(paper.count_params() / 1e6, 1) == 4.1
    shapes = {"images": (256, 256, 3), "masks": (256, 256, 1)}
    judge = build_sn_patch_gan(shapes, 64, default_depth((256, 256, 3)))
    assert judge.output_shape == (None, 4, 4, 256)


def drawn_by_pillow(rng, side):
    """A mask of brush strokes as the authors draw it, with plain lines."""
    mask = Image.new("L", (side, side))
    draw = ImageDraw.Draw(mask)
    for _ in range(rng.integers(1, 4)):
        x, y = rng.integers(0, side, 2)
        width = rng.uniform(12, 40) / 256 * side
        mirrored = rng.choice([-1, 1], 2)
        corners = [(x, y)]
        for i in range(rng.integers(4, 12)):
            angle = 2 * np.pi / 5 + rng.uniform(-1, 1) * 2 * np.pi / 15
            angle = angle if i % 2 else -angle
            length = rng.uniform(0, np.hypot(side, side) / 4)
            x = np.clip(x + mirrored[0] * length * np.cos(angle), 0, side - 1)
            y = np.clip(y + mirrored[1] * length * np.sin(angle), 0, side - 1)
            corners.append((int(x), int(y)))
        draw.line(corners, fill=1, width=round(width))
        r = width / 2
        for x, y in corners:
            draw.ellipse((x - r, y - r, x + r, y + r), fill=1)
    return np.asarray(mask).mean()


def test_strokes_cover_what_the_authors_strokes_cover():
    rng = np.random.default_rng(0)
    wanted = [drawn_by_pillow(rng, 64) for _ in range(600)]
    masks = Mask(64, 64, "strokes").draw(600, rng)
    assert set(np.unique(masks)) == {0, 1}
    covered = masks.mean((1, 2, 3))
    # A line of Pillow's is up to a pixel wider.
    assert covered.mean() == pytest.approx(np.mean(wanted), abs=0.015)
    for part in (0.1, 0.5, 0.9):
        here, there = np.quantile(covered, part), np.quantile(wanted, part)
        assert here == pytest.approx(there, abs=0.03)
    # No side of the image is preferred.
    where = masks.mean((0, 3))
    quarters = where.reshape(2, 32, 2, 32).mean((1, 3))
    np.testing.assert_allclose(quarters, covered.mean(), atol=0.025)


def test_boxes_and_both():
    boxes = Mask(64, 32).draw(200, np.random.default_rng(0))
    heights = boxes.max(2).sum((1, 2))
    widths = boxes.max(1).sum((1, 2))
    np.testing.assert_array_equal(boxes.sum((1, 2, 3)), heights * widths)
    assert (heights.min(), heights.max()) == (24, 31)
    assert (widths.min(), widths.max()) == (12, 15)
    both, strokes = (
        Mask(64, 32, kind).draw(200, np.random.default_rng(0))
        for kind in ("both", "strokes")
    )
    np.testing.assert_array_equal(both, np.maximum(boxes, strokes))
    with pytest.raises(ValueError, match="holes='stars'"):
        Mask(64, 32, "stars")


def test_a_step_trains_on_holes_of_its_own():
    gan = small(holes="strokes")
    images = np.zeros((8, *SHAPE), "uint8")
    first, second = (gan.unpack({"images": images}) for _ in range(2))
    assert list(first[1]) == ["inputs", "masks"]
    masks = numpy(first[1]["masks"])
    assert len(np.unique(masks, axis=0)) == 8
    assert (masks != numpy(second[1]["masks"])).any()
    np.testing.assert_array_equal(numpy(first[0]), numpy(first[1]["inputs"]))


@pytest.mark.parametrize(
    ("attention", "size"),
    [(False, (16, 16)), (False, (21, 35)), (True, (32, 24)), (True, (21, 35))],
)
def test_pixels_outside_of_the_mask_are_untouched(attention, size):
    gan = small(attention=attention)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (3, *size, 1), "uint8")
    masks = np.zeros((3, *size), bool)
    masks[:, 3:9, 2:12] = True
    made = gan.inpaint(images, masks)
    assert made.dtype == np.uint8 and made.shape == images.shape
    np.testing.assert_array_equal(made[~masks], images[~masks])
    assert (made[masks] != images[masks]).mean() > 0.9
    # Floats too, of all values; and what is in the hole does not matter.
    values = rng.uniform(-1, 1, images.shape).astype("float32")
    made = gan.inpaint(values, masks)
    assert made.dtype == np.float32
    np.testing.assert_array_equal(made[~masks], values[~masks])
    other = np.where(masks[..., None], np.float32(-0.5), values)
    np.testing.assert_array_equal(gan.inpaint(other, masks), made)
    one = gan.inpaint(values[1], 255 * masks[1].astype("uint8")[..., None])
    np.testing.assert_allclose(one, made[1], atol=1e-5)


@pytest.mark.parametrize(
    ("attention", "size", "padded"),
    [(False, 20, 20), (False, 21, 24), (True, 24, 24), (True, 20, 24)],
)
def test_sizes_are_padded_no_more_than_they_must(attention, size, padded):
    gan = small(attention=attention)
    sizes = []

    def made_from(inputs, batch_size):
        sizes.append({values.shape[1:3] for values in inputs.values()})
        return {"images": inputs["inputs"]}

    gan.generate_from = made_from
    images = np.zeros((1, size, 24, 1), "uint8")
    gan.inpaint(images, np.zeros((1, size, 24)))
    assert sizes == [{(padded, 24)}]


def test_every_value_of_uint8_comes_back():
    images = np.arange(256, dtype="uint8").reshape(1, 16, 16, 1)
    for policy in ("float32", "mixed_bfloat16"):
        made = small(dtype=policy).inpaint(images, np.zeros((1, 16, 16)))
        np.testing.assert_array_equal(made, images)


def test_a_size_that_the_network_pads_itself_takes_other_sizes_too():
    gan = small(image_shape=(18, 21, 1))
    images = np.random.default_rng(0).uniform(-1, 1, (2, 27, 16, 1))
    masks = np.zeros((2, 27, 16))
    masks[:, 4:10] = 1
    made = gan.inpaint(images.astype("float32"), masks)
    assert made.shape == images.shape and np.isfinite(made).all()


def test_dilate_grows_the_holes():
    gan = small()
    images = np.full((1, 16, 16, 1), 99, "uint8")
    masks = np.zeros((1, 16, 16), "uint8")
    masks[0, 5, 6] = 1
    grown = np.zeros_like(masks)
    grown[0, 3:8, 4:9] = 1
    made = gan.inpaint(images, masks, dilate=2)
    np.testing.assert_array_equal(made, gan.inpaint(images, grown))
    np.testing.assert_array_equal(made[grown == 0], 99)
    with pytest.raises(ValueError, match="dilate=-1"):
        gan.inpaint(images, masks, dilate=-1)


@pytest.mark.parametrize(
    ("masks", "message"),
    [
        (np.zeros((1, 16, 12)), r"\(N, 16, 16, 1\).*Received: .*12"),
        (np.full((1, 16, 16), 0.5), "Received: values from 0.5"),
        (np.full((1, 16, 16), 7, "uint8"), "Received: values from"),
        (np.zeros((2, 16, 16)), "Received: 1 images, 2 masks"),
    ],
)
def test_masks_that_do_not_fit(masks, message):
    with pytest.raises(ValueError, match=message):
        small().inpaint(np.zeros((1, 16, 16, 1), "uint8"), masks)


def test_holes_are_cut_out_before_the_network_looks():
    images = np.full((1, 2, 2, 1), 0.7, "float32")
    masks = np.zeros((1, 2, 2, 1), "float32")
    masks[0, 0, 1] = 1
    seen = numpy(CutHoles()([images, masks]))[0]
    np.testing.assert_allclose(seen[0, 0], [0.7, 1, 0])
    np.testing.assert_allclose(seen[0, 1], [0, 1, 1])


def test_all_layers_learn_with_attention_and_it_is_exported(tmp_path):
    # Large enough for patches that no hole touches.
    gan = small(image_shape=(32, 32, 1), attention=True, holes="boxes")
    gan.compile(run_eagerly=EAGER)
    before = gan.generator.get_weights()
    gan.fit(rows_for(gan, 8), batch_size=8, verbose=0)
    after = gan.generator.get_weights()
    for old, new in zip(before, after, strict=True):
        assert np.isfinite(new).all() and (old != new).any()
    if keras.backend.backend() == "tensorflow":
        report = gan.export(tmp_path / "g.tflite", format="litert")
        assert report.max_difference < 1e-5


def test_held_out_photographs_are_scored_and_a_folder_is_enough():
    gan = tiny("GatedInpainting", run_eagerly=EAGER)
    logs = gan.fit(
        rows_for(gan)["images"],
        batch_size=16,
        verbose=0,
        validation_data=rows_for(gan, 8, seed=1),
    ).history
    assert {"l1", "val_l1", "val_psnr"} < set(logs)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"image_shape": (15, 16, 1)}, r"\(15, 16, 1\)"),
        ({"holes": "stars"}, "holes='stars'"),
        ({"l1_weight": -1.0}, "l1_weight"),
        ({"loss": "unknown"}, "unknown"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        small(**arguments)
