"""Penalties, as pure functions: on a critic's gradients, and on weights.

A penalty on gradients takes the critic as a function from images (N, H, W, C)
to one logit for each. The critic must have no batch norm, with which the
gradient at one image would depend on the others.
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


def norm_penalty(gradient: Any, one_sided: bool = False) -> Any:
    """Returns E[(|gradient| - 1)^2].

    Args:
        gradient: A tensor (N, ...), or several, whose squares add up.
        one_sided: Whether norms below 1 are free.
    """
    # Inside the root, whose own gradient at zero is infinite.
    excess = ops.sqrt(squared_norms(gradient) + 1e-12) - 1.0
    if one_sided:
        excess = ops.relu(excess)
    return ops.mean(ops.square(excess))


def squared_gradient_norms(critic: Callable, images: Any) -> Any:
    """Returns |d critic(x) / d x|^2 of each image, (N,), differentiable."""
    return squared_norms(backend.input_gradient(critic, images))


def gradient_penalty(critic: Callable, real: Any, fake: Any, share: Any) -> Any:
    """E[(|d f(x) / d x| - 1)^2] between generated and real images.

    Gulrajani et al. 2017, equation 3, without the factor lambda.

    Args:
        critic: Function from images to logits.
        real: Real images (N, H, W, C).
        fake: Generated images (N, H, W, C); no gradient flows into them.
        share: The paper's epsilon, drawn from U(0, 1), (N, 1, 1, 1): the
            penalty is taken at x = share * real + (1 - share) * fake.

    Returns:
        A scalar.
    """
    between = ops.stop_gradient(fake + share * (real - fake))
    return norm_penalty(backend.input_gradient(critic, between))


def zero_centred_penalty(critic: Callable, images: Any) -> Any:
    """E[|d D(x) / d x|^2] / 2: R1 at real images, R2 at generated ones.

    Mescheder et al. 2018, equations 9 and 10, without the factor gamma.

    Args:
        critic: Function from images to logits.
        images: Images (N, H, W, C); no gradient flows into them.

    Returns:
        A scalar.
    """
    images = ops.stop_gradient(images)
    return 0.5 * ops.mean(squared_gradient_norms(critic, images))


def orthogonal_penalty(kernels: Iterable[Any]) -> Any:
    """Sum over kernels of |W^T W * (1 - I)|^2, Brock et al. 2019, equation 3.

    It is zero where the columns of W, one for each output, are orthogonal,
    whatever their lengths. The paper's factor beta is left out.

    Args:
        kernels: Kernels (..., outputs).

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
