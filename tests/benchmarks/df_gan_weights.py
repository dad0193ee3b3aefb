"""DF-GAN's weights, from Keras's networks to those of `pytorch_df_gan.py`."""

import numpy as np


def weights_of(network, *kinds):
    """Returns the weights of layers of some kinds, in the order of making.

    Args:
        network: A Keras model, whose parts count too.
        *kinds: Names of the layers' classes.

    Returns:
        A list of arrays for each layer.
    """
    found = [
        layer
        for layer in network._flatten_layers(include_self=False)
        if type(layer).__name__ in kinds and layer.weights
    ]
    found.sort(key=number_of)
    return [layer.get_weights() for layer in found]


def number_of(layer):
    """Returns the number that Keras has put behind a layer's name."""
    last = layer.name.rpartition("_")[2]
    return int(last) if last.isdigit() else 0


def conv(weights):
    """Returns a convolution's weights as PyTorch has them."""
    kernel, *bias = weights
    return [kernel.transpose(3, 2, 0, 1), *bias]


def dense(weights):
    """Returns a dense layer's weights as PyTorch has them."""
    kernel, bias = weights
    return [kernel.T, bias]


def generator_state(painter):
    """Returns the weights of a painter, by PyTorch's names."""
    convs = iter(map(conv, weights_of(painter, "Conv2D")))
    first, *others = weights_of(painter, "Dense")
    kernel, bias = first
    places, channels = 16, kernel.shape[1] // 16
    # Maps of (H, W, C) are (C, H, W) there.
    kernel = kernel.reshape(-1, places, channels).transpose(2, 1, 0)
    bias = bias.reshape(places, channels).T
    state = put("first", [kernel.reshape(places * channels, -1), bias.ravel()])
    denses = iter(map(dense, others))
    widths = [weights[0].shape for weights in weights_of(painter, "Conv2D")]
    block = 0
    while len(widths) > 1:
        (*_, inputs, outputs) = widths[0]
        for name, fusion in (("conv1", "fuse1"), ("conv2", "fuse2")):
            state |= put(f"blocks.{block}.{name}", next(convs))
            for part in ("first", "second"):
                for what in ("scale", "offset"):
                    last, inner = next(denses), next(denses)
                    where = f"blocks.{block}.{fusion}.{part}.{what}"
                    state |= put(f"{where}.0", inner) | put(f"{where}.2", last)
        used = 2
        if inputs != outputs:
            state |= put(f"blocks.{block}.short", next(convs))
            used = 3
        widths = widths[used:]
        block += 1
    return state | put("last", next(convs))


def discriminator_state(discriminator):
    """Returns the weights of a discriminator, by PyTorch's names."""
    features = discriminator.get_layer("features")
    verdict = discriminator.get_layer("verdict")
    convs = iter(map(conv, weights_of(features, "Conv2D")))
    halvings = map(conv, weights_of(features, "DownsamplingConv2D"))
    gains = weights_of(features, "LearnedGain")
    state = put("first", next(convs))
    wide = state["first.weight"].shape[0]
    for block, (halving, (gain,)) in enumerate(
        zip(halvings, gains, strict=True)
    ):
        where = f"blocks.{block}"
        state |= put(f"{where}.conv1", halving)
        state |= put(f"{where}.conv2", next(convs))
        state[f"{where}.gain"] = gain.reshape(1)
        if halving[0].shape[0] != wide:
            state |= put(f"{where}.short", next(convs))
        wide = halving[0].shape[0]
    (joint,) = weights_of(verdict, "Conv2D")
    ((last,),) = weights_of(verdict, "Dense")
    state |= put("joint", conv(joint))
    return state | put("verdict", conv([last.reshape(4, 4, -1, 1)]))


def put(name, weights):
    """Returns a layer's weight, and its bias where it has one, by name."""
    names = (f"{name}.weight", f"{name}.bias")
    return dict(zip(names, map(np.ascontiguousarray, weights), strict=False))
