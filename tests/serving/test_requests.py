"""What requests say, before there is a server."""

import asyncio
import io
import threading

import keras
import numpy as np
import pytest
from exporting.users_variants import Variant, sounds
from PIL import Image as Picture
from serving.served import conditional, copying, png_header

from keras_gans import modalities
from keras_gans.modalities.image import to_uint8
from keras_gans.serving.batching import Batcher, BusyError
from keras_gans.serving.generator import Generator, Limits
from keras_gans.serving.pictures import decode
from keras_gans.serving.requests import Request, most_rows, read_request


@pytest.fixture(scope="module")
def gan():
    return conditional()


@pytest.mark.parametrize(
    "asked, same",
    [
        ({"seed": 5, "count": 3}, {}),
        ({"seed": 5, "count": 3, "labels": []}, {}),
        ({"seed": 5, "count": 3, "labels": "bag"}, {"labels": ["Bag"] * 3}),
        ({"seed": 5, "count": 3, "labels": ["2"]}, {"labels": [2] * 3}),
        (
            {"seed": 5, "count": 3, "labels": [b"Coat", 0]},
            {"labels": [2, 0, 2]},
        ),
        ({"seed": 5, "count": 3, "truncation": 0.5}, {"truncation": 0.5}),
        (
            {"seed": np.array([5]), "count": np.array([3], "int32")},
            {"labels": [0, 1, 2]},
        ),
    ],
)
def test_rows_are_those_of_generate(gan, asked, same):
    inputs = read_request(gan, asked).inputs
    wanted = gan.inputs_for(3, 5, **same)
    for name, values in wanted.items():
        np.testing.assert_array_equal(inputs[name], values)


@pytest.mark.parametrize(
    "asked, message",
    [
        ({"count": 0}, r"`count` must be .* from 1 to 256.*Received: 0"),
        ({"count": 10**6}, "from 1 to 256.*Received: 1000000"),
        ({"count": 1.5}, "whole number.*1.5"),
        ({"count": True}, "whole number.*True"),
        ({"count": "8"}, "whole number.*'8'"),
        ({"seed": -1}, "`seed` must be .* from 0 to 2147483647.*-1"),
        ({"seed": 2**31}, "from 0 to 2147483647.*2147483648"),
        ({"seed": 10**400}, "from 0 to 2147483647"),
        ({"seed": [1, 2]}, "`seed` must be a whole number"),
        ({"labels": ["Bagg"]}, r"nearest: \['Bag'\].*'Bagg'"),
        ({"labels": [3]}, r"\[0, 3\).*3"),
        ({"labels": ["-1"]}, "no class of this name"),
        ({"labels": [None]}, "no class of this name"),
        ({"labels": {"a": 1}}, "no class of this name"),
        ({"labels": [0] * 300}, "256 rows. Received: 300"),
        ({"labels": [0, 1, 2], "count": 2}, r"of shape \(2,\)"),
        ({"latents": [[1.0, 2.0]]}, r"shape \(N, 4\).*\(1, 2\)"),
        ({"latents": [1.0, 2.0, 3.0, 4.0]}, r"shape \(N, 4\)"),
        ({"latents": [["a"] * 4]}, "must be numbers"),
        ({"latents": [[1.0], [1.0, 2.0]]}, "inhomogeneous"),
        ({"latents": [[float("nan")] * 4]}, "finite"),
        ({"latents": {"a": 1}}, "must be numbers"),
        ({"latents": [[0.0] * 4], "truncation": 1.0}, "not truncated"),
        ({"truncation": "half"}, "must be numbers"),
        ({"truncation": float("nan")}, "a finite number"),
        ({"truncation": [0.5, 0.5]}, "`truncation` must be one number"),
        ({"styles": [1]}, "takes latents, labels.*Received: styles"),
    ],
)
def test_what_is_refused(gan, asked, message):
    with pytest.raises(ValueError, match=f"(?s){message}"):
        read_request(gan, asked)


def test_large_answers_have_fewer_rows():
    makes = {"images": modalities.Image(1024, 1024, 3)}
    large = type("Large", (), {"makes": makes})
    assert most_rows(large) == 10  # of 3 million numbers each, 2**25 in all
    assert most_rows(conditional()) == 256


