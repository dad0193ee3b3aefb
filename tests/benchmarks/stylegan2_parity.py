"""StyleGAN2 beside stylegan2-ada-pytorch, on random weights, on the CPU.

    git clone https://github.com/NVlabs/stylegan2-ada-pytorch
    python tests/benchmarks/stylegan2_parity.py stylegan2-ada-pytorch

Its plain PyTorch operations make images and logits of random weights; the
state dictionaries are converted as `keras-gans convert` does, and every layer,
both networks, their derivatives and ADA's pipeline are compared. What is
printed is the largest difference as a share of the largest value.
"""

import math
import sys
import tempfile
import warnings
from pathlib import Path

import keras
import numpy as np
from keras import ops

import keras_gans
from keras_gans import backend
from keras_gans.pretrained.styles.files import read_style_file
from keras_gans.pretrained.styles.network import assign
from keras_gans.stabilizers.ada import augment
from keras_gans.stabilizers.augmentation.numbers import (
    NORMAL,
    UNIFORM,
    Numbers,
)

GATES = [1, 3, 6, 7, 9, 10, 12, 13, 14, 15, 17, 19, 20, *range(21, 27)]
"""The uniform numbers that decide whether there is a change."""

SIZES = {"channel_base": 512, "channel_max": 24}
FIRST = 4
"""Side of the first maps."""


def randomized(network):
    """Moves what starts at zero, so that it shows."""
    import torch

    tensors = [*network.named_parameters(), *network.named_buffers()]
    for name, tensor in tensors:
        ends = ("bias", "noise_strength", "w_avg")
        if name.endswith(ends):
            with torch.no_grad():
                tensor.add_(0.3 * torch.randn_like(tensor))
    return network.eval()


def numpy(x):
    """Returns a tensor of Keras as an array."""
    return ops.convert_to_numpy(ops.stop_gradient(x))


def noting_outputs(network, depth, words):
    """Returns a dictionary that takes what the layers of a network make."""
    made = {}

    def note(name):
        def hook(module, inputs, output):
            maps = output.detach().clone()  # summed up in place
            made[name] = maps.permute(0, 2, 3, 1).numpy()

        return hook

    for name, module in network.named_modules():
        if name.count(".") == depth and any(word in name for word in words):
            module.register_forward_hook(note(name))
    return made


def our_layer(theirs):
    """Returns the name of our layer that ends one of theirs, "b8.conv0"."""
    block, layer = theirs.split(".")
    i = int(math.log2(int(block[1:]) / FIRST))
    if layer == "torgb":
        return f"to_images_{i}_bias"
    return f"conv_{i}_{layer[-1]}_leaky"


def compare_generator(gan, theirs, classes):
    """Yields names, our values and theirs."""
    import torch

    rng = np.random.default_rng(0)
    z = rng.standard_normal((4, gan.latent_dim)).astype("float32")
    labels = np.arange(4) % max(classes, 1)
    one_hot = torch.eye(classes)[labels] if classes else torch.zeros(4, 0)
    synthesis = gan.generator.get_layer("synthesis")
    to_styles = keras.Model(
        gan.generator.inputs, gan.generator.get_layer("repeated").output
    )
    free = keras.Model(synthesis.input, synthesis.get_layer("clip").input)
    outputs = noting_outputs(theirs.synthesis, 1, ("conv", "torgb"))
    for psi in (0.5, 1.0):
        given = [labels] if classes else []
        styles = to_styles([z, *given, np.full(4, psi, "float32")])
        with torch.no_grad():
            images = theirs(torch.tensor(z), one_hot, psi, noise_mode="const")
        images = images.permute(0, 2, 3, 1).numpy()
        yield f"generator, truncation {psi}", numpy(free(styles)), images
    with torch.no_grad():
        yield (
            "mapping",
            numpy(styles),
            theirs.mapping(torch.tensor(z), one_hot).numpy(),
        )
    ours = keras.Model(
        synthesis.input,
        [synthesis.get_layer(our_layer(name)).output for name in outputs],
    )(styles)
    for (name, value), made in zip(outputs.items(), ours, strict=True):
        yield f"synthesis.{name}", numpy(made), value


