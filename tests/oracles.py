"""Other people's libraries to hold the metrics against, made to run offline.

They download weights where they are constructed; here their networks get the
weights that we compute with.
"""

import functools
import importlib
import os
from unittest import mock


@functools.cache
def _define_torchvision_operators():
    """Lets a torchvision import whose compiled part is for another torch.

    It is installed without its dependencies, so as not to replace torch; only
    its Python code is used.
    """
    import torch

    library = torch.library.Library("torchvision", "DEF")
    for operator in ("nms", "qnms"):
        library.define(
            f"{operator}(Tensor dets, Tensor scores, float iou_threshold)"
            " -> Tensor"
        )
    return library  # Its operators live as long as it does.


def import_oracle(name):
    """Imports one of the libraries of the extra `[oracles]`.

    Raises:
        ImportError: Where it is not installed.
    """
    import torch  # noqa: F401

    try:
        import torchvision  # noqa: F401
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
        _define_torchvision_operators()
    return importlib.import_module(name)


def oracle(name):
    """Imports an oracle, or skips the test with the reason.

    With `ORACLES=required` in the environment the test fails instead.
    """
    import pytest

    try:
        return import_oracle(name)
    except ImportError as error:
        if os.environ.get("ORACLES") == "required":
            raise
        pytest.skip(f'{error}: pip install "keras-gans[oracles]"')


BLOCKS = {
    **dict.fromkeys(("mixed", "mixed_1", "mixed_2"), ("5x5", "3x3dbl")),
    "mixed_3": ("3x3dbl",),
    **{f"mixed_{i}": ("7x7", "7x7dbl") for i in (4, 5, 6, 7)},
    "mixed_8": ("3x3", "7x7x3"),
}
"""The towers of each block, in the order of the 2015 graph."""


def layer_names():
    """Maps the layers of the 2015 graph, up to mixed_8, to torchvision's."""
    stem = ("1a_3x3", "2a_3x3", "2b_3x3", "3b_1x1", "4a_3x3")
    names = {"conv": f"Conv2d_{stem[0]}"}
    names |= {f"conv_{i}": f"Conv2d_{stem[i]}" for i in range(1, 5)}
    letters = ("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a")
    for (block, towers), letter in zip(BLOCKS.items(), letters, strict=True):
        single = "3x3" if block == "mixed_3" else "1x1"
        names[f"{block}_conv"] = f"Mixed_{letter}.branch{single}"
        for i, tower in enumerate(towers):
            prefix = f"{block}_tower_{i}" if i else f"{block}_tower"
            for j in range(5):
                name = f"{prefix}_conv_{j}" if j else f"{prefix}_conv"
                names[name] = f"Mixed_{letter}.branch{tower}_{j + 1}"
        names[f"{block}_tower_2_conv"] = f"Mixed_{letter}.branch_pool"
    return names


def set_weights(network, weights):
    """Gives a torchvision-like Inception the folded weights of an npz file.

    Args:
        network: A module with torchvision's names, for instance
            `FeatureExtractorInceptionV3` of torch-fidelity.
        weights: The opened file, `<layer>/weight_flat_OHWI`, `<layer>/bias`.
    """
    import torch

    names = layer_names()
    for key in weights:
        layer, _, part = key.partition("/")
        if part != "bias":
            continue
        module = network.get_submodule(names[layer])
        out, within, height, width = module.conv.weight.shape
        kernel = weights[f"{layer}/weight_flat_OHWI"]
        kernel = kernel.reshape(out, height, width, within)
        with torch.no_grad():
            kernel = torch.from_numpy(kernel).permute(0, 3, 1, 2)
            module.conv.weight.copy_(kernel)
            module.bn.weight.fill_(1.0)
            module.bn.bias.copy_(torch.from_numpy(weights[key]))
            module.bn.running_mean.zero_()
            # The square root is taken of this plus epsilon.
            module.bn.running_var.fill_(1.0 - module.bn.eps)


def bare(module, make):
    """Makes a network of one of the libraries without its download."""
    import torch

    download = f"{module}.load_state_dict_from_url"
    with (
        mock.patch(download, return_value={}),
        mock.patch.object(torch.nn.Module, "load_state_dict"),
    ):
        return make()


def torch_fidelity_network(weights, dims=768):
    """Returns torch-fidelity's extractor with the given weights."""
    module = "torch_fidelity.feature_extractor_inceptionv3"
    make = import_oracle(module).FeatureExtractorInceptionV3
    network = bare(module, lambda: make("inception-v3-compat", [str(dims)]))
    set_weights(network, weights)
    return network.eval()


def pytorch_fid_network(weights, dims=768, library="pytorch_fid.inception"):
    """Returns pytorch-fid's network, or clean-fid's, with given weights."""
    module = import_oracle(library)
    inception = bare(library, module.fid_inception_v3)
    set_weights(inception, weights)
    block = module.InceptionV3.BLOCK_INDEX_BY_DIM[dims]
    with mock.patch(f"{library}.fid_inception_v3", return_value=inception):
        return module.InceptionV3([block]).eval()


def clean_fid_extractor(weights, dims=768):
    """Returns a feature extractor for clean-fid's modes but legacy_pytorch.

    Its own is the whole network as TorchScript, which ends in 2048. This one
    gets what that one gets, images of 299x299 in [0, 255], scales them as
    `cleanfid.inception_torchscript` does, and ends earlier.
    """
    import torch

    network = torch_fidelity_network(weights, dims)
    same = "torch_fidelity.feature_extractor_inceptionv3"
    resize = f"{same}.interpolate_bilinear_2d_like_tensorflow1x"

    def extract(images):
        assert images.shape[2:] == (299, 299)
        # It asks for bytes, and would resize them.
        bytes_ = torch.zeros_like(images, dtype=torch.uint8)
        with mock.patch(resize, side_effect=lambda x, **_: images):
            return network(bytes_)[0]

    return extract
