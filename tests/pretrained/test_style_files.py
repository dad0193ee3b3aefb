"""Other people's StyleGAN2, held against a forward pass in NumPy."""

import json

import numpy as np
import pytest
from keras import ops
from style_networks import (
    CLASSES,
    LATENTS,
    generate,
    judge,
    random_discriminator,
    random_generator,
    renamed_discriminator,
    renamed_generator,
    styles_of,
)

import keras_gans
from keras_gans.presets import convert
from keras_gans.pretrained.styles.files import read_style_file
from keras_gans.pretrained.styles.network import sizes_in


def write_safetensors(path, tensors):
    header, blocks, end = {}, [], 0
    for name, value in tensors.items():
        block = np.ascontiguousarray(value, "<f4").tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(np.shape(value)),
            "data_offsets": [end, end + len(block)],
        }
        blocks.append(block)
        end += len(block)
    text = json.dumps({"__metadata__": {}, **header}).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(blocks))


def write_npz(path, tensors):
    np.savez(path, **tensors)


def write_pth(path, tensors):
    torch = pytest.importorskip("torch", reason="PyTorch writes the file")
    nested = {}
    for name, value in tensors.items():
        where, _, rest = name.partition(".")
        at = nested.setdefault(where, {}) if rest else nested
        at[rest or where] = torch.tensor(np.asarray(value))
    torch.save(nested, path)


def under(prefix, tensors):
    return {f"{prefix}.{name}": value for name, value in tensors.items()}


def latents(num=3):
    rng = np.random.default_rng(5)
    return rng.standard_normal((num, LATENTS)).astype("float32")


def assert_makes(gan, generator, labels=None, psi=1.0):
    z = latents()
    w = styles_of(generator, z, labels)
    mean = generator["mapping.w_avg"]
    wanted = generate(generator, mean + psi * (w - mean))
    given = {} if labels is None else {"labels": labels}
    made = gan.generate(latents=z, truncation=psi, **given)
    np.testing.assert_allclose(made, np.clip(wanted, -1, 1), atol=1e-4)
    assert np.abs(wanted).min() < 0.5  # not all is clipped


@pytest.mark.parametrize("classes", [0, CLASSES])
def test_nvlabs_networks_are_numpys(classes, tmp_path):
    generator = random_generator(classes)
    discriminator = random_discriminator(classes)
    file = tmp_path / "network.npz"
    write_npz(file, {**under("G_ema", generator), **under("D", discriminator)})
    gan = convert(file, tmp_path / "preset")
    labels = np.array([2, 0, 1]) if classes else None
    assert_makes(gan, generator, labels)
    assert_makes(gan, generator, labels, 0.5)
    rng = np.random.default_rng(7)
    images = rng.uniform(-1, 1, (3, 16, 16, 3)).astype("float32")
    said = gan.discriminator([images, labels] if classes else images)
    # Groups of three: no group of four divides the batch.
    np.testing.assert_allclose(
        ops.convert_to_numpy(ops.stop_gradient(said)),
        judge(discriminator, images, labels),
        rtol=1e-3,
        atol=1e-4,
    )
    loaded = keras_gans.load(tmp_path / "preset")
    given = {"labels": labels} if classes else {}
    np.testing.assert_array_equal(
        gan.generate(latents=latents(), **given),
        loaded.generate(latents=latents(), **given),
    )


@pytest.mark.parametrize(
    ("suffix", "write"),
    [
        (".npz", write_npz),
        (".safetensors", write_safetensors),
        (".pth", write_pth),
    ],
)
def test_all_files_and_both_layouts_hold_the_same(suffix, write, tmp_path):
    generator, discriminator = random_generator(), random_discriminator()
    other = random_generator(seed=2)
    write(
        tmp_path / f"nvlabs{suffix}",
        {
            **under("G_ema", generator),
            **under("G", other),
            **under("D", discriminator),
        },
    )
    write(
        tmp_path / f"rosinality{suffix}",
        {
            **under("g_ema", renamed_generator(generator)),
            **under("g", renamed_generator(other)),
            **under("d", renamed_discriminator(discriminator)),
            "latent_avg": generator["mapping.w_avg"],
        },
    )
    one, two = (
        read_style_file(tmp_path / f"{name}{suffix}")
        for name in ("nvlabs", "rosinality")
    )
    assert one.arguments == {"num_classes": None, **two.arguments}
    assert_same(one.generator, two.generator)
    assert_same(one.discriminator, two.discriminator)
    one.trained.pop("mean_style")
    two.trained.pop("mean_style")  # of which there is one in the file
    assert_same(one.trained, two.trained)


def assert_same(one, two):
    assert one.keys() == two.keys()
    for name, values in one.items():
        if isinstance(values, dict):
            assert_same(values, two[name])
        else:
            for a, b in zip(values, two[name], strict=True):
                np.testing.assert_array_equal(a, b)


def test_a_generator_alone_and_what_it_says_of_itself(tmp_path):
    write_npz(tmp_path / "g.npz", random_generator())
    file = read_style_file(tmp_path / "g.npz")
    assert file.arguments == {
        "image_shape": (16, 16, 3),
        "num_classes": None,
        "latent_dim": 5,
        "style_dim": 6,
        "mapping_layers": 2,
        "width": 7,
        "channel_base": 64,
    }
    assert file.trained is None and file.discriminator is None
    gan = convert(tmp_path / "g.npz", tmp_path / "preset")
    assert_makes(gan, random_generator())
    about = json.loads((tmp_path / "preset" / "metadata.json").read_text())
    assert "StyleGAN2 of 16x16, converted from g.npz" in str(about)


