"""Other people's files, against the same network in PyTorch."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch writes and runs the files")

import keras  # noqa: E402
import torch_networks as theirs  # noqa: E402

import keras_gans  # noqa: E402
from keras_gans.pretrained.super_resolution.torch_layouts import (  # noqa: E402
    read_torch_network,
)


def ours(network, images):
    """Runs what was read on images (N, C, H, W) in [0, 1]."""
    gan = getattr(keras_gans, network.variant)(
        image_shape=(24, 24, network.channels),
        perceptual=None,
        discriminator_width=1,
        **network.arguments,
    )
    network.assign(gan.generator)
    x = 2.0 * np.transpose(images.numpy(), (0, 2, 3, 1)) - 1.0
    made = keras.ops.convert_to_numpy(gan.generator(x, training=False))
    return np.transpose((made + 1) / 2, (0, 3, 1, 2))


def images(channels=3):
    generator = torch.Generator().manual_seed(0)
    return torch.rand((2, channels, 6, 8), generator=generator)


def assert_alike(path, expected, **arguments):
    network = read_torch_network(path)
    assert network.arguments.items() >= arguments.items()
    made = ours(network, images(network.channels))
    np.testing.assert_allclose(made, expected.clip(0, 1), atol=2e-6)
    assert np.std(made) > 1e-3


LAYOUTS = {
    "basicsr": lambda state, *_: {"params": state},
    "ema": lambda state, *_: {
        "params": {n: 0 * v for n, v in state.items()},
        "params_ema": state,
    },
    "bare": lambda state, *_: state,
    "esrgan": lambda state, *_: theirs.as_esrgan(state),
    "old": theirs.as_old_esrgan,
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_of_rrdb(layout, tmp_path):
    state = theirs.random_rrdb(blocks=2, ups=2)
    torch.save(LAYOUTS[layout](state, 2, 2), tmp_path / "x4.pth")
    expected = theirs.rrdb(state, images(), 2, 2).numpy()
    assert_alike(
        tmp_path / "x4.pth",
        expected,
        scale=4,
        blocks=2,
        width=4,
        growth=2,
        unshuffle=1,
    )


@pytest.mark.parametrize(
    ("ups", "unshuffle", "channels"), [(2, 2, 3), (1, 1, 1), (3, 1, 3)]
)
def test_scales_of_rrdb(ups, unshuffle, channels, tmp_path):
    state = theirs.random_rrdb(1, ups, unshuffle, channels=channels)
    torch.save(theirs.as_old_esrgan(state, 1, ups), tmp_path / "old.pth")
    expected = theirs.rrdb(state, images(channels), 1, ups, unshuffle).numpy()
    scale = 2**ups // unshuffle
    assert_alike(tmp_path / "old.pth", expected, scale=scale)


def test_the_compact_network(tmp_path):
    state = theirs.random_compact(blocks=2, scale=3)
    torch.save({"params": state}, tmp_path / "compact.pth")
    expected = theirs.compact(state, images(), 2, 3).numpy()
    assert_alike(tmp_path / "compact.pth", expected, scale=3, blocks=2)


@pytest.mark.parametrize(("ups", "tail"), [(1, "norm"), (2, "prelu")])
def test_leftthomas_srresnet(ups, tail, tmp_path):
    state = theirs.random_srresnet(2, ups, tail)
    torch.save(state, tmp_path / "g.pth")
    expected = theirs.srresnet(state, images(), 2, ups).numpy()
    assert_alike(
        tmp_path / "g.pth", expected, scale=2**ups, blocks=2, tail=tail
    )


def test_files_of_other_networks_are_refused(tmp_path):
    state = theirs.random_rrdb(blocks=1, ups=2)
    del state["conv_hr.weight"], state["conv_hr.bias"]
    torch.save(state, tmp_path / "short.pth")
    with pytest.raises(ValueError, match="those of RRDBNet"):
        read_torch_network(tmp_path / "short.pth")
    state = theirs.random_srresnet(1, 1, "norm")
    del state["block2.bn1.bias"]
    torch.save(state, tmp_path / "lacking.pth")
    with pytest.raises(ValueError, match=r"no 'block2\.bn1\.bias'"):
        read_torch_network(tmp_path / "lacking.pth")
    torch.save({"fc.weight": torch.zeros(3, 3)}, tmp_path / "other.pth")
    with pytest.raises(ValueError, match=r"other\.pth with \['fc\.weight'\]"):
        read_torch_network(tmp_path / "other.pth")
