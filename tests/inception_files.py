"""Files of random weights for Inception, in the formats that people have."""

import io
import tarfile

import numpy as np

from keras_gans.pretrained.inception import build_inception
from keras_gans.pretrained.inception_formats import graph_name, torch_name


def shapes(tap="logits"):
    layers = [x for x in build_inception(tap, "zeros").layers if x.weights]
    return {layer.name: tuple(layer.kernel.shape) for layer in layers}


def random_arrays(seed=0):
    """The graph's own arrays by the graph's own names, unfolded."""
    rng = np.random.default_rng(seed)
    arrays = {}
    for layer, shape in shapes().items():
        name, out = graph_name(layer), shape[-1]
        kernel = rng.standard_normal(shape, "float32")
        kernel *= np.float32(np.sqrt(2 / np.prod(shape[:-1])))
        if layer == "softmax":
            arrays[f"{name}/weights"] = kernel
            arrays[f"{name}/biases"] = rng.standard_normal(out, "float32")
            continue
        arrays[f"{name}/conv2d_params"] = kernel
        for part, low, high in (
            ("gamma", 0.5, 1.5),
            ("beta", -0.1, 0.1),
            ("moving_mean", -0.1, 0.1),
            ("moving_variance", 0.5, 1.5),
        ):
            values = rng.uniform(low, high, out).astype("float32")
            arrays[f"{name}/batchnorm/{part}"] = values
    return arrays


def state_dict(arrays):
    """The same arrays as tensors by torchvision's names."""
    import torch

    parts = {
        "weight": "gamma",
        "bias": "beta",
        "running_mean": "moving_mean",
        "running_var": "moving_variance",
    }
    tensors = {
        "fc.weight": arrays["softmax/weights"].T,
        "fc.bias": arrays["softmax/biases"],
    }
    for layer in shapes():
        if layer == "softmax":
            continue
        graph, name = graph_name(layer), torch_name(layer)
        kernel = arrays[f"{graph}/conv2d_params"]
        tensors[f"{name}.conv.weight"] = kernel.transpose(3, 2, 0, 1)
        for part, original in parts.items():
            values = arrays[f"{graph}/batchnorm/{original}"]
            tensors[f"{name}.bn.{part}"] = values
        tensors[f"{name}.bn.num_batches_tracked"] = np.array(0)
    return {
        name: torch.from_numpy(np.ascontiguousarray(array))
        for name, array in tensors.items()
    }


def write_pth(path, arrays, **options):
    import torch

    torch.save(state_dict(arrays), path, **options)


def graph_bytes(arrays):
    """A frozen graph that holds the arrays as constants."""
    import tensorflow as tf

    graph = tf.compat.v1.GraphDef()
    graph.node.add(name="ExpandDims", op="ExpandDims")
    for name, array in arrays.items():
        node = graph.node.add(name=name, op="Const")
        node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(array))
    return graph.SerializeToString()


def write_tgz(path, graph):
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for name, data in (
            ("LICENSE", b"Apache"),
            ("classify_image_graph_def.pb", graph),
        ):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