def file_of(levels, format="PNG"):
    buffer = io.BytesIO()
    Picture.fromarray(levels).save(buffer, format)
    return buffer.getvalue()


LEVELS = np.random.default_rng(0).integers(0, 256, (6, 10, 3), "uint8")
WHOLE = file_of(LEVELS)


def test_pictures_are_cut_as_data_are_or_taken_whole():
    read = read_request(copying(), {"inputs": [WHOLE, WHOLE]}).inputs["inputs"]
    np.testing.assert_array_equal(to_uint8(read[1]), LEVELS[:, 1:-1])
    read = read_request(copying(True), {"inputs": WHOLE}).inputs["inputs"]
    np.testing.assert_array_equal(to_uint8(read[0]), LEVELS)
    given = LEVELS[None, :, 1:-1]
    read = read_request(copying(), {"inputs": given}).inputs["inputs"]
    np.testing.assert_array_equal(to_uint8(read), given)


def test_masks_are_read_from_files():
    mask = np.zeros((6, 8), "uint8")
    mask[2:4] = 255
    read = decode([file_of(mask)], modalities.Mask(6, 8), "masks")
    np.testing.assert_array_equal(read[0, ..., 0], mask)


@pytest.mark.parametrize(
    "any_size, files, message",
    [
        (False, [png_header(25_000, 20_000)], "too many pixels.*500000000"),
        (False, [png_header(9000, 9000)], "33,554,432 pixels.*9000x9000"),
        (False, [png_header(5000, 5000)] * 2, "in all.*5000x5000, 5000x5000"),
        (True, [png_header(2000, 1000)], "1,048,576 pixels.*2000x1000"),
        (True, [WHOLE, file_of(LEVELS[:5])], "one size"),
        (False, [WHOLE[: len(WHOLE) // 2]], "whole picture files"),
        (False, [WHOLE[:20]], "files of PNG, JPEG, WEBP"),
        (False, [png_header(4, 4)], "whole picture files"),
        (False, [b""], "files of PNG, JPEG, WEBP. Received: 0 bytes"),
        (False, [file_of(LEVELS, "BMP")], "files of PNG, JPEG, WEBP"),
        (False, [b"GIF89a" + bytes(99)], "files of PNG, JPEG, WEBP"),
        (False, [1, 2], r"shape \(N, H, W, C\)"),
        (False, [], r"shape \(N, H, W, C\)"),
        (False, None, "needs `inputs`"),
        (False, "photo.png", "inputs"),
    ],
)
def test_files_that_are_refused(any_size, files, message):
    with pytest.raises(ValueError, match=f"(?s){message}"):
        read_request(copying(any_size), {"inputs": files})


def test_requests_that_wait_are_drawn_together_and_keep_their_rows():
    sizes, go = [], threading.Event()

    def run(inputs):
        go.wait(10)
        sizes.append(len(inputs["x"]))
        return {"y": 2 * inputs["x"]}

    batcher = Batcher(run, most=4, wait=0.0, most_waiting=9)
    requests = [
        Request({"x": np.full((rows, width), i)})
        for i, (rows, width) in enumerate(
            [(1, 2), (1, 2), (2, 2), (1, 3), (1, 2), (6, 2)]
        )
    ]
    answers = [batcher.submit(requests[0])]
    while batcher._waiting:  # the first is being drawn
        pass
    answers += [batcher.submit(request) for request in requests[1:5]]
    answers[4].cancel()
    with pytest.raises(BusyError, match=r"At most 9 rows.*6, and 4 wait"):
        batcher.submit(requests[5])
    go.set()
    for i in range(4):
        made = answers[i].result(10)["y"]
        np.testing.assert_array_equal(made, 2 * requests[i].inputs["x"])
    batcher.close()
    assert sizes == [1, 3, 1]  # not the cancelled one; not two widths at once
    with pytest.raises(BusyError):
        batcher.submit(requests[0])


def test_an_error_is_that_of_its_batch_alone():
    def run(inputs):
        return {"y": 1 / inputs["x"]}

    with np.errstate(divide="raise"):
        batcher = Batcher(run, wait=0.0)
    bad = Request({"x": np.array(["no number"])})
    good = Request({"x": np.ones((2, 1))})
    with pytest.raises(TypeError):
        batcher.submit(bad).result(10)
    np.testing.assert_array_equal(
        batcher.submit(good).result(10)["y"], [[1]] * 2
    )
    batcher.close()


def answers_of(generator, *asked):
    """Answers requests that come at the same time."""

    async def all_of_them():
        tasks = [generator.answer(*each) for each in asked]
        return await asyncio.gather(*tasks, return_exceptions=True)

    return asyncio.run(all_of_them())


def test_pictures_are_those_of_python_whatever_they_were_drawn_with(gan):
    generator = Generator(gan, Limits(batch=18, wait=0.0))
    generator.warm_up()
    before = generator.batcher.batches
    generator.batcher.wait = 30.0  # or until there are 18 rows
    seeds = range(9)
    made = answers_of(
        generator,
        *(
            (
                "serving_default",
                [{"seed": s, "count": 1 + s % 3, "labels": "Bag"}],
            )
            for s in seeds
        ),
    )
    assert generator.batcher.batches == before + 1
    for seed, answer in zip(seeds, made, strict=True):
        wanted = gan.generate(1 + seed % 3, seed=seed, labels="Bag")
        np.testing.assert_allclose(answer["images"], wanted, atol=1e-6)
    generator.batcher.close()


def test_signatures(gan):
    generator = Generator(gan)
    asked = [{"seed": 3, "count": 2}]
    levels, files, instances, wrong, many = answers_of(
        generator,
        ("generate", asked),
        ("generate_png", asked),
        ("generate", [{"seed": 3, "count": 1}, {"seed": 4, "count": 1}]),
        ("classify", asked),
        ("generate", [{"count": 200}, {"count": 100}]),
    )
    wanted = to_uint8(gan.generate(2, seed=3))
    np.testing.assert_array_equal(levels["images"], wanted)
    read = [Picture.open(io.BytesIO(f)) for f in files["images_bytes"]]
    np.testing.assert_array_equal(np.stack(read)[..., None], wanted)
    assert read[0].info["Software"] == "keras_gans"
    np.testing.assert_array_equal(instances["images"][0], wanted[0])
    assert "one of" in str(wrong) and "256 rows at most" in str(many)
    generator.batcher.close()


def test_what_is_not_finite_is_refused_and_spares_the_others():
    z = keras.Input((4,))
    tenfold = keras.layers.Reshape((2, 2, 1))(keras.layers.Rescaling(10.0)(z))
    gan = Variant(
        keras.Model(z, tenfold),
        {"latents": modalities.Latents(4)},
        {"images": modalities.Image(2, 2, 1)},
    )
    generator = Generator(gan, Limits(batch=2, wait=30.0))
    bad, good = answers_of(
        generator,
        ("generate", [{"latents": [[3e38] * 4]}]),
        ("generate", [{"seed": 1, "count": 1}]),
    )
    assert isinstance(bad, ValueError) and "not finite" in str(bad)
    assert generator.batcher.batches == 1 and good["images"].shape[0] == 1
    generator.batcher.close()


def test_styles_are_truncated_row_by_row():
    z, psi = keras.Input((4,)), keras.Input(())
    takes = {
        "latents": modalities.WholeLatents(4),
        "truncation": modalities.Truncation(),
    }
    column = keras.layers.Reshape((1,))(psi)
    moved = keras.layers.Multiply()([z, column])
    moved = keras.layers.Reshape((2, 2, 1))(moved)
    makes = {"images": modalities.Image(2, 2, 1)}
    gan = Variant(keras.Model([z, psi], moved), takes, makes)
    asked = {"seed": 3, "count": 2}
    for given in (0.5, [0.5], [0.5, 0.5]):
        inputs = read_request(gan, {**asked, "truncation": given}).inputs
        np.testing.assert_array_equal(inputs["truncation"], [0.5, 0.5])
    with pytest.raises(ValueError, match="finite"):
        read_request(gan, {**asked, "truncation": float("inf")})


def test_sounds_have_no_png():
    generator = Generator(sounds())
    said, made = answers_of(
        generator,
        ("generate_png", [{"count": 1}]),
        ("generate", [{"count": 2, "labels": ["ü"]}]),
    )
    assert "not waveforms" in str(said)
    assert made["waveforms"].dtype == np.int16
    generator.batcher.close()
