"""StyleGAN2 in NumPy, by the names of stylegan2-ada-pytorch's tensors.

It is written from the papers, an image and a layer at a time, and shares no
code with the package.
"""

import numpy as np
import scipy.signal

FILTER = np.outer([1, 3, 3, 1], [1, 3, 3, 1]) / 64.0
LATENTS, STYLE, CLASSES = 5, 6, 3
CHANNELS = {4: 7, 8: 7, 16: 4}
IMAGE = 3


def _dense(state, name, inputs, outputs, rng, lr=1.0, bias=0.0):
    state[f"{name}.weight"] = rng.standard_normal((outputs, inputs)) / lr
    noise = rng.standard_normal(outputs)
    state[f"{name}.bias"] = bias + 0.3 * noise / lr


def _conv(state, name, inputs, outputs, size, rng, bias=True):
    shape = (outputs, inputs, size, size)
    state[f"{name}.weight"] = rng.standard_normal(shape)
    if bias:
        state[f"{name}.bias"] = 0.3 * rng.standard_normal(outputs)


def _mapping(state, latents, style, classes, rng):
    if classes:
        _dense(state, "mapping.embed", classes, style, rng)
    inputs = latents + (style if classes else 0)
    for i in range(2):
        _dense(state, f"mapping.fc{i}", inputs, style, rng, lr=0.01)
        inputs = style


def random_generator(classes=0, seed=0):
    """Returns a random state dictionary of a generator of 16x16."""
    rng = np.random.default_rng(seed)
    state = {}
    _mapping(state, LATENTS, STYLE, classes, rng)
    state["mapping.w_avg"] = rng.standard_normal(STYLE)
    before = None
    for size, channels in CHANNELS.items():
        block = f"synthesis.b{size}"
        state[f"{block}.resample_filter"] = FILTER
        if before is None:
            state[f"{block}.const"] = rng.standard_normal((channels, 4, 4))
        else:
            _styled(state, f"{block}.conv0", before, channels, size, rng)
        _styled(state, f"{block}.conv1", channels, channels, size, rng)
        _conv(state, f"{block}.torgb", channels, IMAGE, 1, rng)
        _dense(state, f"{block}.torgb.affine", STYLE, channels, rng, bias=1.0)
        before = channels
    return {name: np.float32(value) for name, value in state.items()}


def _styled(state, name, inputs, outputs, size, rng):
    _conv(state, name, inputs, outputs, 3, rng)
    _dense(state, f"{name}.affine", STYLE, inputs, rng, bias=1.0)
    state[f"{name}.noise_strength"] = rng.standard_normal(())
    state[f"{name}.noise_const"] = rng.standard_normal((size, size))


def random_discriminator(classes=0, seed=1):
    """Returns a random state dictionary of a discriminator of 16x16."""
    rng = np.random.default_rng(seed)
    state = {}
    _conv(state, "b16.fromrgb", IMAGE, CHANNELS[16], 1, rng)
    for size in (16, 8):
        inputs, outputs = CHANNELS[size], CHANNELS[size // 2]
        _conv(state, f"b{size}.conv0", inputs, inputs, 3, rng)
        _conv(state, f"b{size}.conv1", inputs, outputs, 3, rng)
        _conv(state, f"b{size}.skip", inputs, outputs, 1, rng, bias=False)
    wide = CHANNELS[4]
    _conv(state, "b4.conv", wide + 1, wide, 3, rng)
    _dense(state, "b4.fc", wide * 16, wide, rng)
    _dense(state, "b4.out", wide, wide if classes else 1, rng)
    if classes:
        _mapping(state, 0, wide, classes, rng)
    return {name: np.float32(value) for name, value in state.items()}


def leaky(x):
    return np.sqrt(2.0) * np.where(x > 0, x, 0.2 * x)


def normal(x):
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-8)