def compare_discriminator(gan, theirs, classes):
    """Yields names, our values and theirs."""
    import torch

    rng = np.random.default_rng(1)
    x = rng.uniform(-1, 1, (8, *gan.image_shape)).astype("float32")
    labels = np.arange(8) % max(classes, 1)
    one_hot = torch.eye(classes)[labels] if classes else torch.zeros(8, 0)
    given = [ops.convert_to_tensor(labels)] if classes else []
    outputs = noting_outputs(theirs, 1, ("conv0", "fromrgb", "skip"))
    images = torch.tensor(x).permute(0, 3, 1, 2).requires_grad_()
    logits = theirs(images, one_hot)
    (slope,) = torch.autograd.grad(logits.sum(), images)

    def judge(values):
        return gan.discriminator([values, *given] if given else values)

    tensor = ops.convert_to_tensor(x)
    yield "discriminator", numpy(judge(tensor)), logits.detach().numpy()
    slope = slope.permute(0, 2, 3, 1).numpy()
    yield "dD/dx", numpy(backend.input_gradient(judge, tensor)), slope
    names = {
        name: "from_images"
        if name.endswith("fromrgb")
        else f"{name.split('.')[1].replace('conv0', 'conv')}_"
        f"{int(math.log2(int(name.split('.')[0][1:]) / FIRST))}"
        + ("_0" if name.endswith("conv0") else "")
        for name in outputs
    }
    layers = [gan.discriminator.get_layer(n).output for n in names.values()]
    ours = keras.Model(gan.discriminator.inputs, layers)
    ours = ours([tensor, *given] if given else tensor)
    for (name, value), made in zip(outputs.items(), ours, strict=True):
        # They have the gain of the sum in the branch.
        gain = math.sqrt(0.5) if name.endswith("skip") else 1.0
        yield name, gain * numpy(made), value


def compare_augmentation():
    """Yields names, images that are changed by us and by them.

    Their pipeline takes a percentile in place of each random number.
    """
    import scipy.special
    import torch
    from training.augment import AugmentPipe

    x = np.random.default_rng(0).uniform(-1, 1, (2, 48, 64, 3))
    x = x.astype("float32")
    groups = {
        "blit": ("xflip", "rotate90", "xint"),
        "geometry": ("scale", "rotate", "aniso", "xfrac"),
        "colour": ("brightness", "contrast", "lumaflip", "hue", "saturation"),
        "filter": ("imgfilter",),
        "cutout": ("cutout",),
    }
    for name, parts in groups.items():
        pipe = AugmentPipe(**dict.fromkeys(parts, 1))
        for percentile in (0.1, 0.45, 0.77, 0.97):
            images = torch.tensor(x).permute(0, 3, 1, 2)
            theirs = pipe(images, debug_percentile=percentile)
            uniform = np.full((2, UNIFORM), percentile, "float32")
            uniform[:, GATES] = -1.0
            uniform[:, 11] = 0.5  # their second rotation is none
            quantile = scipy.special.erfinv(2 * percentile - 1)
            normal = np.full((2, NORMAL), quantile, "float32")
            given = map(ops.convert_to_tensor, (uniform, normal, 1.0))
            ours = augment(ops.convert_to_tensor(x), Numbers(*given), [name])
            theirs = theirs.permute(0, 2, 3, 1).numpy()
            yield f"ADA {name} at {percentile}", numpy(ours), theirs


def report(comparisons):
    """Prints the largest differences, as shares of the largest values."""
    for name, ours, theirs in comparisons:
        share = np.abs(ours - theirs).max() / np.abs(theirs).max()
        print(f"{name:28} {share:.1e}")


def main(clone):
    """Compares all, and prints the differences."""
    import torch

    sys.path.insert(0, clone)
    warnings.filterwarnings("ignore")
    from training.networks import Discriminator, Generator

    torch.manual_seed(0)
    for classes, channels, side in ((0, 3, 32), (5, 3, 32), (0, 1, 64)):
        shared = {
            "c_dim": classes,
            "img_resolution": side,
            "img_channels": channels,
            "mapping_kwargs": {"num_layers": 3},
        }
        generator = randomized(
            Generator(z_dim=16, w_dim=20, synthesis_kwargs=SIZES, **shared)
        )
        judge = randomized(Discriminator(**SIZES, **shared))
        with tempfile.TemporaryDirectory() as folder:
            states = {"G_ema": generator.state_dict(), "D": judge.state_dict()}
            torch.save(states, Path(folder) / "network.pth")
            file = read_style_file(Path(folder) / "network.pth")
        gan = keras_gans.StyleGAN2(**file.arguments, ema_decay=None)
        assign(gan.generator, file.generator)
        assign(gan.discriminator, file.discriminator)
        print(f"\n{side}x{side}x{channels}, {classes or 'no'} classes")
        report(compare_generator(gan, generator, classes))
        report(compare_discriminator(gan, judge, classes))
    report(compare_augmentation())


if __name__ == "__main__":
    main(sys.argv[1])
