"""The signatures of a SavedModel, as TensorFlow Serving runs them."""

import importlib.util
import io
import json
import subprocess
import sys

import keras
import numpy as np
import pytest
from PIL import Image as Picture

import keras_gans
from keras_gans.data.images.decoding import fit_image
from keras_gans.modalities import Image, MultiLabel
from keras_gans.modalities.image import to_uint8

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow",
    reason="TensorFlow writes the same SavedModel everywhere",
)
needs_messages = pytest.mark.skipif(
    importlib.util.find_spec("tensorflow_serving") is None,
    reason="tensorflow-serving-api is not installed",
)
NAMES = ["Bag", "Ärmel", "Boot"]
ALONE = """
import sys
sys.modules.update(keras=None, keras_gans=None)
import json, numpy as np, tensorflow as tf
from absl import flags
from tensorflow.python.tools import saved_model_cli
served = tf.saved_model.load("g").signatures
for name, f in served.items():
    given = {"seed": tf.constant(7, tf.int64), "count": tf.constant(3),
             "labels": tf.constant(["Boot"])}
    if name == "serving_default":
        given = {"latents": tf.zeros((3, 4)), "labels": tf.constant([0, 1, 2])}
    for output, made in f(**given).items():
        np.save(f"{name}.npy", made.numpy())
def cli(command, *given):
    flags.FLAGS(["saved_model_cli", "--dir=g", "--tag_set=serve", *given])
    command()
for name in served:
    cli(saved_model_cli.show, f"--signature_def={name}")
asked = "seed=7;count=3;labels=[b'Boot']"
rows = f"latents={[[0.0] * 4] * 3};labels=[0, 1, 2]"
for name in served:
    given = rows if name == "serving_default" else asked
    cli(saved_model_cli.run, f"--signature_def={name}",
        f"--input_exprs={given}", f"--outdir={name}")
"""


def varied(gan):
    rng = np.random.default_rng(0)
    for weight in gan.inference_generator.weights:
        if "variance" not in weight.name:  # which is not below zero
            weight.assign(0.3 * rng.standard_normal(weight.shape))
    return gan


@pytest.fixture(scope="module")
def gan():
    return varied(
        keras_gans.ConditionalGAN(
            (8, 8, 1), 3, latent_dim=4, units=24, class_names=NAMES, seed=1
        )
    )


