"""Penalties on players: of their gradients with respect to images, of weights.

The critic is a function from images (N, H, W, C) to one logit each. It must
not hold batch norm: a penalty is about each image by itself.
"""

from collections.abc import Callable, Iterable
from typing import Any

from keras import ops, tree

from keras_gans import backend


def squared_norms(gradient: Any) -> Any:
    """Returns the squared norm of each row of a gradient, float32 (N,).

    Args:
        gradient: A tensor (N, ...), or several, whose squares add up.
    """
    total: Any = 0.0
    for part in tree.flatten(gradient):
        part = ops.reshape(ops.cast(part, "float32"), (ops.shape(part)[0], -1))
        total = total + ops.sum(ops.square(part), -1)
    return total


def squared_gradient_norms(critic: Callable, images: Any) -> Any:
    """Returns |d critic(x) / d x|^2 of each image, (N,), differentiable."""
    return squared_norms(backend.input_gradient(critic, images))


def gradient_penalty(critic: Callable, real: Any, fake: Any, share: Any) -> Any:
    """E[(|d f(x) / d x| - 1)^2] between fakes and real images.

    Gulrajani et al. 2017, equation 3, without its factor lambda.

    Args:
        critic: From images to logits.
        real: Real images (N, H, W, C).
        fake: As many generated ones; no gradient flows into them.
        share: The paper's epsilon, U(0, 1), (N, 1, 1, 1): x = share real +
            (1 - share) fake.

    Returns:
        A scalar.
    """
    between = ops.stop_gradient(fake + share * (real - fake))
    # Within the root, whose own gradient at zero is infinite.
    norms = ops.sqrt(squared_gradient_norms(critic, between) + 1e-12)
    return ops.mean(ops.square(norms - 1.0))


def zero_centred_penalty(critic: Callable, images: Any) -> Any:
    """E[|d D(x) / d x|^2] / 2: R1 at real images, R2 at generated ones.

    Mescheder et al. 2018, equations 9 and 10, without their factor gamma.

    Args:
        critic: From images to logits.
        images: (N, H, W, C); no gradient flows into them.

    Returns:
        A scalar.
    """
    images = ops.stop_gradient(images)
    return 0.5 * ops.mean(squared_gradient_norms(critic, images))


def orthogonal_penalty(kernels: Iterable[Any]) -> Any:
    """Sum over kernels of |W^T W * (1 - I)|^2, Brock et al. 2019, equation 3.

    The columns of W, one for each output, are to be orthogonal; their lengths
    are free. Without its factor beta.

    Args:
        kernels: Tensors (..., outputs).

    Returns:
        A scalar.
    """
    total = 0.0
    for kernel in kernels:
        matrix = ops.cast(kernel, "float32")
        matrix = ops.reshape(matrix, (-1, kernel.shape[-1]))
        products = ops.matmul(ops.transpose(matrix), matrix)
        apart = products * (1.0 - ops.eye(kernel.shape[-1]))
        total = total + ops.sum(ops.square(apart))
    return total