def dense(state, name, x, lr=1.0):
    kernel = state[f"{name}.weight"].astype("float64")
    bias = state[f"{name}.bias"]
    return x @ kernel.T * lr / np.sqrt(kernel.shape[1]) + lr * bias


def styles_of(state, z, labels=None):
    """Returns w of latents (N, LATENTS), which may be None, and labels."""
    parts = [] if z is None else [normal(z)]
    if labels is not None:
        one_hot = np.eye(CLASSES)[labels]
        parts.append(normal(dense(state, "mapping.embed", one_hot)))
    w = np.concatenate(parts, -1)
    for i in range(2):
        w = leaky(dense(state, f"mapping.fc{i}", w, 0.01))
    return w


def conv(maps, kernel, mode="plain"):
    """Convolves maps (C, H, W) by a kernel (out, C, side, side)."""
    made = []
    for filters in kernel.astype("float64"):
        total = 0.0
        for image, taps in zip(maps, filters, strict=True):
            if mode == "up":
                spread = np.zeros([2 * side for side in image.shape])
                spread[::2, ::2] = image
                full = scipy.signal.convolve2d(spread, taps)
                full = scipy.signal.convolve2d(full, 4 * FILTER)
                total += full[2:, 2:][: len(spread), : len(spread)]
            elif mode == "down":
                reach = len(taps) // 2 + 1
                smooth = np.pad(image, reach)
                smooth = scipy.signal.convolve2d(smooth, FILTER, "valid")
                full = scipy.signal.correlate2d(smooth, taps, "valid")
                total += full[::2, ::2]
            else:
                padded = np.pad(image, len(taps) // 2)
                total += scipy.signal.correlate2d(padded, taps, "valid")
        made.append(total)
    return np.array(made)


def modulated(state, name, maps, w, mode="plain", demodulate=True):
    kernel = state[f"{name}.weight"].astype("float64")
    kernel = kernel / np.sqrt(np.prod(kernel.shape[1:]))
    kernel = kernel * dense(state, f"{name}.affine", w)[:, None, None]
    if demodulate:
        root = np.sqrt((kernel**2).sum((1, 2, 3), keepdims=True) + 1e-8)
        kernel = kernel / root
    return conv(maps, kernel, mode)


def generate(state, w):
    """Returns the images (N, H, W, C) of styles (N, STYLE), not clipped."""
    return np.stack([_image(state, style) for style in w])


def _image(state, w):
    def styled(name, maps, mode="plain"):
        maps = modulated(state, name, maps, w, mode)
        strength = state[f"{name}.noise_strength"]
        maps = maps + strength * state[f"{name}.noise_const"]
        return leaky(maps + state[f"{name}.bias"][:, None, None])

    x = image = None
    for size in CHANNELS:
        block = f"synthesis.b{size}"
        if x is None:
            x = state[f"{block}.const"].astype("float64")
        else:
            x = styled(f"{block}.conv0", x, "up")
        x = styled(f"{block}.conv1", x)
        y = modulated(state, f"{block}.torgb", x, w, demodulate=False)
        y = y + state[f"{block}.torgb.bias"][:, None, None]
        if image is not None:
            y = y + _doubled(image, y.shape[1:])
        image = y
    return np.transpose(image, (1, 2, 0))


def _doubled(maps, size):
    made = []
    for image in maps:
        spread = np.zeros(size)
        spread[::2, ::2] = image
        full = scipy.signal.convolve2d(spread, 4 * FILTER)
        made.append(full[1 : 1 + size[0], 1 : 1 + size[1]])
    return np.array(made)


def judge(state, images, labels=None):
    """Returns the logits (N, 1) of images (N, H, W, C), N at most 4."""
    maps = np.stack([_features(state, image) for image in images])
    spread = np.sqrt(maps.var(0) + 1e-8).mean()
    more = np.full_like(maps[:, :1], spread)
    made = []
    for x in np.concatenate([maps, more], axis=1):
        x = _biased(state, "b4.conv", x)
        x = leaky(dense(state, "b4.fc", x.ravel()))
        made.append(dense(state, "b4.out", x))
    made = np.array(made)
    if labels is None:
        return made
    mapped = styles_of(state, None, labels)
    return (made * mapped).sum(1, keepdims=True) / np.sqrt(made.shape[1])


def _biased(state, name, x, mode="plain"):
    kernel = state[f"{name}.weight"].astype("float64")
    kernel = kernel / np.sqrt(np.prod(kernel.shape[1:]))
    return leaky(conv(x, kernel, mode) + state[f"{name}.bias"][:, None, None])


def _features(state, image):
    x = _biased(state, "b16.fromrgb", np.transpose(image, (2, 0, 1)))
    for size in (16, 8):
        kernel = state[f"b{size}.skip.weight"].astype("float64")
        skip = conv(x, kernel / np.sqrt(kernel.shape[1]), "down")
        x = _biased(state, f"b{size}.conv0", x)
        x = _biased(state, f"b{size}.conv1", x, "down")
        x = (x + skip) * np.sqrt(0.5)
    return x


def renamed_generator(state):
    """Returns a generator without classes by rosinality's names."""
    names = {"input.input": state["synthesis.b4.const"][None]}
    for i in range(2):
        for part in ("weight", "bias"):
            names[f"style.{i + 1}.{part}"] = state[f"mapping.fc{i}.{part}"]
    convs = ["b4.conv1"]
    convs += [f"b{s}.conv{j}" for s in (8, 16) for j in (0, 1)]
    for i, theirs in enumerate(convs):
        name = f"convs.{i - 1}" if i else "conv1"
        _rename(names, name, state, f"synthesis.{theirs}")
        strength = state[f"synthesis.{theirs}.noise_strength"]
        names[f"{name}.noise.weight"] = strength.reshape(1)
        noise = state[f"synthesis.{theirs}.noise_const"]
        names[f"noises.noise_{i}"] = noise[None, None]
        names[f"{name}.activate.bias"] = state[f"synthesis.{theirs}.bias"]
    for i, size in enumerate(CHANNELS):
        name = f"to_rgbs.{i - 1}" if i else "to_rgb1"
        _rename(names, name, state, f"synthesis.b{size}.torgb")
        bias = state[f"synthesis.b{size}.torgb.bias"]
        names[f"{name}.bias"] = bias.reshape(1, -1, 1, 1)
    return names


def _rename(names, name, state, theirs):
    names[f"{name}.conv.weight"] = state[f"{theirs}.weight"][None]
    for part in ("weight", "bias"):
        value = state[f"{theirs}.affine.{part}"]
        names[f"{name}.conv.modulation.{part}"] = value


def renamed_discriminator(state):
    """Returns a discriminator without classes by rosinality's names."""
    names = {
        "convs.0.0.weight": state["b16.fromrgb.weight"],
        "convs.0.1.bias": state["b16.fromrgb.bias"],
        "final_conv.0.weight": state["b4.conv.weight"],
        "final_conv.1.bias": state["b4.conv.bias"],
    }
    for i, size in ((1, 16), (2, 8)):
        names[f"convs.{i}.conv1.0.weight"] = state[f"b{size}.conv0.weight"]
        names[f"convs.{i}.conv1.1.bias"] = state[f"b{size}.conv0.bias"]
        names[f"convs.{i}.conv2.0.kernel"] = FILTER
        names[f"convs.{i}.conv2.1.weight"] = state[f"b{size}.conv1.weight"]
        names[f"convs.{i}.conv2.2.bias"] = state[f"b{size}.conv1.bias"]
        names[f"convs.{i}.skip.0.kernel"] = FILTER
        names[f"convs.{i}.skip.1.weight"] = state[f"b{size}.skip.weight"]
    for j, theirs in enumerate(("b4.fc", "b4.out")):
        for part in ("weight", "bias"):
            names[f"final_linear.{j}.{part}"] = state[f"{theirs}.{part}"]
    return names