def test_channels_are_given_by_two_numbers():
    assert sizes_in([8, 8, 4]) == {"width": 8, "channel_base": 64}
    assert sizes_in([8, 8, 8]) == {"width": 8, "channel_base": 128}
    with pytest.raises(ValueError, match=r"Received: \[8, 6, 4\]"):
        sizes_in([8, 6, 4])


def test_a_pickle_is_refused_with_the_way(tmp_path):
    (tmp_path / "ffhq.pkl").write_bytes(b"\x80\x04.")
    with pytest.raises(ValueError, match=r"(?s)torch\.save.*ffhq\.pkl") as e:
        convert(tmp_path / "ffhq.pkl", tmp_path / "preset")
    assert "load_network_pkl" in str(e.value)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.npz", b"PK\x03\x04", "file of numpy.savez; it may be damaged"),
        ("a.safetensors", b"\x02\0\0\0\0\0\0\0{,", "of safetensors; it may be"),
        ("a.safetensors", b"", "of safetensors; it may be damaged"),
    ],
)
def test_damaged_files(name, content, message, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=message):
        convert(tmp_path / name, tmp_path / "preset")


def test_what_is_missing_is_named(tmp_path):
    state = random_generator()
    del state["synthesis.b8.conv0.noise_const"]
    write_npz(tmp_path / "g.npz", state)
    with pytest.raises(
        ValueError, match=r"no 'synthesis\.b8\.conv0\.noise_const'"
    ):
        convert(tmp_path / "g.npz", tmp_path / "preset")
    write_npz(tmp_path / "h.npz", {"weight": np.zeros(3)})
    with pytest.raises(ValueError, match=r"h\.npz with \['weight'\]"):
        convert(tmp_path / "h.npz", tmp_path / "preset")
    with pytest.raises(FileNotFoundError, match=r"none\.npz"):
        convert(tmp_path / "none.npz", tmp_path / "preset")


def test_bfloat16_is_read(tmp_path):
    values = np.array([1.5, -2.0], "float32")
    upper = (values.view("uint32") >> 16).astype("<u2").tobytes()
    about = {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}
    text = json.dumps({"x": about}).encode()
    path = tmp_path / "x.safetensors"
    path.write_bytes(len(text).to_bytes(8, "little") + text + upper)
    from keras_gans.pretrained.styles.tensor_files import read_tensors

    np.testing.assert_array_equal(read_tensors(path)["x"], values)


def test_a_discriminator_maps_classes_with_layers_of_its_own(tmp_path):
    """As stylegan2-ada-pytorch has them by default: two for G, eight for D."""
    discriminator = random_discriminator(CLASSES)
    width = len(discriminator["mapping.fc1.weight"])
    rng = np.random.default_rng(3)
    for part, shape in (("weight", (width, width)), ("bias", (width,))):
        values = rng.standard_normal(shape).astype("float32")
        discriminator[f"mapping.fc2.{part}"] = values
    generator = random_generator(CLASSES)
    file = tmp_path / "network.npz"
    write_npz(file, {**under("G_ema", generator), **under("D", discriminator)})
    gan = convert(file, tmp_path / "preset")
    mappings = (gan.generator, gan.discriminator)
    counts = [
        sum("dense" in n.name for n in m.get_layer("mapping").layers)
        for m in mappings
    ]
    assert counts == [2, 3]
    kernel = gan.discriminator.get_layer("mapping").get_layer("dense_2").kernel
    np.testing.assert_array_equal(
        ops.convert_to_numpy(kernel), discriminator["mapping.fc2.weight"].T
    )
    assert_makes(gan, generator, np.array([2, 0, 1]))


def test_a_discriminator_of_another_architecture_is_left_out(tmp_path):
    discriminator = random_discriminator()
    plain = {n: v for n, v in discriminator.items() if "skip" not in n}
    generator, file = random_generator(), tmp_path / "network.npz"
    write_npz(file, {**under("G_ema", generator), **under("D", plain)})
    with pytest.warns(UserWarning, match=r"no 'b16\.skip\.weight'"):
        gan = convert(file, tmp_path / "preset")
    assert_makes(gan, generator)


def test_a_mean_of_w_that_is_missing_is_measured(tmp_path):
    generator = random_generator()
    write_npz(tmp_path / "r.npz", under("g_ema", renamed_generator(generator)))
    gan = convert(tmp_path / "r.npz", tmp_path / "preset")
    rng = np.random.default_rng(0)
    z = rng.standard_normal((20_000, LATENTS)).astype("float32")
    wanted = styles_of(generator, z, None).mean(0)
    found = gan.ema_generator.get_layer("mean_style").mean
    found = ops.convert_to_numpy(found)
    np.testing.assert_allclose(found, wanted, atol=0.05)
    assert np.abs(wanted).max() > 0.3
    trained = gan.generator.get_layer("mean_style").mean
    np.testing.assert_array_equal(ops.convert_to_numpy(trained), found)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("synthesis.b8.conv0.weight", np.ones((7, 7, 3)), r"4 axes.*\(7, 7, 3"),
        ("synthesis.b4.const", np.ones((7, 4)), r"3 axes.*\(7, 4\)"),
        ("mapping.fc0.weight", np.ones(6), "fewer axes"),
        ("synthesis.b16.torgb.weight", np.float32(1), "fewer axes"),
        ("mapping.fc1.bias", np.full(6, np.nan), r"finite.*mapping\.fc1\.bias"),
        ("mapping.w_avg", np.ones(6, "complex64"), "complex64"),
    ],
)
def test_tensors_of_other_shapes_and_numbers(name, value, message, tmp_path):
    write_npz(tmp_path / "g.npz", {**random_generator(), name: value})
    with pytest.raises(ValueError, match=message):
        read_style_file(tmp_path / "g.npz")
