import torch


def minimize(loss_fn, optimizer, variables):
    """Takes one step of `optimizer` down the gradient of `loss_fn()`."""
    loss = loss_fn()
    gradients = torch.autograd.grad(
        optimizer.scale_loss(loss),
        [v.value for v in variables],
        allow_unused=True,
        materialize_grads=True,
    )
    with torch.no_grad():
        optimizer.apply(gradients, variables)
    return loss.detach()


def input_gradient(fn, x):
    """Returns d sum(fn(x)) / d x, itself differentiable."""
    x = x.detach().requires_grad_() if not x.requires_grad else x
    (gradient,) = torch.autograd.grad(fn(x).sum(), x, create_graph=True)
    return gradient


def adapt_train_step(model, train_step):
    """Returns `train_step(data) -> logs`, which is what `fit` calls."""
    return train_step
