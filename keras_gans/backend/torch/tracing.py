import contextlib
import functools

import keras
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from keras_gans.backend.torch.training import adapt_train_step

_path: list[str] = []


@contextlib.contextmanager
def scope(name):
    """Returns a scope whose name the paths of its products hold."""
    _path.append(name)
    try:
        yield
    finally:
        _path.pop()


def step_of(gan):
    """Returns a GAN's train step, as a function of a batch by name."""
    step = adapt_train_step(gan, functools.partial(type(gan).train_step, gan))
    return lambda batch: step((batch,))


def products(fn, *arrays):
    """Yields the path and the FLOPs of each product that `fn` computes."""
    with Products() as products:
        fn(*keras.tree.map_structure(keras.ops.convert_to_tensor, arrays))
    yield from products.found


class Products(TorchDispatchMode):
    """Counts by PyTorch's own formulas.

    Its `FlopCounterMode` does so too, but its hooks on modules do not bear
    the gradient of a gradient with respect to images.
    """

    def __init__(self):
        super().__init__()
        self.found = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        """Runs an operation and counts it."""
        out = func(*args, **(kwargs or {}))
        count = flop_registry.get(func._overloadpacket)
        if count is not None:
            flops = float(count(*args, **(kwargs or {}), out_val=out))
            self.found.append(("/".join(_path), flops))
        return out
