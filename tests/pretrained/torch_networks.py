"""The networks of other people's files, as PyTorch computes them.

Written from the papers' figures on state dictionaries of the files' names.
"""

import torch
from torch.nn import functional as F


def _conv(state, name, x):
    kernel = state[f"{name}.weight"]
    return F.conv2d(
        x, kernel, state[f"{name}.bias"], padding=kernel.shape[-1] // 2
    )


def _random(shapes, seed):
    generator = torch.Generator().manual_seed(seed)
    state = {}
    for name, shape in shapes.items():
        size = 0.5 / max(1, torch.Size(shape[1:]).numel()) ** 0.5
        state[name] = torch.randn(shape, generator=generator) * size
    return state


def _with_biases(shapes):
    biases = {n.replace("weight", "bias"): s[:1] for n, s in shapes.items()}
    return {**shapes, **biases}


def random_rrdb(blocks, ups, unshuffle=1, width=4, growth=2, channels=3):
    """A state dictionary of BasicSR's names."""
    shapes = {
        "conv_first.weight": (width, channels * unshuffle**2, 3, 3),
        "conv_body.weight": (width, width, 3, 3),
        "conv_hr.weight": (width, width, 3, 3),
        "conv_last.weight": (channels, width, 3, 3),
    }
    for i in range(1, ups + 1):
        shapes[f"conv_up{i}.weight"] = (width, width, 3, 3)
    for i in range(blocks):
        for j in (1, 2, 3):
            for k in (1, 2, 3, 4, 5):
                seen, out = width + (k - 1) * growth, growth if k < 5 else width
                name = f"body.{i}.rdb{j}.conv{k}.weight"
                shapes[name] = (out, seen, 3, 3)
    state = _random(_with_biases(shapes), seed=blocks + 10 * ups)
    state["conv_last.bias"] += 0.5  # images within [0, 1]
    return state


def rrdb(state, x, blocks, ups, unshuffle=1):
    """RRDBNet of images (N, C, H, W) in [0, 1]."""
    x = F.pixel_unshuffle(x, unshuffle) if unshuffle > 1 else x
    first = x = _conv(state, "conv_first", x)
    for i in range(blocks):
        y = x
        for j in (1, 2, 3):
            seen = [y]
            for k in (1, 2, 3, 4, 5):
                z = _conv(state, f"body.{i}.rdb{j}.conv{k}", torch.cat(seen, 1))
                seen.append(F.leaky_relu(z, 0.2))
            y = 0.2 * z + y
        x = 0.2 * y + x
    x = first + _conv(state, "conv_body", x)
    for i in range(1, ups + 1):
        x = F.interpolate(x, scale_factor=2, mode="nearest")
        x = F.leaky_relu(_conv(state, f"conv_up{i}", x), 0.2)
    x = F.leaky_relu(_conv(state, "conv_hr", x), 0.2)
    return _conv(state, "conv_last", x)


def random_compact(blocks, scale, width=4, channels=3):
    """A state dictionary of SRVGGNetCompact's names."""
    sizes = [channels, *[width] * (blocks + 1), channels * scale**2]
    shapes = {
        f"body.{2 * i}.weight": (sizes[i + 1], sizes[i], 3, 3)
        for i in range(blocks + 2)
    }
    shapes = _with_biases(shapes)
    for i in range(blocks + 1):
        shapes[f"body.{2 * i + 1}.weight"] = (width,)
    return _random(shapes, seed=blocks)


def compact(state, x, blocks, scale):
    """SRVGGNetCompact of images (N, C, H, W) in [0, 1]."""
    y = x
    for i in range(blocks + 1):
        y = _conv(state, f"body.{2 * i}", y)
        y = F.prelu(y, state[f"body.{2 * i + 1}.weight"])
    y = F.pixel_shuffle(_conv(state, f"body.{2 * blocks + 2}", y), scale)
    return y + F.interpolate(x, scale_factor=scale, mode="nearest")