@pytest.fixture(scope="module")
def folder(gan, tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    gan.export(folder / "g", verify=False)
    return folder


@pytest.fixture(scope="module")
def served(folder):
    return load(folder / "g")


def load(path):
    """Returns functions that are called with NumPy's arrays."""
    import tensorflow as tf

    loaded = tf.saved_model.load(str(path))

    def caller(function):
        specs = function.structured_input_signature[1]

        def call(**given):
            assert set(given) == set(specs)
            given = {
                n: tf.constant(v, specs[n].dtype) for n, v in given.items()
            }
            (made,) = function(**given).values()
            return made.numpy()

        return call

    call = {name: caller(f) for name, f in loaded.signatures.items()}
    call["loaded"] = loaded  # which the functions need
    return call


def test_generate_draws_the_same_of_the_same_seed(gan, served):
    import tensorflow as tf

    made = served["generate"](seed=7, count=6, labels=[])
    assert made.dtype == np.uint8 and made.shape == (6, 8, 8, 1)
    again = served["generate"](seed=7, count=6, labels=[])
    np.testing.assert_array_equal(made, again)
    # A row depends on the seed and its place alone.
    fewer = served["generate"](seed=7, count=2, labels=[])
    np.testing.assert_array_equal(fewer, made[:2])
    other = served["generate"](seed=2**31 - 1, count=6, labels=[])
    assert np.abs(other.astype(int) - made).max() > 10
    # What is drawn is said: TensorFlow's stateless numbers, classes in turn.
    z = tf.random.stateless_normal((6, 4), [7, 1]).numpy()
    assert abs(z.mean()) < 1 and z.std() > 0.5
    wanted = to_uint8(gan.generate(6, latents=z))
    assert np.abs(wanted.astype(int) - made).max() <= 1


@pytest.mark.parametrize(
    "labels, numbers",
    [
        (["Bag", "Boot"], [0, 2, 0, 2]),
        (["ÄRMEL"], [1, 1, 1, 1]),
        (["2", "bag", "1", "0"], [2, 0, 1, 0]),
    ],
)
def test_labels_are_names_or_numbers_in_turn(served, labels, numbers):
    made = served["generate"](seed=1, count=4, labels=labels)
    wanted = served["generate"](seed=1, count=4, labels=list(map(str, numbers)))
    np.testing.assert_array_equal(made, wanted)
    every = [
        served["generate"](seed=1, count=4, labels=[str(n)]) for n in range(3)
    ]
    for i, number in enumerate(numbers):
        np.testing.assert_array_equal(made[i], every[number][i])


def test_png_files_hold_the_same_pictures(served):
    given = {"seed": 3, "count": 2, "labels": []}
    files = served["generate_png"](**given)
    made = [np.asarray(Picture.open(io.BytesIO(f))) for f in files]
    np.testing.assert_array_equal(
        np.stack(made)[..., None], served["generate"](**given)
    )


@pytest.mark.parametrize(
    "change, message",
    [
        ({"count": 0}, r"from 1 to 256 rows.*Received.*0"),
        ({"count": 1_000_000}, r"from 1 to 256 rows.*1000000"),
        ({"count": -1}, "from 1 to 256"),
        ({"seed": -1}, r"`seed` must be from 0 to 2147483647.*-1"),
        ({"seed": 2**31}, r"`seed` must be.*2147483648"),
        ({"labels": ["Shoe"]}, r"names: Bag, .*Received.*Shoe"),
        ({"labels": ["Bag", "3"]}, r"numbers in \[0, 3\).*3"),
        ({"labels": ["-1"]}, r"numbers in \[0, 3\)"),
        ({"labels": ["0"] * 3}, r"one value for each row, or fewer.*3"),
    ],
)
@pytest.mark.parametrize("signature", ["generate", "generate_png"])
def test_requests_that_the_graph_refuses(served, signature, change, message):
    given = {"seed": 1, "count": 2, "labels": ["Bag"], **change}
    with pytest.raises(Exception, match=f"(?s){message}"):
        served[signature](**given)


@pytest.mark.parametrize("label", [3, -1])
def test_labels_out_of_range_are_refused(served, label):
    with pytest.raises(Exception, match=r"`labels` must be in \[0, 3\)"):
        served["serving_default"](latents=np.zeros((2, 4)), labels=[0, label])


def test_runs_by_tensorflow_alone_and_by_its_command_line(gan, served, folder):
    command = [sys.executable, "-c", ALONE]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "dtype: DT_STRING" in done.stdout
    asked = {"seed": 7, "count": 3, "labels": ["Boot"]}
    rows = {"latents": np.zeros((3, 4), "float32"), "labels": [0, 1, 2]}
    for name in ("serving_default", "generate", "generate_png"):
        wanted = served[name](**(rows if name == "serving_default" else asked))
        np.testing.assert_array_equal(
            np.load(folder / f"{name}.npy", allow_pickle=True), wanted
        )
        (of_cli,) = (folder / name).glob("*.npy")
        of_cli = np.load(of_cli, allow_pickle=True)
        np.testing.assert_array_equal(of_cli, wanted)
    of_keras = gan.generate(latents=rows["latents"], labels=rows["labels"])
    of_tensorflow = np.load(folder / "serving_default.npy")
    np.testing.assert_allclose(of_tensorflow, of_keras, atol=1e-5)


@needs_messages
def test_warm_up_records_are_answered(folder, served):
    import tensorflow as tf
    from tensorflow_serving.apis import prediction_log_pb2

    path = folder / "g/assets.extra/tf_serving_warmup_requests"
    seen = []
    for record in tf.data.TFRecordDataset(str(path)):
        log = prediction_log_pb2.PredictionLog.FromString(record.numpy())
        request = log.predict_log.request
        seen.append(request.model_spec.signature_name)
        function = served["loaded"].signatures[seen[-1]]
        given = {
            n: tf.io.parse_tensor(x.SerializeToString(), x.dtype)
            for n, x in request.inputs.items()
        }
        (made,) = function(**given).values()
        assert len(made) == 1
    assert set(seen) == set(served) - {"loaded"}
    said = json.loads((path.parent / "generator.json").read_text())
    assert said["takes"]["labels"]["config"]["names"] == NAMES


def test_conditions_are_vectors_in_turn(tmp_path):
    gan = varied(
        keras_gans.ConditionalGAN(
            (8, 8, 1), condition=MultiLabel(2), latent_dim=4, units=24, seed=1
        )
    )
    gan.export(tmp_path / "g", verify=False)
    generate = load(tmp_path / "g")["generate"]
    rows = np.eye(2, dtype="float32")
    made = generate(seed=1, count=4, labels=rows)
    wanted = generate(seed=1, count=4, labels=rows[[0, 1, 0, 1]])
    np.testing.assert_array_equal(made, wanted)
    assert np.abs(generate(seed=1, count=4, labels=rows[:1]) - made).max() > 0
    with pytest.raises(Exception, match="one value for each row, or fewer"):
        generate(seed=1, count=4, labels=np.zeros((0, 2)))


def picture(mode="RGB", size=(20, 12), format="PNG"):
    """A smooth picture, as the bytes of a file."""
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    levels = np.stack([9 * x, 15 * y, 5 * (x + y), 255 - 10 * x], -1)
    image = Picture.fromarray(levels.astype("uint8"), "RGBA").convert(mode)
    file = io.BytesIO()
    image.save(file, format)
    return file.getvalue()


@pytest.fixture(scope="module")
def translating(tmp_path_factory):
    from exporting.users_variants import Variant

    path = tmp_path_factory.mktemp("translating") / "g"
    x = keras.Input((6, 8, 3))
    network = keras.Model(x, keras.layers.Activation("linear")(x))
    images = Image(6, 8, 3)
    gan = Variant(network, {"inputs": images}, {"images": images})
    gan.export(path, verify=False)
    return load(path)


@pytest.mark.parametrize(
    "file",
    [
        {},
        {"mode": "RGBA"},
        {"mode": "L"},
        {"mode": "P"},
        {"format": "JPEG"},
        {"size": (8, 6)},
        {"size": (5, 5)},
        {"size": (1, 40)},
    ],
    ids=str,
)
def test_pictures_of_any_size_are_taken(translating, file):
    encoded = picture(**file)
    (made,) = translating["generate"](inputs=[encoded])
    image = Picture.open(io.BytesIO(encoded))
    wanted = fit_image(image.convert("RGBA"), (6, 8, 3)).astype(int)
    # Where a part of a pixel would be cut off, Pillow cuts and this rounds.
    tolerance = 15 if "size" in file else 3
    assert np.abs(wanted - made).max() <= tolerance
    if file.get("size") == (8, 6):
        np.testing.assert_array_equal(wanted, made)


def huge():
    """A PNG of 30,000x30,000 pixels by its header."""
    file = bytearray(picture())
    file[16:24] = (30_000).to_bytes(4, "big") * 2
    return bytes(file)


@pytest.mark.parametrize(
    "files, message",
    [
        ([], "from 1 to 256 rows"),
        ([b""], "bytes of PNG or JPEG files"),
        ([b"GIF89a" + bytes(40)], "bytes of PNG or JPEG files"),
        ([picture()[:20]], "bytes of PNG or JPEG files"),
        ([picture()[:-20]], "(?i)invalid PNG"),
        ([picture(format="JPEG")[:-200]], "(?i)invalid jpeg|truncated"),
        ([huge()], r"may have 33,554,432 pixels.*\[30000 30000\]"),
    ],
)
@pytest.mark.parametrize("signature", ["generate", "generate_png"])
def test_files_that_are_refused(translating, signature, files, message):
    with pytest.raises(Exception, match=f"(?s){message}"):
        translating[signature](inputs=files)


def test_pictures_that_are_enlarged_keep_their_sizes(tmp_path):
    gan = varied(
        keras_gans.SRGAN(
            (16, 16, 3),
            width=4,
            blocks=1,
            perceptual=None,
            discriminator_width=4,
        )
    )
    gan.export(tmp_path / "g", verify=False)
    served = load(tmp_path / "g")
    sizes = [(20, 12), (7, 5)]
    files = [picture(size=size) for size in sizes]
    made = served["generate_png"](inputs=files)
    for file, png in zip(files, made, strict=True):
        wanted = np.asarray(Picture.open(io.BytesIO(file)))
        wanted = to_uint8(gan.generate(inputs=wanted[None])[0]).astype(int)
        assert np.ptp(wanted) > 50
        assert np.abs(wanted - Picture.open(io.BytesIO(png))).max() <= 1
    assert served["generate"](inputs=[files[0]] * 2).shape == (2, 48, 80, 3)
    with pytest.raises(Exception, match="may have 1,048,576 pixels"):
        served["generate_png"](inputs=[picture(size=(1025, 1024))])