def random_srresnet(blocks, ups, tail, width=4, channels=3):
    """A state dictionary of leftthomas' names."""
    body, end = blocks + 2, blocks + 3
    shapes = {
        "block1.0.weight": (width, channels, 9, 9),
        f"block{body}.0.weight": (width, width, 3, 3),
        f"block{end}.{ups}.weight": (channels, width, 9, 9),
    }
    for i in range(2, body):
        shapes[f"block{i}.conv1.weight"] = (width, width, 3, 3)
        shapes[f"block{i}.conv2.weight"] = (width, width, 3, 3)
    for i in range(ups):
        shapes[f"block{end}.{i}.conv.weight"] = (4 * width, width, 3, 3)
    shapes = _with_biases(shapes)
    norms = [f"block{i}.bn{k}" for i in range(2, body) for k in (1, 2)]
    norms += [f"block{body}.1"] if tail == "norm" else []
    for norm in norms:
        for part in ("weight", "bias", "running_mean", "running_var"):
            shapes[f"{norm}.{part}"] = (width,)
    slopes = ["block1.1", *(f"block{i}.prelu" for i in range(2, body))]
    slopes += [f"block{end}.{i}.prelu" for i in range(ups)]
    slopes += [f"block{body}.1"] if tail == "prelu" else []
    for slope in slopes:
        shapes[f"{slope}.weight"] = (1,)
    state = _random(shapes, seed=ups)
    for name in state:
        if name.endswith("running_var"):
            state[name] = state[name].abs() + 0.5
    return state


def srresnet(state, x, blocks, ups):
    """SRResNet of images (N, C, H, W) in [0, 1]."""

    def norm(y, name):
        mean, variance, weight, bias = (
            state[f"{name}.{part}"]
            for part in ("running_mean", "running_var", "weight", "bias")
        )
        return F.batch_norm(y, mean, variance, weight, bias)

    def prelu(y, name):
        return F.prelu(y, state[f"{name}.weight"])

    first = x = prelu(_conv(state, "block1.0", x), "block1.1")
    for i in range(2, blocks + 2):
        y = norm(_conv(state, f"block{i}.conv1", x), f"block{i}.bn1")
        y = _conv(state, f"block{i}.conv2", prelu(y, f"block{i}.prelu"))
        x = x + norm(y, f"block{i}.bn2")
    body, end = f"block{blocks + 2}", f"block{blocks + 3}"
    y = _conv(state, f"{body}.0", x)
    normed = f"{body}.1.running_mean" in state
    x = first + (norm if normed else prelu)(y, f"{body}.1")
    for i in range(ups):
        x = F.pixel_shuffle(_conv(state, f"{end}.{i}.conv", x), 2)
        x = prelu(x, f"{end}.{i}.prelu")
    return (torch.tanh(_conv(state, f"{end}.{ups}", x)) + 1) / 2


def as_esrgan(state):
    """The names of ESRGAN's code."""
    pairs = (
        ("conv_body", "trunk_conv"),
        ("body.", "RRDB_trunk."),
        (".rdb", ".RDB"),
        ("conv_up", "upconv"),
        ("conv_hr", "HRconv"),
    )
    renamed = {}
    for name, value in state.items():
        for new, old in pairs:
            name = name.replace(new, old)
        renamed[name] = value
    return renamed


def as_old_esrgan(state, blocks, ups):
    """The names of ESRGAN's first files."""
    last = 3 * ups + 4 if ups > 1 else 7
    numbers = {"conv_first": "0", "conv_body": f"1.sub.{blocks}"}
    numbers.update({f"conv_up{i}": str(3 * i) for i in range(1, ups + 1)})
    numbers.update({"conv_hr": str(last - 2), "conv_last": str(last)})
    renamed = {}
    for name, value in state.items():
        layer, part = name.rsplit(".", 1)
        if layer.startswith("body."):
            _, i, block, conv = layer.split(".")
            number = f"1.sub.{i}.{block.replace('rdb', 'RDB')}.{conv}.0"
        else:
            number = numbers[layer]
        renamed[f"model.{number}.{part}"] = value
    return renamed
